"""The table of slices that a universal ("fat") file begins with."""

from __future__ import annotations

from typing import NamedTuple

from pip_archguard.binaries.bounds import FAT_ARCHS
from pip_archguard.binaries.macho.cpu import CPU_TYPE_ARM64, arch_of, page_size, plain_subtype
from pip_archguard.binaries.macho.declarations import (
    FAT_ARCH,
    FAT_ARCH_64,
    FAT_HEADER,
    FAT_MAGIC_64,
    Layout,
)
from pip_archguard.binaries.macho.header import Code, Header
from pip_archguard.errors import MalformedBinaryError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

BIG_ENDIAN = ">"
"""The byte order of the table, whatever that of the slices is (<mach-o/fat.h>)."""

_MAPPED = (Kind.BUNDLE, Kind.DYLIB, Kind.EXECUTABLE)
_ARM64_SUBTYPES = (0, 1)  # CPU_SUBTYPE_ARM64_ALL, CPU_SUBTYPE_ARM64_V8
_WORD = 0xFFFFFFFF


class Record(NamedTuple):
    """One line of the table: which architecture lies where."""

    cpu_type: int
    cpu_subtype: int
    offset: int
    size: int

    @property
    def end(self) -> int:
        """The offset behind the slice."""
        return self.offset + self.size

    @property
    def arch(self) -> Arch:
        """The architecture that the table promises."""
        return arch_of(self.cpu_type, self.cpu_subtype)


def read_table(code: Code) -> tuple[Record, ...]:
    """Return the records of the table, and the hidden one where there is one."""
    fields = FAT_HEADER.unpack(code.read(0, FAT_HEADER.size), 0, BIG_ENDIAN)
    layout = FAT_ARCH_64 if fields["magic"] == FAT_MAGIC_64 else FAT_ARCH
    count = fields["nfat_arch"]
    if count > FAT_ARCHS:
        msg = f"claims to hold code for {count} architectures, more than {FAT_ARCHS}"
        raise MalformedBinaryError(msg)
    table = code.read(FAT_HEADER.size, count * layout.size)
    records = [_record(table, at, layout) for at in range(0, len(table), layout.size)]
    if layout is FAT_ARCH:
        records += _hidden(code, FAT_HEADER.size + len(table), records)
    if not records:
        msg = "holds code for no architecture"
        raise MalformedBinaryError(msg)
    return tuple(records)


def _record(table: bytes, at: int, layout: Layout) -> Record:
    fields = layout.unpack(table, at, BIG_ENDIAN)
    return Record(
        cpu_type=fields["cputype"] & _WORD,
        cpu_subtype=fields["cpusubtype"],
        offset=fields["offset"],
        size=fields["size"],
    )


def _hidden(code: Code, at: int, records: list[Record]) -> list[Record]:
    """Return the record that may lie behind the last one counted.

    lipo put arm64 there to hide it from systems that stumbled over it, and dyld
    (`FatFile::forEachSlice`) still looks. Where a slice begins there, it is none.
    """
    end = at + FAT_ARCH.size
    if end > min([code.size, *(r.offset for r in records)]):
        return []
    record = _record(code.read(at, FAT_ARCH.size), 0, FAT_ARCH)
    arm64 = record.cpu_type == CPU_TYPE_ARM64 and record.cpu_subtype in _ARM64_SUBTYPES
    return [record] if arm64 else []


def check_record(record: Record, before: tuple[Record, ...], file_size: int) -> None:
    """Refuse a record for which dyld (`Universal::valid`) would refuse the file.

    `before` are the records that stand before it in the table.
    """
    if record.end > file_size:
        msg = "lies past the end of the file"
        raise MalformedBinaryError(msg)
    cpu = (record.cpu_type, plain_subtype(record.cpu_subtype))
    if any(cpu == (other.cpu_type, plain_subtype(other.cpu_subtype)) for other in before):
        msg = "occurs twice"
        raise MalformedBinaryError(msg)
    for other in before:
        overlap = record.offset < other.end and other.offset < record.end
        if overlap and other.end <= file_size:
            msg = f"overlaps the {other.arch} code"
            raise MalformedBinaryError(msg)


def check_label(record: Record, header: Header) -> None:
    """Refuse a slice that differs from its record (dyld, `FatFile::isValidSlice`)."""
    declared = (header.cpu_type, plain_subtype(header.cpu_subtype))
    if declared != (record.cpu_type, plain_subtype(record.cpu_subtype)):
        msg = f"was compiled for another processor ({header.arch}) than its label says"
        raise MalformedBinaryError(msg)
    if header.kind in _MAPPED and record.offset % page_size(header.cpu_type):
        msg = "does not begin on a page of memory, so macOS cannot map it"
        raise MalformedBinaryError(msg)
