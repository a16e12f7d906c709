"""The headers of a PE file: what Windows looks at before it maps anything."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from pip_archguard.binaries.bounds import PE_SECTIONS
from pip_archguard.binaries.pe.declarations import (
    DIRECTORY,
    FILE_HEADER,
    LFANEW,
    OPTIONAL_HEADER,
    PE32_PLUS,
    SECTION,
    SECTOR,
    SIGNATURE,
    WORD,
    Directory,
)
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BeyondBoundsError, MalformedBinaryError

_MAGIC = Struct("<H")
_DIRECTORIES = 16  # IMAGE_NUMBEROF_DIRECTORY_ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the file and where it comes to lie in memory."""

    address: int
    memory_size: int
    offset: int
    file_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The headers of one file; `directories` are the addresses of its tables, 0 for none."""

    machine: int
    characteristics: int
    is_64_bit: bool
    base: int
    code_size: int
    entry_point: int
    size: int
    subsystem: int
    directories: tuple[int, ...]
    sections: tuple[Section, ...]

    def table(self, directory: Directory) -> int:
        """Return the address of a table, 0 where the file has none."""
        return self.directories[directory] if directory < len(self.directories) else 0


def read_header(source: ByteSource) -> Header:
    """Read the headers of a file that begins with `MZ`.

    Raises MalformedBinaryError for what Windows refuses as no valid image.
    """
    (start,) = WORD.unpack(_exactly(source, LFANEW, WORD.size))
    head = _exactly(source, start, len(SIGNATURE) + FILE_HEADER.size)
    if not head.startswith(SIGNATURE):
        msg = "is a program for DOS, or none at all: it has no PE header"
        raise MalformedBinaryError(msg)
    machine, sections, optional_size, characteristics = FILE_HEADER.unpack_from(
        head, len(SIGNATURE)
    )
    optional_at = start + len(head)
    optional = _exactly(source, optional_at, optional_size)
    form = OPTIONAL_HEADER.get(_MAGIC.unpack_from(optional)[0]) if len(optional) > 1 else None
    if form is None or len(optional) < form.size:
        msg = "has no optional header, or one of an unknown kind"
        raise MalformedBinaryError(msg)
    code_size, entry_point, base, alignment, size, subsystem, count = form.unpack_from(optional)
    if sections > PE_SECTIONS:
        msg = f"has {sections} sections, more than {PE_SECTIONS}"
        raise BeyondBoundsError(msg)
    tables = optional[form.size : form.size + min(count, _DIRECTORIES) * DIRECTORY.size]
    return Header(
        machine=machine,
        characteristics=characteristics,
        is_64_bit=form is OPTIONAL_HEADER[PE32_PLUS],
        base=base,
        code_size=code_size,
        entry_point=entry_point,
        size=size,
        subsystem=subsystem,
        directories=tuple(
            DIRECTORY.unpack_from(tables, at)[0]
            for at in range(0, len(tables) - DIRECTORY.size + 1, DIRECTORY.size)
        ),
        sections=_sections(source, optional_at + optional_size, sections, alignment),
    )


def _sections(source: ByteSource, at: int, count: int, alignment: int) -> tuple[Section, ...]:
    content = _exactly(source, at, count * SECTION.size)
    found = []
    for memory_size, address, file_size, offset in SECTION.iter_unpack(content):
        # Linkers may leave out what rounds the last section up to the alignment.
        if file_size and offset + file_size > source.size + max(alignment, SECTOR):
            msg = f"is cut short: a section ends at byte {offset + file_size} of {source.size}"
            raise MalformedBinaryError(msg)
        found.append(
            Section(
                address=address,
                memory_size=memory_size or file_size,
                offset=offset - offset % SECTOR if alignment >= SECTOR else offset,
                file_size=file_size,
            )
        )
    return tuple(found)


def _exactly(source: ByteSource, offset: int, length: int) -> bytes:
    content = source.read_at(offset, length)
    if len(content) < length:
        msg = "is cut short within its headers"
        raise MalformedBinaryError(msg)
    return content
