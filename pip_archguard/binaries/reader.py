"""Bytes at a position, from a file or from a stream that only goes forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import SEEK_END
from typing import IO, Protocol

from pip_archguard.binaries.bounds import (
    BEGINNING,
    CHUNK,
    LEAST_PULL,
    REOPENINGS,
    WINDOW,
    pull_budget,
)
from pip_archguard.binaries.unreadable import UNREADABLE
from pip_archguard.errors import BeyondBoundsError, UnreadableWheelError


class ByteSource(Protocol):
    """The content of one file, read piece by piece; `size` is in bytes."""

    @property
    def size(self) -> int:
        """How long the content says it is."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`, fewer only where the content ends.

        Raises UnreadableWheelError if they cannot be had, and BeyondBoundsError if
        having them costs more than a bound allows.
        """

    def spend(self, steps: int) -> None:
        """Count the work that understanding the content takes, half a microsecond each.

        Raises BeyondBoundsError if that is more than a bound allows.
        """


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise UnreadableWheelError(str(error) or type(error).__name__) from error


class FileSource:
    """An open file that can seek; the caller closes it.

    Its beginning is read once and kept: the headers and load commands lie there.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        with _translated():
            self.size = stream.seek(0, SEEK_END)
            stream.seek(0)
            self._beginning = stream.read(BEGINNING)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`, fewer only where the file ends."""
        if offset >= self.size:
            return b""  # nowhere to go: numbers of 64 bits are more than a system can seek to
        end = offset + length
        if end <= len(self._beginning):
            return self._beginning[offset:end]
        with _translated():
            self._stream.seek(offset)
            return self._stream.read(length)

    def spend(self, steps: int) -> None:
        """Count nothing: a file is looked at alone, and has bounds of its own."""


class StreamSource:
    """A stream that only goes forward, such as `zipfile.ZipFile.open` gives.

    Reading backward beyond a small window opens the stream anew. Bytes pulled and
    reopenings are bounded (`bounds.pull_budget`, `bounds.REOPENINGS`).
    """

    def __init__(
        self,
        open_stream: Callable[[], IO[bytes]],
        size: int,
        spend: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.size = size
        self.spend = spend
        self._open_stream = open_stream
        self._stream: IO[bytes] | None = None
        self._openings = 0
        self._pulled = 0
        self._window = b""  # what was read last; it ends at `_position`
        self._position = 0

    def read_at(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`, fewer only where the stream ends."""
        end = min(offset + length, self.size)
        if offset >= end:
            return b""
        stream = self._stream
        if stream is None or offset < self._position - len(self._window):
            stream = self._reopened()
        self._pull(stream, offset, end)
        start = self._position - len(self._window)
        return self._window[offset - start : end - start]

    def close(self) -> None:
        """Close the stream that was opened last; a ZipFile stays open as long as it is."""
        if self._stream is not None:
            with suppress(*UNREADABLE):
                self._stream.close()
            self._stream = None

    def _reopened(self) -> IO[bytes]:
        if self._openings > REOPENINGS:
            msg = f"takes going back more than {REOPENINGS} times to read"
            raise BeyondBoundsError(msg)
        self._openings += 1
        self._window, self._position = b"", 0
        self.close()
        with _translated():
            self._stream = self._open_stream()
        return self._stream

    def _pull(self, stream: IO[bytes], offset: int, end: int) -> None:
        """Read on to `end`, keeping all from `offset` on and a window before it."""
        kept = [self._window]
        while self._position < end:
            wanted = min(max(end - self._position, LEAST_PULL), CHUNK)
            if self._pulled + wanted > pull_budget(self.size):
                msg = f"takes reading more than {pull_budget(self.size)} bytes"
                raise BeyondBoundsError(msg)
            with _translated():
                chunk = stream.read(wanted)
            if not chunk:
                break
            self._pulled += len(chunk)
            self._position += len(chunk)
            if self._position - len(chunk) <= offset - WINDOW:
                kept = []
            kept.append(chunk)
        self._window = b"".join(kept)[-max(WINDOW, self._position - offset) :]
