"""The members of a tar file, one after the other, with little memory.

`tarfile` reads an extended header whole, however long it is, keeps each member it has met, and
calls itself for each header that stands before another. Here nothing is kept.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import Protocol

MOST_HEADER = 1024 * 1024
"""Bytes of an extended header; those of real archives hold a name, and have a block or two."""

_BLOCK = tarfile.BLOCKSIZE
_AT_ONCE = 64 * 1024
_LARGEST = 1 << 63
_LONG_NAME = tarfile.GNUTYPE_LONGNAME
_OF_NEXT = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_EXTENDED = (*_OF_NEXT, _LONG_NAME, tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE)
# <tar.h> of GNU tar: `isextended` of a header, and of each block of a sparse file behind it.
_GOES_ON, _GOES_ON_STILL = 482, 504


class Stream(Protocol):
    """What is read from its beginning to its end."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer only at the end."""

    def tell(self) -> int:
        """Return how many were read."""


def members_of_tar(stream: Stream, most: int) -> Iterator[tuple[str, int]]:
    """Yield name and size of each regular file, `most` members at most.

    Its content is what comes next in the stream, of which any part may be read. As for
    `tarfile`, what is no header ends the archive, unless it comes first. Raises TarError.
    """
    said: dict[str, str] = {}
    count = 0
    while count < most:
        block = stream.read(_BLOCK)
        if not block.strip(b"\0") and (block or count):
            return
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            if count:
                return
            raise
        if info.type in _EXTENDED:
            said |= _extended(info, _whole(stream, info.size))
            continue
        count += 1
        _pass_sparse(stream, info, block)
        size = _size(said.get("size"), info.size)
        has_data = info.isreg() or info.type not in tarfile.SUPPORTED_TYPES
        end = stream.tell() + (-(-size // _BLOCK) * _BLOCK if has_data else 0)
        if info.isreg():
            yield said.get("path", info.name), size
        said = {}
        _read_to(stream, end)


def _read_to(stream: Stream, end: int) -> None:
    while (left := end - stream.tell()) > 0:
        if not stream.read(min(left, _AT_ONCE)):
            msg = "unexpected end of data"
            raise tarfile.ReadError(msg)


def _whole(stream: Stream, size: int) -> bytes:
    """Return the content of an extended header."""
    if not 0 <= size <= MOST_HEADER:
        msg = f"a header has more than {MOST_HEADER} bytes"
        raise tarfile.ReadError(msg)
    return stream.read(-(-size // _BLOCK) * _BLOCK)[:size]


def _extended(info: tarfile.TarInfo, content: bytes) -> dict[str, str]:
    """Return what an extended header says of the path and the size of the next member."""
    if info.type == _LONG_NAME:
        return {"path": content.partition(b"\0")[0].decode("utf-8", "surrogateescape")}
    return dict(_records(content)) if info.type in _OF_NEXT else {}


def _records(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the records of a pax header that matter: lines `LENGTH KEY=VALUE` (POSIX.1-2001)."""
    at = 0
    while at < len(content) and content[at]:
        digits = content[at : at + len(str(MOST_HEADER)) + 1].partition(b" ")[0]
        length = int(digits) if digits.isdigit() else 0
        if length <= len(digits) + 1:
            msg = "a header cannot be understood"
            raise tarfile.ReadError(msg)
        key, _, value = content[at + len(digits) + 1 : at + length - 1].partition(b"=")
        if key in (b"path", b"size"):
            yield key.decode(), value.decode("utf-8", "surrogateescape")
        at += length


def _size(said: str | None, size: int) -> int:
    """Return the size of a member, which an extended header may give in place of its own."""
    if said is not None:
        size = (
            int(said)
            if said.isascii() and said.isdigit() and len(said) < len(str(_LARGEST))
            else -1
        )
    if not 0 <= size < _LARGEST:
        msg = "a member has an impossible size"
        raise tarfile.ReadError(msg)
    return size


def _pass_sparse(stream: Stream, info: tarfile.TarInfo, block: bytes) -> None:
    """Pass over the blocks in which GNU tar says where the holes of a file are."""
    goes_on = info.type == tarfile.GNUTYPE_SPARSE and block[_GOES_ON]
    while goes_on and (more := stream.read(_BLOCK)):
        goes_on = len(more) == _BLOCK and more[_GOES_ON_STILL]
