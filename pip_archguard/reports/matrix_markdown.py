"""The matrix as Markdown, for a README or for the summary of a job."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.coverage import Cell, Coverage
from pip_archguard.reports import matrix_words as words
from pip_archguard.reports.markdown import code, markdown
from pip_archguard.reports.matrix_advice import advice
from pip_archguard.reports.matrix_rows import Row, failures, rows_of, told


def coverage_markdown(coverage: Coverage) -> str:
    """Return the whole result, without a final newline."""
    return "\n\n".join("\n".join(part) for part in _parts(coverage))


def _parts(coverage: Coverage) -> Iterator[list[str]]:
    rows = rows_of(coverage)
    asked = ", ".join(map(code, coverage.sources))
    targets = words.many(len(coverage.columns), "target")
    yield [f"### Coverage of {asked} on {targets}" if asked else f"### Coverage on {targets}"]
    if rows:
        yield [*_table(coverage, rows)]
        yield [*_legend(rows)]
    else:
        yield ["No package is needed." if coverage.columns else "No target was asked for."]
    details = [line for row in rows for line in _details(row)]
    details += [
        f"- **{markdown(label)}**: pip found no set of packages: {markdown(why)}"
        for label, why in failures(coverage)
    ]
    if details:
        yield ["#### What needs attention"]
        yield details
    todo = [f"- {markdown(line)}" for line in advice(coverage, rows)]
    if todo:
        yield ["#### What to do"]
        yield todo


def _table(coverage: Coverage, rows: tuple[Row, ...]) -> Iterator[str]:
    titles = ["<br>".join(map(markdown, words.title_of(c.target))) for c in coverage.columns]
    yield _line(["package", *titles])
    yield _line(["---"] * (len(titles) + 1))
    for row in rows:
        yield _line([_name(row), *(_state(row, cell) for cell in row.cells)])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _name(row: Row) -> str:
    return f"{code(row.project)} {markdown(row.release)}".strip()


def _state(row: Row, cell: Cell) -> str:
    word = words.name_of(cell.cover)
    parts = [words.sign(cell.cover), f"**{word}**" if cell.cover in words.TROUBLES else word]
    if cell.release and not row.release:
        parts.append(markdown(cell.release))
    return " ".join([*parts, *words.marks_of(cell)])


def _legend(rows: tuple[Row, ...]) -> Iterator[str]:
    cells = [cell for row in rows for cell in row.cells]
    covers, marks = {c.cover for c in cells}, {mark for c in cells for mark in words.marks_of(c)}
    for cover in words.WORST_FIRST:
        if cover in covers:
            yield f"- {words.sign(cover)} {words.name_of(cover)}: {words.meaning(cover)}"
    if words.WARNED in marks:
        yield f"- {words.WARNED}: {words.WARNED_MEANS}"
    if words.OPEN_ENDED in marks:
        yield f"- {words.OPEN_ENDED}: {words.OPEN_ENDED_MEANS}"


def _details(row: Row) -> Iterator[str]:
    for where, said in told(row):
        yield f"- **{_name(row)}** on {markdown(where)}"
        yield from (f"  - {markdown(line)}" for line in said)
