"""The names of an ELF file's dynamic section."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pip_archguard.binaries.bounds import CHUNK, LATE_DYNAMIC, NAME_BYTES, NAME_LENGTH, STRINGS
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BeyondBoundsError, BrokenSymbolsError

_NEW_GLIBC = re.compile(rb"\0GLIBC_2\.(?:29|[3-9]\d)\0")
"""The versions after 2.28, which nearly all Linux systems in use have at least."""

_LONGEST = 256  # of the names that are looked for


def holds_early(source: ByteSource, names: Iterable[bytes]) -> bool:
    """Whether the first part of a file has a string that is one of these names.

    Linkers put the names of symbols and versions first.
    """
    either = b"|".join(re.escape(name[:_LONGEST]) for name in sorted(names))
    return _finds_early(source, re.compile(b"\0(?:" + either + b")\0"))


def names_new_glibc(source: ByteSource) -> bool:
    """Whether the first part of a file names a version of glibc that is not everywhere yet."""
    return _finds_early(source, _NEW_GLIBC)


def _finds_early(source: ByteSource, pattern: re.Pattern[bytes]) -> bool:
    tail = b""
    for offset in range(0, min(source.size, LATE_DYNAMIC), CHUNK):
        chunk = tail + source.read_at(offset, CHUNK)
        if pattern.search(chunk):
            return True
        tail = chunk[-_LONGEST - 2 :]
    return False


class Strings:
    """A table of strings that end with NUL; a short one is held whole."""

    def __init__(self, source: ByteSource, offset: int, size: int) -> None:
        self._source = source
        self._offset = offset
        self._size = min(size, source.size - offset)
        self._left = NAME_BYTES
        self._whole = source.read_at(offset, self._size) if self._size <= STRINGS else None

    def at(self, places: Iterable[int]) -> dict[int, str]:
        """Return the string at each place; they are read in the order of the file."""
        return {place: self._one(place) for place in sorted(set(places))}

    def names(self) -> frozenset[bytes] | None:
        """Return all strings, those of symbols too; None of a table that is not held."""
        return None if self._whole is None else frozenset(self._whole.split(b"\0"))

    def _one(self, place: int) -> str:
        if not 0 <= place < self._size:
            msg = "has a name that lies outside of its strings"
            raise BrokenSymbolsError(msg)
        if self._whole is not None:
            content = self._whole[place : place + NAME_LENGTH]
        else:
            length = min(NAME_LENGTH, self._size - place)
            content = self._source.read_at(self._offset + place, length)
        name = content.partition(b"\0")[0]
        self._left -= len(name)
        if self._left < 0:
            msg = f"has names of more than {NAME_BYTES} bytes"
            raise BeyondBoundsError(msg)
        return name.decode("utf-8", "replace")
