"""Reading a PE file by the addresses that it has in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from pip_archguard.binaries.bounds import NAME_LENGTH, PE_KEPT, PE_REACH
from pip_archguard.binaries.pe.header import Header, Section
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BeyondBoundsError, BrokenSymbolsError

_PIECE = 256
_TEXT_STEPS = 50  # see `ByteSource.spend`; that, and what is kept of a name


class Image:
    """The tables of a file, in which everything is named by its address.

    Raises BrokenSymbolsError for an address at which nothing lies, and BeyondBoundsError
    for what lies further into the file than is read.
    """

    def __init__(self, source: ByteSource, header: Header) -> None:
        self.header = header
        self._source = source
        self._kept: dict[Section, bytes] = {}
        # Windows takes them in rising order only; a file that breaks this is none of its.
        self._sections = sorted(header.sections, key=lambda section: section.address)
        self._starts = [section.address for section in self._sections]

    def keep(self, addresses: Iterable[int]) -> None:
        """Read the sections that these addresses lie in, in the order of the file."""
        found = {self._section(address) for address in addresses}
        for section in sorted(filter(None, found), key=lambda s: s.offset):
            if section.file_size <= PE_KEPT:
                self._content(section)

    def at(self, address: int, length: int) -> bytes:
        """Return so many bytes; what is in memory alone is zero."""
        section = self._section(address)
        if section is None:
            content = b""
            if 0 <= address <= self.header.size - length:
                content = self._source.read_at(address, length)
        else:
            start = address - section.address
            content = self._read(section, start, min(length, max(section.file_size - start, 0)))
            content += bytes(max(min(length, section.memory_size - start) - len(content), 0))
        if len(content) < length:
            msg = f"has a table that points to where nothing lies ({address:#x})"
            raise BrokenSymbolsError(msg)
        return content

    def text(self, address: int) -> bytes:
        """Return the bytes up to the next zero; a long text is cut."""
        self._source.spend(_TEXT_STEPS)
        found = b""
        while len(found) < NAME_LENGTH:
            piece = self._most_at(address + len(found))
            before, end, _ = piece.partition(b"\0")
            found += before
            if end:
                break
        return found[:NAME_LENGTH]

    def _most_at(self, address: int) -> bytes:
        """Return a few bytes, fewer where a section ends; one byte at least."""
        section = self._section(address)
        left = _PIECE
        if section is not None:
            left = section.address + max(section.file_size, section.memory_size) - address
        return self.at(address, max(min(left, _PIECE), 1))

    def _section(self, address: int) -> Section | None:
        number = bisect_right(self._starts, address) - 1
        if number < 0:
            return None
        section = self._sections[number]
        inside = address - section.address < max(section.memory_size, section.file_size)
        return section if inside else None

    def _read(self, section: Section, start: int, length: int) -> bytes:
        if section.file_size <= PE_KEPT:
            return self._content(section)[start : start + length]
        self._check_reach(section.offset + start + length)
        return self._source.read_at(section.offset + start, length)

    def _content(self, section: Section) -> bytes:
        if section not in self._kept:
            self._check_reach(section.offset + section.file_size)
            self._kept[section] = self._source.read_at(section.offset, section.file_size)
        return self._kept[section]

    def _check_reach(self, end: int) -> None:
        if end > PE_REACH:
            msg = f"has tables behind its first {PE_REACH} bytes"
            raise BeyondBoundsError(msg)
