"""The table of the page, what narrows it down, and what its words mean, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from pip_archguard.model.coverage import Cell, Column, Cover, Coverage
from pip_archguard.reports import matrix_words as words
from pip_archguard.reports.matrix_rows import Row, counts
from pip_archguard.reports.wording import visible

_SAID = {words.WARNED: words.WARNED_MEANS, words.OPEN_ENDED: words.OPEN_ENDED_MEANS}
# What scrolls has to be reached by keys, without the script too.
_SCROLL = '<div class="scroll" tabindex="0" role="region" aria-label="Packages and targets">'


def name_filter(rows: tuple[Row, ...]) -> Iterator[str]:
    """Yield the filter, which the script shows."""
    yield '<div class="filter" role="search" data-script hidden>'
    yield (
        '<label class="sr" for="search">Filter by the name of a package</label>'
        '<input type="search" id="search" placeholder="Filter packages ( / )" '
        'autocomplete="off" spellcheck="false">'
    )
    yield '<fieldset><legend class="sr">Show packages that have</legend>'
    yield _chip("all", "All", len(rows), checked=True)
    yield _chip("attention", "Needs attention", sum(row.needs_attention for row in rows))
    for cover, count in counts(rows).items():
        if count and cover is not Cover.NOT_NEEDED:
            yield _chip(cover.value, words.word(cover), count, sign=_sign(cover))
    yield '</fieldset>\n<output id="count" role="status"></output>\n</div>'


def _chip(value: str, label: str, count: int, *, sign: str = "", checked: bool = False) -> str:
    return (
        f'<label class="chip"><input type="radio" name="state" value="{value}"'
        f"{' checked' if checked else ''}>{sign}<span>{label}</span> <b>{count}</b></label>"
    )


def _sign(cover: Cover) -> str:
    return f'<svg class="sign" aria-hidden="true"><use href="#{cover.value}"/></svg>'


def table(coverage: Coverage, rows: tuple[Row, ...]) -> Iterator[str]:
    """Yield the matrix, which is whole without the script."""
    yield _SCROLL
    yield '<table id="matrix" aria-label="Packages and targets">\n<thead>\n<tr>'
    yield '<th scope="col">Package</th>'
    yield from map(_column, coverage.columns)
    yield "</tr>\n</thead>\n<tbody>"
    for row in rows:
        attention = " data-attention" if row.needs_attention else ""
        yield f'<tr data-name="{escape(visible(row.project).lower())}"{attention}>'
        yield f'<th scope="row">{heading_of(row)}</th>'
        for column, cell in zip(coverage.columns, row.cells, strict=True):
            yield _cell(row, column, cell)
        yield "</tr>"
    yield "</tbody>\n</table>"
    yield '<p class="none-left" id="none-left" hidden>No package is like that.</p>\n</div>'


def _column(column: Column) -> str:
    machine, python = map(escape, words.title_of(column.target))
    failed = '<small class="failed">failed</small>' if column.failure else ""
    return f'<th scope="col">{machine}<small>{python}</small>{failed}</th>'


def heading_of(row: Row) -> str:
    """Return the package, with its release where all targets take the same."""
    release = f" <small>{escape(visible(row.release))}</small>" if row.release else ""
    return f"{escape(visible(row.project))}{release}"


def _cell(row: Row, column: Column, cell: Cell) -> str:
    failed = " data-failed" if column.failure and cell not in column.cells else ""
    release = "" if row.release or not cell.release else cell.release
    shown = f" <small>{escape(visible(release))}</small>" if release else ""
    return (
        f'<td class="{cell.cover.value}"{failed}><span>{_sign(cell.cover)}{_word(cell.cover)}'
        f"{shown}{_marks(cell)}</span></td>"
    )


def _word(cover: Cover) -> str:
    if cover is Cover.NOT_NEEDED:
        return '<span class="sr">not needed</span>'
    return words.word(cover)


def _marks(cell: Cell) -> str:
    return "".join(
        f'<i aria-hidden="true">{mark}</i><span class="sr">, {_SAID[mark]}</span>'
        for mark in words.marks_of(cell)
    )


def legend(rows: tuple[Row, ...]) -> Iterator[str]:
    """Yield what the words mean, and the keys."""
    cells = [cell for row in rows for cell in row.cells]
    covers = {cell.cover for cell in cells}
    marks = {mark for cell in cells for mark in words.marks_of(cell)}
    yield '<section class="card">\n<h2>What the words mean</h2>\n<dl class="legend">'
    for cover in words.WORST_FIRST:
        if cover in covers:
            name = words.name_of(cover)
            yield f'<dt class="state {cover.value}">{_sign(cover)}{name}</dt>'
            yield f"<dd>{escape(words.meaning(cover))}</dd>"
    yield from (f"<dt>{m}</dt><dd>{_SAID[m]}</dd>" for m in _SAID if m in marks)
    yield "</dl>"
    yield (
        '<p class="keys" id="keys" data-script hidden><kbd>/</kbd> filters; in the matrix the '
        "arrow keys, <kbd>Home</kbd>, <kbd>End</kbd>, <kbd>Page Up</kbd> and <kbd>Page Down</kbd> "
        "move, <kbd>Enter</kbd> opens the details of a cell or of a package, <kbd>Escape</kbd> "
        "closes them.</p>\n</section>"
    )
