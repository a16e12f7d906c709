"""What to do about a matrix: one plain sentence for each kind of trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pip_archguard.model.coverage import Cell, Cover, Coverage
from pip_archguard.reports.matrix_rows import Row, failures
from pip_archguard.reports.matrix_words import is_warned
from pip_archguard.reports.wording import tick

_MOST_NAMES = 5


def advice(coverage: Coverage, rows: tuple[Row, ...]) -> Iterator[str]:
    """Yield what to do, the weightiest first; nothing where all is well."""
    failed = [label for label, _ in failures(coverage)]
    if failed:
        yield (
            f"pip finds no set of packages for {_and(failed)}: change the requirements, or leave "
            f"{_one(failed, 'this target', 'these targets')} out"
        )
    stuck = _where(rows, _is_stuck)
    if rescued := [n for n in _projects(rows, Cover.MISLABELLED) if n not in stuck]:
        yield (
            f"install with `pip-archguard install`: of {_names(rescued)}, plain pip takes wheels "
            "that cannot load, and the guard takes what the details name"
        )
    if stuck:
        yield (
            f"nothing loads in the place of {_names(stuck)}: try another version, ask for a "
            "wheel, or use an x86_64 environment on a Mac (`pip-archguard route conda`)"
        )
    if names := _projects(rows, Cover.NOTHING):
        yield (
            f"there is nothing to install of {_names(names)} on some targets: try another "
            "version or another Python, or leave it out there by an environment marker"
        )
    if names := _projects(rows, Cover.UNKNOWN):
        yield f"{_names(names)} could not be judged: the details say why"
    yield from _about_builds(rows)
    if names := _where(rows, is_warned):
        loads = _one(names, "loads", "load")
        yield f"{_names(names)} {loads} with a warning: read it in the details, and test there"


def _about_builds(rows: tuple[Row, ...]) -> Iterator[str]:
    if names := _projects(rows, Cover.BUILD):
        yield (
            f"{_names(names)} will be built from source: have a compiler and all libraries for "
            "that, or choose a version that has a wheel"
        )
    if names := _where(rows, lambda cell: not cell.dependencies_known):
        needs = _one(names, "needs is known only once it is", "need is known only once they are")
        yield (
            f"what {_names(names)} {needs} built, so packages may be missing here: lock the "
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


def _names(projects: Iterable[str]) -> str:
    names = [*map(tick, projects)]
    more = len(names) - _MOST_NAMES
    return _and([*names[:_MOST_NAMES], f"{more} more"] if more > 0 else names)


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if names[1:] else names[0]


def _one(names: list[str], singular: str, plural: str) -> str:
    return plural if names[1:] else singular
