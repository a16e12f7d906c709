"""What the page tells of one cell, as terms with the lines below each."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.coverage import Cell, Cover
from pip_archguard.model.reason import Severity
from pip_archguard.reports.matrix_rows import instead
from pip_archguard.reports.matrix_words import OPEN_ENDED_MEANS, listed, many
from pip_archguard.reports.reasons import because
from pip_archguard.reports.wording import tick, visible

_MOST_FINDINGS = 20
"""How many findings of one cell the page tells; JSON has all of them."""

_LED_BY = {Severity.REFUSE: "", Severity.WARN: "a warning: ", Severity.INFO: "to be known: "}

Fact = tuple[str, list[str]]


def facts_of(cell: Cell) -> list[Fact]:
    """Return what is known of a cell, each term with its lines; `names` stand in backticks."""
    return [(term, lines) for term, lines in _facts(cell) if lines]


def _facts(cell: Cell) -> Iterator[Fact]:
    yield "pip takes", [tick(cell.filename)] if cell.filename else []
    yield "What was found", [*_findings(cell)]
    if cell.cover is Cover.MISLABELLED:
        yield "What the guard does", [f"it {instead(cell)}"]
    if cell.note:
        yield "Note", [visible(" ".join(cell.note.split()))]
    if cell.filename:
        known = "all are known" if cell.dependencies_known else OPEN_ENDED_MEANS
        yield "Its dependencies", [known]
    asked = listed(cell.required_by)
    yield "Required by", [asked or "your requirements"] if asked or cell.filename else []


def _findings(cell: Cell) -> Iterator[str]:
    for finding in cell.findings[:_MOST_FINDINGS]:
        yield f"{_LED_BY[finding.severity]}{because(finding)} ({tick(finding.reason.value)})"
    if len(cell.findings) > _MOST_FINDINGS:
        yield f"and {many(len(cell.findings) - _MOST_FINDINGS, 'finding')} more"
