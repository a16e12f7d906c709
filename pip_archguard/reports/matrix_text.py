"""The matrix on a terminal: a table, what its words mean, what was found, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from pip_archguard.model.coverage import Column, Cover, Coverage
from pip_archguard.reports import matrix_words as words
from pip_archguard.reports.matrix_advice import advice
from pip_archguard.reports.matrix_rows import Row, failures, rows_of, summary, told
from pip_archguard.reports.table import PLAIN, Look, draw
from pip_archguard.reports.wording import tick, visible

_STYLES = {
    Cover.LOADS: "green",
    Cover.UNIVERSAL2: "green",
    Cover.CLAIMED: "cyan",
    Cover.BUILD: "yellow",
    Cover.MISLABELLED: "bold red",
    Cover.NOTHING: "bold red",
    Cover.UNKNOWN: "magenta",
    Cover.NOT_NEEDED: "dim",
}
_GAP = 3
_LEAST_FOR_NAMES = 12
"""On a narrow terminal names are folded rather than states."""


def coverage_text(coverage: Coverage, look: Look = PLAIN) -> str:
    """Return the whole result, without a final newline."""
    return "\n\n".join(_parts(coverage, look))


def _parts(coverage: Coverage, look: Look) -> Iterator[str]:
    rows = rows_of(coverage)
    if rows:
        for first, last in _blocks(rows, coverage.columns, look):
            yield _table(rows, coverage.columns, range(first, last), look)
        yield "\n".join(_legend(rows))
    for row in rows:
        lines = [f"  {line}" for where, said in told(row) for line in _indented(where, said)]
        if lines:
            yield "\n".join([_name(row), *lines])
    failed = [f"  {label}: {why}" for label, why in failures(coverage)]
    if failed:
        yield "\n".join(["pip found no set of packages for:", *failed])
    todo = [f"  {line}" for line in advice(coverage, rows)]
    if todo:
        yield "\n".join(["what to do:", *todo])
    asked = ", ".join(map(tick, coverage.sources))
    yield summary(coverage, rows) + (f"\nread from {asked}" if asked else "")


def _blocks(
    rows: Sequence[Row], columns: Sequence[Column], look: Look
) -> Iterator[tuple[int, int]]:
    """Yield which columns stand side by side: as many as fit, and all in the end."""
    widths = [_width(rows, index, column) + _GAP for index, column in enumerate(columns)]
    names = max(cell_len(_name(row)) for row in rows) + _GAP
    if look.width is None:
        yield 0, len(columns)
        return
    room = look.width - min(names, max(_LEAST_FOR_NAMES, look.width // 3))
    first, taken = 0, 0
    for index, width in enumerate(widths):
        if index > first and taken + width > room + _GAP:
            yield first, index
            first, taken = index, 0
        taken += width
    yield first, len(columns)


def _width(rows: Sequence[Row], index: int, column: Column) -> int:
    cells = (_words(row, index).cell_len for row in rows)
    return max(*map(cell_len, words.title_of(column.target)), *cells)


def _table(rows: Sequence[Row], columns: Sequence[Column], shown: range, look: Look) -> str:
    grid = Table(
        box=None,
        pad_edge=False,
        padding=(0, _GAP, 0, 0),
        header_style="bold",
        collapse_padding=True,
    )
    grid.add_column("package", overflow="fold")
    for index in shown:
        title = "\n".join(words.title_of(columns[index].target))
        grid.add_column(Text(title), overflow="fold", min_width=_room(rows, columns, index, look))
    for row in rows:
        grid.add_row(Text(_name(row)), *(_words(row, index) for index in shown))
    return draw(grid, look)


def _room(rows: Sequence[Row], columns: Sequence[Column], index: int, look: Look) -> int | None:
    """Return the width that keeps a column from being folded, where there is so much."""
    width = _width(rows, index, columns[index])
    return width if look.width is None or width + _LEAST_FOR_NAMES < look.width else None


def _name(row: Row) -> str:
    return " ".join(filter(None, (visible(row.project), visible(row.release))))


def _words(row: Row, index: int) -> Text:
    """Return the state, the release where targets take different ones, and what marks it."""
    cell = row.cells[index]
    parts = [words.word(cell.cover)]
    if cell.release and not row.release:
        parts.append(visible(cell.release))
    return Text(" ".join([*parts, *words.marks_of(cell)]), style=_STYLES[cell.cover])


def _indented(where: str, said: Sequence[str]) -> Iterator[str]:
    yield f"{where}:"
    for line in said:
        yield f"  {line}"


def _legend(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the meaning of each word that is in the table."""
    cells = [cell for row in rows for cell in row.cells]
    covers = {cell.cover for cell in cells}
    entries = [(words.word(c), words.meaning(c)) for c in words.WORST_FIRST if c in covers]
    marks = {mark for cell in cells for mark in words.marks_of(cell)}
    if words.WARNED in marks:
        entries.append((words.WARNED, words.WARNED_MEANS))
    if words.OPEN_ENDED in marks:
        entries.append((words.OPEN_ENDED, words.OPEN_ENDED_MEANS))
    longest = max(len(name) for name, _ in entries)
    for name, meaning in entries:
        yield f"{name:<{longest}}  {meaning}"
