"""A wheel on a server, of which no more is read than judging it takes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from pip_archguard.binaries import UNREADABLE
from pip_archguard.errors import BeyondBoundsError
from pip_archguard.model.target import System, Target
from pip_archguard.rules import symbols_decide
from pip_archguard.wheels.end_record import find_list
from pip_archguard.wheels.remote.held import Cursor, Held
from pip_archguard.wheels.remote.members import Members, Native, is_looked_at, members_of
from pip_archguard.wheels.remote.ranges import Ranges
from pip_archguard.wheels.remote.spans import Span, together

if TYPE_CHECKING:
    from pip_archguard.wheels.remote.kept import Kept

TAIL = 96 * 1024
"""Bytes asked for at first: the directory of 99 in 100 wheels of the corpus lies in them."""

GAP = 8 * 1024
"""Bytes between two spans that are fetched along: less than a request takes of the time."""

NARROW = 512
"""The same where several come in one request: less than the headers of a part."""

FOR_NOTHING = 0.15
"""The part of what is needed that may be read for nothing, to have fewer requests."""

MOST_AT_ONCE = 10
"""Requests on their way at once: as many connections pip's session keeps alive. Of more,
some wait for the end of others, so those are the ones to be avoided."""

MOST_TRIPS = 4
"""Trips, each of which waits for what the one before brought, after which all that is left
is fetched in one more."""

ENOUGH = 0.8
"""The part of what is left from which on all that is left is fetched: one request rather
than several, the hash can be checked, and a quarter more bytes is the most that it costs."""

WHOLE_ALONG = 0.25
"""The part of the bytes that came so far which small libraries may add, to spare a trip."""

SOURCE_ALONG = 0.25
"""The part of the bytes of the last trip that the source may add, which is seldom needed."""

FURTHER = 1024 * 1024
"""Bytes that are fetched behind what was not foreseen, where not all may be."""

SMALL = 256 * 1024
"""Bytes left that are fetched in any case: a round trip takes longer."""


class RemoteWheel:
    """Opens like a file, and has what is read of it fetched; nothing before it is opened.

    `targets` are those it will be judged for: symbols that cannot change a verdict on any of
    them are not read. Without targets, all are that `read_wheel` reads of a whole file.
    `trips` are those made so far, each for what the ones before told to be needed. All
    methods raise NoRangesError where parts of the file cannot be had; `whole` then tells if
    the file itself came.
    """

    def __init__(
        self, ranges: Ranges, held: Held, name: str, targets: Sequence[Target] = ()
    ) -> None:
        self.name = name
        self.trips = 0
        self.facts_known = False
        """Whether nothing but its source may be asked for any more."""
        self.kept: Kept | None = None
        """What is kept of it from one run to the next, if anything may be."""
        self._targets = targets
        self._symbols: frozenset[str] | None = None
        self._parsed: zipfile.ZipFile | None = None
        self._members: Members | None = None
        self._ranges = ranges
        self._held = held

    def prepare(self) -> None:
        """Fetch what judging the wheel takes, as far as its directory and its files tell.

        The first trip brings the end of the file, the next one what the directory names and,
        if that is a long one, one between them the rest of it; the last one what the first
        bytes of large members ask for. Where the directory took two, the last trip may bring
        the Python source along, for which there is none left if an import would fail.
        """
        if self.trips:
            return
        self.trips += 1
        self._ranges.tail(TAIL, self._held)
        if self._held.complete or self.facts_known:
            return
        try:
            with self.open("rb") as stream:
                archive = self.archive()
                members = self._members = members_of(archive)
                self._bring(members.first(self._spare()))
                # What is in a universal file, and so what else matters, is seen then.
                natives: tuple[Native, ...] = ()
                for _ in range(2):
                    natives = tuple(members.natives(archive, stream, self._is_here, natives))
                    self._symbols = self._decisive(natives)
                    self._bring(self._last(members, natives))
        except UNREADABLE:  # whoever reads it will say so, and what is wrong
            self._all()
        except BeyondBoundsError:  # so will whoever reads it, who needs no more of it
            return

    @property
    def whole(self) -> Path | None:
        """Where the file lies, if all of it is here."""
        return self._held.finish() if self._held.complete else None

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:  # noqa: ARG002 - as Path has it
        """Return the wheel as an open file; what is not here yet is fetched while it is read."""
        self.prepare()
        return cast("BinaryIO", Cursor(self._held, self._need))

    def archive(self) -> zipfile.ZipFile:
        """Return the wheel as an archive, which stays open as long as the wheel.

        Its directory is read but once: that takes a while where there are many files. Raises
        BeyondBoundsError for one that takes more than the bounds allow.
        """
        if self._parsed is None:
            stream = self.open("rb")
            find_list(stream)
            self._parsed = zipfile.ZipFile(stream)
        return self._parsed

    def looks_at(self, info: zipfile.ZipInfo) -> bool:
        """Whether a member may be a native file: of those that are not here, by its name."""
        members = self._members
        looks = is_looked_at(info) if members is None else id(info) in members.known
        return looks or self._held.complete

    def reads_symbols(self, info: zipfile.ZipInfo) -> bool:
        """Whether a native member is read beyond its load commands."""
        return self._held.complete or self._symbols is None or info.filename in self._symbols

    def bring_sources(self) -> None:
        """Fetch the Python source at once that is about to be read."""
        self._bring(members_of(self.archive()).sources())

    def bring_all(self) -> Path:
        """Fetch all that is not here yet, and return where the file lies."""
        self.prepare()
        self._all()
        return self._held.finish()

    def close(self) -> None:
        """Close the file; it stays where it lies."""
        self._held.close()

    def _spare(self) -> float:
        """Return how many bytes small libraries may take: those of macOS may be spared."""
        if self._targets and all(t.system is not System.MACOS for t in self._targets):
            return inf
        return WHOLE_ALONG * self._held.received

    def _decisive(self, natives: tuple[Native, ...]) -> frozenset[str] | None:
        """Return the members whose symbols may be asked for; None stands for all of them.

        What could not be looked into yet is among them, unless its symbols are never read.
        """
        unread = {n.info.filename for n in natives if n.is_large}
        known = tuple(n.binary for n in natives if n.binary is not None)
        unknown = {n.info.filename for n in natives if n.binary is None} - unread
        decisive = symbols_decide(known, self._targets, unread)
        return None if decisive is None else decisive | unknown

    def _is_here(self, span: Span) -> bool:
        return not self._held.missing([span])

    def _last(self, members: Members, natives: tuple[Native, ...]) -> tuple[Span, ...]:
        """Return what the last trip shall bring: the source along, if it is little beside it."""
        spans = tuple(members.then(natives, symbols=self._symbols))
        if self.trips < MOST_TRIPS - 1:
            return spans
        most = SOURCE_ALONG * self._lacking(spans)
        sources = tuple(members.sources(most))
        return (*spans, *sources) if self._lacking(sources) <= most else spans

    def _lacking(self, spans: Iterable[Span]) -> int:
        return sum(map(len, self._held.missing(spans)))

    def _bring(self, spans: Iterable[Span]) -> None:
        """Fetch what is missing of these."""
        wanted = self._held.missing(spans)
        spare = int(FOR_NOTHING * (self._held.received + sum(map(len, wanted))))
        few = self._ranges.at_once(len(wanted))
        gap = GAP if few <= MOST_AT_ONCE else NARROW
        wanted = self._held.missing(together(wanted, gap=gap, spare=spare, few=few))
        left = self._held.missing([self._everything()])
        lacking = sum(map(len, left))
        nearly = lacking <= SMALL or sum(map(len, wanted)) >= ENOUGH * lacking
        if wanted and nearly and self._affords(lacking):
            wanted = left
        self._fetch(wanted)

    def _need(self, span: Span) -> None:
        """Have what was not foreseen; where that goes on and on, all there is.

        Where so much may not be fetched, it is more and more of the same file.
        """
        missing = self._held.missing([span])
        if missing and self.trips >= MOST_TRIPS:
            rest = self._held.missing([self._everything()])
            further = Span(start=span.start, end=span.end + FURTHER)
            affords = self._affords(sum(map(len, rest)))
            missing = rest if affords else self._held.missing([further])
        self._fetch(missing)

    def _affords(self, more: int) -> bool:
        return self._held.received + more <= self._held.most

    def _all(self) -> None:
        self._fetch(self._held.missing([self._everything()]))

    def _fetch(self, spans: tuple[Span, ...]) -> None:
        if spans:
            self._held.check(sum(map(len, spans)))
            self.trips += 1
            self._ranges.fetch(spans, self._held)

    def _everything(self) -> Span:
        return Span(start=0, end=self._held.size)
