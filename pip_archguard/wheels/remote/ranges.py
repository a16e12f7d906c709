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

    def at_once(self, wanted: int) -> int:
        """Return how many of so many spans come without one waiting for another."""


def together(spans: Iterable[Span], *, gap: int, spare: int, few: int) -> tuple[Span, ...]:
    """Return fewer spans that cover the given ones.

    Those that lie no more than `gap` bytes apart become one; and while there are more than
    `few`, those that lie nearest to one another, as long as that adds no more than `spare`
    bytes in all.
    """
    joined: list[Span] = []
    for span in sorted(span for span in spans if span.end > span.start):
        if joined and span.start <= joined[-1].end + gap:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    gaps = {at: joined[at].start - joined[at - 1].end for at in range(1, len(joined))}
    for at in sorted(gaps, key=gaps.__getitem__):
        spare -= gaps[at]
        if len(gaps) < few or spare < 0:
            break
        del gaps[at]
    starts, ends = [0, *gaps], [*gaps, len(joined)]
    return tuple(
        Span(start=joined[a].start, end=joined[b - 1].end)
        for a, b in zip(starts, ends, strict=True)
        if joined
    )
