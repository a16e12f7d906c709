"""Turning what each target takes into a matrix: every wheel is read once, for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pip_archguard.errors import EXIT_BROKEN, EXIT_UNKNOWN
from pip_archguard.hosts.matrix import Place
from pip_archguard.model.coverage import Cell, Column, Cover, Coverage
from pip_archguard.model.covering import Resolved, Taken, Why
from pip_archguard.model.event import Listener
from pip_archguard.model.result import Progressed
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import has_libraries, judge, modules_at_fault
from pip_archguard.wheels import Reading

MOST_ROUNDS = 10
"""After so many refused files of one project the search for another ends, as in the guard."""

ANY = "any"
_UNIVERSAL2 = "_universal2"
_FINE = {Cover.LOADS, Cover.UNIVERSAL2, Cover.CLAIMED, Cover.NOT_NEEDED, Cover.BUILD}

Wanted = tuple[Taken, tuple[Target, ...]]
"""A wheel to look into, and for which targets."""

FactsOf = Callable[[Sequence[Wanted]], Iterator[Reading | str | None]]
"""Has wheels fetched and read, and yields what is in each; a string says why one cannot be,
and None that it was left alone, as too much of it would have to be fetched."""

Again = Callable[[Sequence[tuple[Place, frozenset[str]]]], Sequence[Resolved]]
"""Resolves anew for some targets, each without the files of these addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What each target takes, in the order that was asked for."""

    places: tuple[Place, ...]
    resolved: tuple[Resolved, ...]


class Matrix:
    """Judges what was taken; remembers each wheel that was read."""

    def __init__(self, facts_of: FactsOf, listener: Listener) -> None:
        self._facts_of = facts_of
        self._listener = listener
        self._read: dict[str, Reading | str | None] = {}

    def columns(self, found: Columns, again: Again) -> tuple[Column, ...]:
        """Return the finished columns; `again` is asked where a wheel cannot load."""
        pairs = tuple(zip(found.places, found.resolved, strict=True))
        self._fetch(pairs)
        columns = [
            Column(
                target=place.column,
                cells=tuple(sorted(self._cells(place, got), key=lambda cell: cell.project)),
                failure=got.failure,
            )
            for place, got in pairs
        ]
        return tuple(self._with_others(columns, pairs, again))

    def _cells(self, place: Place, got: Resolved) -> Iterable[Cell]:
        readings = {taken.url: self._read.get(taken.url) for taken in got.taken}
        beside = [r.facts for r in readings.values() if isinstance(r, Reading)]
        libraries = [facts for facts in beside if has_libraries(facts)]
        return [self._cell(place, taken, libraries) for taken in got.taken]

    def _cell(self, place: Place, taken: Taken, libraries: Sequence[WheelFacts]) -> Cell:
        cell = Cell(
            project=taken.project,
            cover=taken.cover or Cover.UNKNOWN,
            release=taken.release,
            filename=taken.filename,
            dependencies_known=taken.dependencies_known,
            required_by=taken.required_by,
            note="; ".join(why.value for why in taken.why if why is not Why.NOT_DECLARED),
        )
        if taken.cover is not None:
            return cell
        reading = self._read[taken.url]
        if reading is None:
            return replace(cell, cover=Cover.CLAIMED)
        if isinstance(reading, str):
            return replace(cell, note=reading)
        beside = [facts for facts in libraries if facts.project != reading.facts.project]
        judgement = _judged(reading, place.column.targets, beside)
        return replace(cell, cover=_cover(judgement, place), findings=judgement.findings)

    def _with_others(
        self, columns: list[Column], pairs: Sequence[tuple[Place, Resolved]], again: Again
    ) -> list[Column]:
        """Say of each wheel that cannot load what there is in its place."""
        refused = {i: self._broken(column, got) for i, (column, (_, got)) in _each(columns, pairs)}
        others: dict[int, Column] = {}
        for _ in range(MOST_ROUNDS):
            waiting = [i for i, links in refused.items() if links]
            if not waiting:
                break
            asked = [(pairs[i][0], frozenset(refused[i])) for i in waiting]
            found = again(asked)
            round_ = [(pairs[i][0], got) for i, got in zip(waiting, found, strict=True)]
            self._fetch(round_)
            for i, (place, got) in zip(waiting, round_, strict=True):
                others[i] = Column(
                    target=place.column, cells=tuple(self._cells(place, got)), failure=got.failure
                )
                more = self._broken(others[i], got) - refused[i]
                refused[i] = refused[i] | more if more else set()
        return [_instead(column, others.get(i)) for i, column in enumerate(columns)]

    def _broken(self, column: Column, got: Resolved) -> set[str]:
        """Return the addresses of the files in a column that cannot load; one by address stays."""
        covers = {cell.project: cell.cover for cell in column.cells}
        return {
            taken.url
            for taken in got.taken
            if covers.get(taken.project) is Cover.MISLABELLED and not taken.direct
        }

    def _fetch(self, pairs: Sequence[tuple[Place, Resolved]]) -> None:
        """Read each wheel that is new, for all the targets that took it."""
        wanted: dict[str, tuple[Taken, dict[Target, None]]] = {}
        for place, got in pairs:
            for taken in got.taken:
                if taken.cover is None and taken.url not in self._read:
                    _, targets = wanted.setdefault(taken.url, (taken, {}))
                    targets.update(dict.fromkeys(place.column.targets))
        asked = [(taken, tuple(of)) for taken, of in wanted.values()]
        for number, (url, reading) in enumerate(zip(wanted, self._facts_of(asked), strict=True)):
            self._read[url] = reading
            self._listener.tell(Progressed(done=number + 1, total=len(wanted)))


def exit_code(coverage: Coverage) -> int:
    """Return what the command ends with: what cannot be had weighs more than what is not known.

    A source build is no failure. A target for which pip finds nothing that goes together is
    one, as is a wheel that cannot load, whatever there is in its place.
    """
    covers = {cell.cover for column in coverage.columns for cell in column.cells}
    failed = any(column.failure for column in coverage.columns)
    if failed or covers & {Cover.MISLABELLED, Cover.NOTHING}:
        return EXIT_BROKEN
    return EXIT_UNKNOWN if covers - _FINE else 0


def _each(
    columns: Sequence[Column], pairs: Sequence[tuple[Place, Resolved]]
) -> Iterable[tuple[int, tuple[Column, tuple[Place, Resolved]]]]:
    return enumerate(zip(columns, pairs, strict=True))


def _judged(
    reading: Reading, targets: tuple[Target, ...], beside: Sequence[WheelFacts]
) -> Judgement:
    judgement = judge(reading.facts, targets, companions=beside)
    if modules_at_fault(judgement.findings) <= reading.at_fault:
        return judgement
    # The source of further modules was not looked at: by itself the wheel was judged whole.
    return judge(reading.facts, targets)


def _cover(judgement: Judgement, place: Place) -> Cover:
    match judgement.verdict:
        case Verdict.BROKEN:
            return Cover.MISLABELLED
        case Verdict.UNKNOWN:
            return Cover.UNKNOWN
        case Verdict.OK | Verdict.WARNING:
            fit = judgement.facts.platforms.intersection(place.platforms)
            both = bool(fit) and all(tag.endswith(_UNIVERSAL2) for tag in fit)
            return Cover.UNIVERSAL2 if both else Cover.LOADS


def _instead(column: Column, other: Column | None) -> Column:
    """Return a column whose wheels that cannot load say what another resolution took."""
    return replace(column, cells=tuple(_with_other(cell, other) for cell in column.cells))


def _with_other(cell: Cell, other: Column | None) -> Cell:
    if cell.cover is not Cover.MISLABELLED:
        return cell
    if other is None:  # it was asked for by its address
        return replace(cell, instead=Cover.NOTHING)
    found = other.cell(cell.project)
    if other.failure or found.cover is Cover.MISLABELLED:
        return replace(cell, instead=Cover.NOTHING, note=other.failure or cell.note)
    return replace(
        cell,
        instead=found.cover,
        instead_release=found.release,
        instead_filename=found.filename,
    )
