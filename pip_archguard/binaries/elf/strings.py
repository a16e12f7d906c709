"""The names of an ELF file's dynamic section."""

from __future__ import annotations

from collections.abc import Iterable

from pip_archguard.binaries.bounds import NAME_BYTES, NAME_LENGTH, STRINGS
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BeyondBoundsError, BrokenSymbolsError


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

    def names(self) -> bytes | None:
        """Return all strings, those of symbols too, each between NULs; None if not held."""
        return self._whole

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
