"""Those bytes of a remote file that are here."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from math import inf
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from pip_archguard.errors import CostsTooMuchError, NoRangesError
from pip_archguard.wheels.remote.spans import Span

MOST_BYTES = 1 << 40
"""How long a file may say it is; the file that holds its parts has holes, but no end beyond."""


class Held:
    """A file on disk in which the parts of a remote one lie in their places.

    Where nothing came yet it has holes. Parts may be put there by several threads; each of
    the file that it held at the time, which is told by a number. The file on disk is open
    only while it is used: of many wheels there are soon more than a process may have open.
    No more than `most` bytes may come; then CostsTooMuchError is raised.
    """

    def __init__(self, path: Path, most: float = inf) -> None:
        self.path = path
        self.most = most
        self.size = 0
        self.number = 0
        self.received = 0
        """Bytes put here so far, those of a part that came twice each time."""
        self._parts: tuple[Span, ...] = ()
        self._lock = Lock()
        self._stream: BinaryIO | None = None

    def begin(self, size: int) -> int:
        """Forget all that is here: it will be that of a file as long as this.

        Returns the number of that file. Raises NoRangesError if it is too long.
        """
        if size > MOST_BYTES:
            msg = f"the server says that it is {size} bytes long"
            raise NoRangesError(msg)
        with self._lock:
            self._close()
            self._stream = self.path.open("w+b")
            self.size, self._parts = size, ()
            self.number += 1
            return self.number

    def check(self, more: int) -> None:
        """Raise CostsTooMuchError if so many bytes more may not come."""
        if self.received + more > self.most:
            msg = "it takes more than is allowed to be read of it"
            raise CostsTooMuchError(msg)

    def put(self, number: int, offset: int, content: bytes) -> None:
        """Put a part in its place, unless it is of another file than what is here by now."""
        with self._lock:
            if number != self.number:
                return
            self.check(len(content))
            stream = self._opened()
            stream.seek(offset)
            stream.write(content)
            self.received += len(content)
            self._parts = _joined((*self._parts, Span(start=offset, end=offset + len(content))))

    def missing(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return what of these spans is not here, within the file."""
        return tuple(
            hole
            for span in _joined(spans)
            for hole in _holes(Span(start=span.start, end=min(span.end, self.size)), self._parts)
        )

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes that are here."""
        with self._lock:
            stream = self._opened()
            stream.seek(offset)
            return stream.read(length)

    @property
    def complete(self) -> bool:
        """Whether all of the file is here."""
        return self.size > 0 and self._parts == (Span(start=0, end=self.size),)

    def end(self, size: int) -> None:
        """Take note of how long the file is, which the server had not said."""
        self.size = size

    def finish(self) -> Path:
        """Write out what is kept back, and return where the file lies."""
        self.close()
        return self.path

    def close(self) -> None:
        """Close the file until it is used again."""
        with self._lock:
            self._close()

    def _opened(self) -> BinaryIO:
        if self._stream is None:
            self._stream = self.path.open("r+b")
        return self._stream

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class Cursor(io.BufferedIOBase):
    """Reads a remote file as if it were all here; `need` is asked for what is about to be read."""

    def __init__(self, held: Held, need: Callable[[Span], None]) -> None:
        super().__init__()
        self._held = held
        self._need = need
        self._at = 0

    def close(self) -> None:
        """Let go of the file on disk, until someone else reads it."""
        if not self.closed:
            self._held.close()
        super().close()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that any place in it can be gone to."""
        return True

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, and return where that is."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._held.size}[whence]
        if base + offset < 0:  # zipfile counts on it where a file is too short to be a ZIP
            msg = "that lies before the beginning of the file"
            raise OSError(msg)
        self._at = base + offset
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes, all that are left if no size is given."""
        left = max(0, self._held.size - self._at)
        length = left if size is None or size < 0 else min(size, left)
        if not length:
            return b""
        self._need(Span(start=self._at, end=self._at + length))
        content = self._held.read(self._at, length)
        self._at += len(content)
        return content


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(joined[-1].end, span.end))
        elif span.end > span.start:
            joined.append(span)
    return tuple(joined)


def _holes(wanted: Span, parts: tuple[Span, ...]) -> Iterable[Span]:
    at = wanted.start
    for part in parts:
        if part.end <= at:
            continue
        if part.start >= wanted.end:
            break
        if part.start > at:
            yield Span(start=at, end=part.start)
        at = part.end
    if at < wanted.end:
        yield Span(start=at, end=wanted.end)
