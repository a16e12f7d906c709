"""The rows of the matrix: the packages, worst first, and what to tell of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pip_archguard.model.coverage import Cell, Column, Cover, Coverage
from pip_archguard.model.reason import Severity
from pip_archguard.reports.matrix_words import (
    TROUBLES,
    WORST_FIRST,
    counted,
    is_warned,
    label_of,
    listed,
    many,
    name_of,
    needs_attention,
    releases_of,
)
from pip_archguard.reports.reasons import because
from pip_archguard.reports.wording import tick, visible

_MOST_FINDINGS = 3
"""How many findings of one cell are told in prose; JSON has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One package on every target, in the order of the columns."""

    project: str
    cells: tuple[Cell, ...]
    columns: tuple[Column, ...]

    @property
    def judged(self) -> tuple[Cell, ...]:
        """The cells of targets that pip could resolve, or whatever is known of the others."""
        known = zip(self.cells, self.columns, strict=True)
        return tuple(cell for cell, column in known if not column.failure or cell in column.cells)

    @property
    def worst(self) -> Cover:
        """The worst that any target gets."""
        return min((cell.cover for cell in self.judged), key=WORST_FIRST.index)

    @property
    def needs_attention(self) -> bool:
        """Whether someone should look at it on any target."""
        return any(map(needs_attention, self.judged))

    @property
    def release(self) -> str:
        """The release, where all targets take the same."""
        releases = releases_of(self.cells)
        return releases[0] if len(releases) == 1 else ""


def rows_of(coverage: Coverage) -> tuple[Row, ...]:
    """Return a row for each package: the worst first, then by name."""
    by_column = [{cell.project: cell for cell in column.cells} for column in coverage.columns]
    rows = [
        Row(
            project=project,
            cells=tuple(
                known.get(project) or column.cell(project)
                for known, column in zip(by_column, coverage.columns, strict=True)
            ),
            columns=coverage.columns,
        )
        for project in coverage.projects
    ]
    return tuple(sorted(rows, key=_badness))


def _badness(row: Row) -> tuple[object, ...]:
    """Sort by how bad the worst is, what it has beside, and how many targets it concerns."""
    ranks = Counter(WORST_FIRST.index(cell.cover) for cell in row.judged)
    worst = min(ranks)
    return worst, not row.needs_attention, -ranks[worst], row.project


def told(row: Row) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what needs attention in a row, with the targets that it is the same for."""
    same: dict[tuple[str, ...], list[str]] = {}
    for cell, column in zip(row.cells, row.columns, strict=True):
        if needs_attention(cell) and (not column.failure or cell in column.cells):
            same.setdefault(sentences(cell), []).append(column.target.id)
    for lines, ids in same.items():
        yield f"{', '.join(map(tick, ids))}", lines


def sentences(cell: Cell) -> tuple[str, ...]:
    """Say what a target takes, what was found in it, and what the guard would take."""
    return tuple(_sentences(cell))


def _sentences(cell: Cell) -> Iterator[str]:
    file = (
        tick(cell.filename)
        if cell.filename
        else f"{tick(cell.project)} {visible(cell.release)}".strip()
    )
    yield f"{name_of(cell.cover)}: {_statement(cell, file)}"
    findings = [f for f in cell.findings if f.severity is not Severity.INFO]
    for finding in findings[:_MOST_FINDINGS]:
        yield f"{finding.severity.value}: {finding.reason.value}: {because(finding)}"
    if len(findings) > _MOST_FINDINGS:
        yield f"and {many(len(findings) - _MOST_FINDINGS, 'finding')} more"
    if cell.cover is Cover.MISLABELLED:
        yield f"the guard {instead(cell)}"
    if not cell.dependencies_known:
        yield "what it needs is known only once it is built: packages may be missing here"
    if cell.note:
        yield f"note: {_prose(cell.note)}"
    if cell.required_by:
        yield f"required by {listed(cell.required_by)}"


def _statement(cell: Cell, file: str) -> str:
    match cell.cover:
        case Cover.LOADS if is_warned(cell):
            return f"{file} loads, with a warning"
        case Cover.LOADS:
            return f"{file} loads"
        case Cover.UNIVERSAL2:
            return f"{file} loads, as it is for both kinds of Mac"
        case Cover.CLAIMED:
            return f"{file} is for this system by its name; to look into it would take too much"
        case Cover.BUILD:
            return f"pip builds {file} from source"
        case Cover.MISLABELLED:
            return f"pip takes {file}, which cannot load"
        case Cover.NOTHING:
            return f"there is neither a wheel nor a source of {tick(cell.project)}"
        case Cover.UNKNOWN:
            return f"{file} could not be judged"
        case Cover.NOT_NEEDED:
            return f"{tick(cell.project)} is not needed on this target"


def instead(cell: Cell) -> str:
    """Say how the guard would get the package where the wheel is mislabelled."""
    file = tick(cell.instead_filename) if cell.instead_filename else ""
    release = visible(cell.instead_release)
    other = (
        f" ({release}, another version)" if cell.instead_release not in ("", cell.release) else ""
    )
    match cell.instead:
        case Cover.LOADS | Cover.UNIVERSAL2 | Cover.CLAIMED:
            return f"would take {file or 'another wheel'}{other} instead"
        case Cover.BUILD:
            return f"would build {file or 'its source'}{other} instead"
        case None | Cover.NOTHING | Cover.MISLABELLED | Cover.NOT_NEEDED:
            return "would stop: there is nothing to take instead"
        case Cover.UNKNOWN:
            return f"may find something to take instead, which could not be told{other}"


def _prose(text: str) -> str:
    """Return a clause that the engine has for us, on one line."""
    return visible(" ".join(text.split()))


def failures(coverage: Coverage) -> Iterator[tuple[str, str]]:
    """Yield the targets that pip could not resolve, and why."""
    for column in coverage.columns:
        if column.failure:
            yield label_of(column.target), _prose(column.failure)


def counts(rows: tuple[Row, ...]) -> dict[Cover, int]:
    """Return for each state how many packages have it on some target, the worst first."""
    found = dict.fromkeys(WORST_FIRST, 0)
    for row in rows:
        for cover in {cell.cover for cell in row.judged}:
            found[cover] += 1
    return found


def summary(coverage: Coverage, rows: tuple[Row, ...]) -> str:
    """Say how many packages there are, and how many are in which trouble."""
    found = counts(rows)
    shown = [f"{found[c]} {counted(c)}" for c in TROUBLES if found[c]]
    total = f"{many(len(rows), 'package')} on {many(len(coverage.columns), 'target')}"
    if rows and not shown and not any(failures(coverage)):
        shown = ["nothing to build, nothing mislabelled, nothing missing"]
    return f"{total}: {', '.join(shown)}" if shown else total
