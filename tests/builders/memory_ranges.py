"""A file whose parts can be had, without a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pip_archguard.errors import NoRangesError
from pip_archguard.wheels.remote import MOST_AT_ONCE, Held, RemoteWheel, Span


@dataclass(kw_only=True)
class MemoryRanges:
    """Remembers which spans were asked for, trip by trip; fails from trip `fails_at` on."""

    content: bytes
    fails_at: int = 1000
    trips: list[tuple[Span, ...]] = field(default_factory=list)

    def tail(self, length: int, held: Held) -> None:
        size = len(self.content)
        held.begin(size)
        self.fetch([Span(start=max(0, size - length), end=size)], held)

    def fetch(self, spans: Sequence[Span], held: Held) -> None:
        self.trips.append(tuple(spans))
        if len(self.trips) >= self.fails_at:
            msg = "it is gone"
            raise NoRangesError(msg)
        for span in spans:
            held.put(held.number, span.start, self.content[span.start : span.end])

    def at_once(self, wanted: int) -> int:
        assert wanted >= 0
        return MOST_AT_ONCE

    @property
    def bytes(self) -> int:
        """How many bytes were asked for."""
        return sum(len(span) for trip in self.trips for span in trip)


def remote(folder: Path, filename: str, content: bytes) -> tuple[RemoteWheel, MemoryRanges]:
    """Return a wheel of which nothing is here yet, and where it is."""
    ranges = MemoryRanges(content=content)
    return RemoteWheel(ranges, Held(folder / "held"), filename), ranges
