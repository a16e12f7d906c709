"""The header of an ELF file and the table of segments, which is all that loaders go by."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pip_archguard.binaries.bounds import PROGRAM_HEADERS
from pip_archguard.binaries.elf.machine import arch_of
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BeyondBoundsError, BrokenSymbolsError, MalformedBinaryError
from pip_archguard.model.arch import Arch

ET_REL, ET_EXEC, ET_DYN = 1, 2, 3
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3

_IDENT = 16  # EI_NIDENT
_CLASSES = {1: False, 2: True}  # ELFCLASS32, ELFCLASS64
_ORDERS = {1: "<", 2: ">"}  # ELFDATA2LSB, ELFDATA2MSB
_CURRENT = 1  # EV_CURRENT
_EHDR = {False: "HHIIIIIHHH", True: "HHIQQQIHHH"}  # Elf32_Ehdr, Elf64_Ehdr as far as e_phnum
_PHDR = {False: "IIIIIIII", True: "IIQQQQQQ"}  # Elf32_Phdr, Elf64_Phdr


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One entry of the program headers: a part of the file, and where it lies in memory."""

    type: int
    offset: int
    address: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first bytes of a file say; `order` is that of the `struct` module."""

    order: str
    is_64_bit: bool
    type: int
    machine: int
    flags: int
    table_at: int
    entry_size: int
    entries: int

    @property
    def arch(self) -> Arch:
        """The architecture that the code was compiled for."""
        return arch_of(self.machine, self.order, is_64_bit=self.is_64_bit)


def read_exactly(source: ByteSource, offset: int, length: int) -> bytes:
    """Return `length` bytes; raise MalformedBinaryError if the file ends before."""
    content = source.read_at(offset, length) if offset + length <= source.size else b""
    if len(content) < length:
        msg = "is cut short"
        raise MalformedBinaryError(msg)
    return content


def read_header(source: ByteSource) -> Header:
    """Return the header of a file, whichever its byte order and width."""
    ident = read_exactly(source, 0, _IDENT)
    is_64_bit, order = _CLASSES.get(ident[4]), _ORDERS.get(ident[5])
    if is_64_bit is None or order is None or ident[6] != _CURRENT:
        msg = "has an ELF header that no loader knows"
        raise MalformedBinaryError(msg)
    layout = struct.Struct(order + _EHDR[is_64_bit])
    found = layout.unpack(read_exactly(source, _IDENT, layout.size))
    return Header(
        order=order,
        is_64_bit=is_64_bit,
        type=found[0],
        machine=found[1],
        flags=found[6],
        table_at=found[4],
        entry_size=found[8],
        entries=found[9],
    )


def read_segments(source: ByteSource, header: Header) -> tuple[Segment, ...]:
    """Return all segments, refusing what ld.so refuses (glibc `dl-load.c`)."""
    layout = struct.Struct(header.order + _PHDR[header.is_64_bit])
    if header.entry_size != layout.size:
        msg = "has segments of a strange size"
        raise MalformedBinaryError(msg)
    if header.entries > PROGRAM_HEADERS:
        msg = f"has more than {PROGRAM_HEADERS} segments"
        raise BeyondBoundsError(msg)
    table = read_exactly(source, header.table_at, header.entries * layout.size)
    segments = tuple(_segment(fields, header) for fields in layout.iter_unpack(table))
    loaded = [s for s in segments if s.type == PT_LOAD]
    if not loaded:
        msg = "has nothing to load"
        raise MalformedBinaryError(msg)
    if any(s.offset + s.size > source.size for s in loaded):
        msg = "is cut short"
        raise MalformedBinaryError(msg)
    return segments


def _segment(fields: tuple[int, ...], header: Header) -> Segment:
    at = (0, 2, 3, 5) if header.is_64_bit else (0, 1, 2, 4)
    kind, offset, address, size = (fields[i] for i in at)
    return Segment(type=kind, offset=offset, address=address, size=size)


def offset_of(address: int, segments: tuple[Segment, ...]) -> int:
    """Return where in the file an address lies."""
    for segment in segments:
        if segment.type == PT_LOAD and 0 <= address - segment.address < segment.size:
            return address - segment.address + segment.offset
    msg = "has a dynamic section that leads nowhere"
    raise BrokenSymbolsError(msg)
