"""What to do about a matrix: one plain sentence for each kind of trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pip_archguard.model.coverage import Cell, Cover, Coverage
from pip_archguard.reports.matrix_rows import Row, failures
from pip_archguard.reports.matrix_words import is_warned, joined, listed


def advice(coverage: Coverage, rows: tuple[Row, ...]) -> Iterator[str]:
    """Yield what to do, the weightiest first; nothing where all is well."""
    failed = [label for label, _ in failures(coverage)]
    if failed:
        yield (
            f"pip finds no set of packages for {joined(failed)}: change the requirements, or leave "
            f"{_one(failed, 'this target', 'these targets')} out"
        )
    stuck = _where(rows, _is_stuck)
    if rescued := [n for n in _projects(rows, Cover.MISLABELLED) if n not in stuck]:
        yield (
            f"install with `pip-archguard install`: of {listed(rescued)}, plain pip takes wheels "
            "that cannot load, and the guard takes what the details name"
        )
    if stuck:
        yield (
            f"nothing loads in the place of {listed(stuck)}: try another version, ask for a "
            "wheel, or use an x86_64 environment on a Mac (`pip-archguard route conda`)"
        )
    if names := _projects(rows, Cover.NOTHING):
        yield (
            f"there is nothing to install of {listed(names)} on some targets: try another "
            "version or another Python, or leave it out there by an environment marker"
        )
    if names := _projects(rows, Cover.UNKNOWN):
        yield f"{listed(names)} could not be judged: the details say why"
    yield from _about_builds(rows)
    if names := _where(rows, is_warned):
        loads = _one(names, "loads", "load")
        yield f"{listed(names)} {loads} with a warning: read it in the details, and test there"


def _about_builds(rows: tuple[Row, ...]) -> Iterator[str]:
    if names := _projects(rows, Cover.BUILD):
        yield (
            f"{listed(names)} will be built from source: have a compiler and all libraries for "
            "that, or choose a version that has a wheel"
        )
    if names := _where(rows, lambda cell: not cell.dependencies_known):
        needs = _one(names, "needs is known only once it is", "need is known only once they are")
        yield (
            f"what {listed(names)} {needs} built, so packages may be missing here: lock the "
            "requirements where that works, and ask for the lock file"
        )


def _projects(rows: tuple[Row, ...], cover: Cover) -> list[str]:
    return _where(rows, lambda cell: cell.cover is cover)


def _is_stuck(cell: Cell) -> bool:
    """Whether a target cannot get it at all, guard or not."""
    lost = (None, Cover.NOTHING, Cover.MISLABELLED, Cover.NOT_NEEDED, Cover.UNKNOWN)
    return cell.cover is Cover.MISLABELLED and cell.instead in lost


def _where(rows: tuple[Row, ...], wanted: Callable[[Cell], bool]) -> list[str]:
    return [row.project for row in rows if any(map(wanted, row.judged))]


def _one(names: list[str], singular: str, plural: str) -> str:
    return plural if names[1:] else singular
