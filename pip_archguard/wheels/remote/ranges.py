"""The parts of a file that lies on a server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pip_archguard.wheels.remote.held import Held


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Bytes of a file from `start` up to `end`, which is not among them."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


class Ranges(Protocol):
    """One file on a server, of which parts can be had.

    Both methods put what they get into `held`. If the server sends the whole file, that is
    there in the end, `held.complete` is true, and what came before is gone. Both raise
    NoRangesError if the parts cannot be had, or do not belong to one another; then too
    `held.complete` tells whether the whole file came in their place.
    """

    def tail(self, length: int, held: Held) -> None:
        """Have the last bytes of the file, all of it if it is shorter; tell how long it is."""

    def fetch(self, spans: Sequence[Span], held: Held) -> None:
        """Have these bytes, all requests on their way at the same time."""


def together(spans: Iterable[Span], *, gap: int, most: int) -> tuple[Span, ...]:
    """Return few spans that cover the given ones.

    Those that lie no more than `gap` bytes apart become one; and if there are still more
    than `most`, those that lie nearest to one another.
    """
    ordered = sorted(span for span in spans if span.end > span.start)
    joined: list[Span] = []
    for span in ordered:
        if joined and span.start <= joined[-1].end + gap:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    if len(joined) <= most:
        return tuple(joined)
    gaps = sorted(range(1, len(joined)), key=lambda at: joined[at].start - joined[at - 1].end)
    kept = sorted(gaps[len(joined) - most :])
    starts, ends = [0, *kept], [*kept, len(joined)]
    return tuple(
        Span(start=joined[a].start, end=joined[b - 1].end)
        for a, b in zip(starts, ends, strict=True)
    )
