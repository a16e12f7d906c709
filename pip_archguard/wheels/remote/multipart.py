"""Several parts of a file in one answer: `multipart/byteranges` (RFC 9110, 14.6; RFC 2046, 5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pip_archguard.errors import NoRangesError
from pip_archguard.wheels.remote.spans import Span

MOST_AROUND = 4096
"""Bytes of headers of a part, or of whatever stands before the first one or behind the last."""

CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", re.ASCII)
_MOST_TYPE = 300
_TYPE = re.compile(
    r"""multipart/byteranges\s*;(?:[^;]*;)*?\s*boundary=(?:"(?P<quoted>[^"]{1,70})"|(?P<bare>[^\s;"]{1,70}))\s*(?:;|$)""",
    re.ASCII | re.IGNORECASE,
)
_MALFORMED = "the server sends several ranges in another form than it must"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where a part lies in a file of this size, as its own headers say; and its bytes."""

    span: Span
    size: int
    chunks: Iterator[bytes]


def span_of(content_range: str) -> tuple[Span, int] | None:
    """Return which bytes a `Content-Range` names, and of how many; None if it makes no sense."""
    found = CONTENT_RANGE.fullmatch(content_range)
    if found is None:
        return None
    first, last, size = map(int, found.groups())
    return (Span(start=first, end=last + 1), size) if first <= last < size else None


def boundary_of(content_type: str) -> bytes | None:
    """Return what stands between the parts, None if there are not several."""
    found = _TYPE.match(content_type[:_MOST_TYPE])
    return (found["quoted"] or found["bare"]).encode() if found else None


def parts_of(chunks: Iterable[bytes], boundary: bytes, most: int) -> Iterator[Part]:
    """Yield the parts of an answer, no more than `most`; each is to be read before the next.

    How long a part is, its `Content-Range` says, so that its content may hold the boundary.
    Raises NoRangesError where the answer breaks its form, after the parts before that.
    """
    answer = _Answer(chunks)
    delimiter = b"--" + boundary
    answer.upto(delimiter)
    for number in range(most + 1):
        if answer.next(2) == b"--":
            answer.rest()
            return
        if number == most:
            break
        answer.back()
        if answer.upto(b"\r\n").strip(b" \t"):
            raise NoRangesError(_MALFORMED)
        headers = answer.upto(b"\r\n\r\n").decode("latin-1")
        found = span_of(_value_of("content-range", headers))
        if found is None:
            raise NoRangesError(_MALFORMED)
        span, size = found
        yield Part(span=span, size=size, chunks=answer.content(len(span)))
        if answer.next(len(delimiter) + 2) != b"\r\n" + delimiter:
            raise NoRangesError(_MALFORMED)
    raise NoRangesError(_MALFORMED)


def _value_of(name: str, headers: str) -> str:
    """Return what a header says, nothing if it is there twice or not at all."""
    lines = (line.partition(":") for line in headers.split("\r\n"))
    found = [value.strip() for key, _, value in lines if key.strip().lower() == name]
    return found[0] if len(found) == 1 else ""


class _Answer:
    """The bytes of an answer, of which no more is kept than what stands around a part."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._taken = b""

    def upto(self, end: bytes) -> bytes:
        """Return what stands before `end`, and go on behind it."""
        while end not in self._buffer[: MOST_AROUND + len(end)]:
            if len(self._buffer) > MOST_AROUND:
                raise NoRangesError(_MALFORMED)
            self._more()
        before, _, self._buffer = self._buffer.partition(end)
        return before

    def next(self, length: int) -> bytes:
        """Return the next few bytes."""
        while len(self._buffer) < length:
            self._more()
        self._taken, self._buffer = self._buffer[:length], self._buffer[length:]
        return self._taken

    def back(self) -> None:
        """Put back what `next` returned."""
        self._buffer = self._taken + self._buffer

    def content(self, length: int) -> Iterator[bytes]:
        """Yield the next bytes, as they come."""
        while length:
            if not self._buffer:
                self._more()
            piece, self._buffer = self._buffer[:length], self._buffer[length:]
            length -= len(piece)
            yield piece

    def rest(self) -> None:
        """Read to the end, so that the connection can be used again."""
        left = MOST_AROUND - len(self._buffer)
        while left > 0:
            chunk = next(self._chunks, b"")
            if not chunk:
                return
            left -= len(chunk)
        raise NoRangesError(_MALFORMED)

    def _more(self) -> None:
        chunk = next(self._chunks, b"")
        if not chunk:
            raise NoRangesError(_MALFORMED)
        self._buffer += chunk
