"""What Python source says about the native files beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from pip_archguard.errors import BeyondBoundsError
from pip_archguard.model.binary import Binary, Format
from pip_archguard.model.naming import arch_named_tail
from pip_archguard.sources.bounds import NAMED, SOURCE_LENGTH, SOURCES


def mark_named_in_source(
    binaries: tuple[Binary, ...], sources: Iterable[IO[bytes]]
) -> tuple[Binary, ...]:
    """Mark the files whose path names an architecture and that source names literally.

    `sources` are asked for only if there is such a file, and read up to a bound each
    and in all. A name that is put together at run time is not found: that is the point.
    Raises BeyondBoundsError where there are too many names for so much source.
    """
    tails = {
        b.path: tail.encode()
        for b in binaries
        if b.format is Format.MACH_O and (tail := arch_named_tail(b.path)) is not None
    }
    if not tails:
        return binaries
    named: set[str] = set()
    left, work = SOURCES, NAMED
    for source in sources:
        text = source.read(min(SOURCE_LENGTH, left))
        left -= len(text)
        work -= len(text) * len(tails)
        if work < 0:
            msg = f"its source takes too long to search for the names of {len(tails)} files"
            raise BeyondBoundsError(msg)
        named.update(path for path, tail in tails.items() if tail in text)
        if not left:
            break
    return tuple(b._replace(named_in_source=b.path in named) for b in binaries)
