"""Parts of a file, by where they lie in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Bytes of a file from `start` up to `end`, which is not among them."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


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
