"""Verdicts as a table: a row for each wheel or package, a column for each machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.reports.contents import (
    NOTHING,
    claims,
    holds,
    label_of,
    machine_of,
    version_of,
)
from pip_archguard.reports.wording import visible

STYLES = {
    Verdict.OK: "green",
    Verdict.WARNING: "yellow",
    Verdict.UNKNOWN: "magenta",
    Verdict.BROKEN: "bold red",
}

_ENDLESS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How to draw: in so many columns, without breaking lines if None, and with colours."""

    width: int | None = None
    colours: bool = False


PLAIN = Look()


class Row(Protocol):
    """What was judged: a wheel of a scan, or a package of an audit."""

    @property
    def judgement(self) -> Judgement:
        """What was found."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where it was judged for."""


def table(wheels: Sequence[Row], look: Look = PLAIN, *, what: str = "wheel") -> str:
    """Return the table, without a final newline; `what` is what its rows are."""
    grid = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for title in (what, "claims", "holds"):
        grid.add_column(title, overflow="fold")
    columns: defaultdict[str, list[Target]] = defaultdict(list)
    for wheel in wheels:
        for target in wheel.targets:
            columns[machine_of(target)].append(target)
    order = sorted(columns)
    for name in order:
        grid.add_column(_title(columns[name]), overflow="fold")
    for wheel in wheels:
        facts = wheel.judgement.facts
        verdicts = [_cell(wheel, name) for name in order]
        grid.add_row(Text(visible(facts.filename)), claims(facts), holds(facts), *verdicts)
    return draw(grid, look)


def draw(grid: Table, look: Look) -> str:
    """Return what rich makes of it; a line that nobody cuts has no blanks at its end."""
    out = StringIO()
    console = Console(
        file=out,
        width=look.width or _ENDLESS,
        force_terminal=look.colours,
        color_system="standard" if look.colours else None,
        no_color=not look.colours,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )
    console.print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _title(targets: Sequence[Target]) -> str:
    """Name the machine, with the system's version and the Python where all agree on it."""
    versions = {version_of(target) for target in targets}
    pythons = {target.python for target in targets}
    words = machine_of(targets[0])
    if len(versions) == 1:
        words = label_of(targets[0]).partition(",")[0]
    (python,) = pythons if len(pythons) == 1 else ("",)
    return f"{words}, {python}" if python else words


def _cell(wheel: Row, machine: str) -> Text:
    """Return the verdict, or several where they differ between Pythons."""
    targets = [target for target in wheel.targets if machine_of(target) == machine]
    verdicts = {target: wheel.judgement.verdict_for(target) for target in targets}
    if not verdicts:
        return Text(NOTHING)
    if len(set(verdicts.values())) == 1:
        return _word(next(iter(verdicts.values())))
    words = [Text.assemble(f"{t.python or t.id}: ", _word(v)) for t, v in verdicts.items()]
    return Text(", ").join(words)


def _word(verdict: Verdict) -> Text:
    return Text(verdict.value, style=STYLES[verdict])
