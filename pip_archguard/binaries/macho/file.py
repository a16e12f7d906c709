"""A whole Mach-O file, thin or universal."""

from __future__ import annotations

from dataclasses import replace

from pip_archguard.binaries.macho.commands import slice_of
from pip_archguard.binaries.macho.cpu import CPU_TYPE_ARM64, CPU_TYPE_X86_64
from pip_archguard.binaries.macho.declarations import FAT_MAGIC, FAT_MAGIC_64
from pip_archguard.binaries.macho.header import Code, read_commands, read_header
from pip_archguard.binaries.macho.symbols import read_flat_lookups
from pip_archguard.binaries.macho.universal import Record, check_label, check_record, read_table
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import MalformedBinaryError
from pip_archguard.model.binary import Binary, Format, Kind, Slice

_FAT_MAGICS = (FAT_MAGIC.to_bytes(4, "big"), FAT_MAGIC_64.to_bytes(4, "big"))
_ARCHIVE_MAGIC = b"!<arch>\n"  # ARMAG of <ar.h>
_LIBRARIES = (Kind.BUNDLE, Kind.DYLIB)
_FAMILIES = frozenset({CPU_TYPE_ARM64, CPU_TYPE_X86_64})


def read_macho(path: str, source: ByteSource) -> Binary:
    """Return the slices of a Mach-O file and the first thing that is wrong with it."""
    code = Code(source=source, offset=0, size=source.size)
    slices: tuple[Slice, ...] = ()
    try:
        if code.read(0, 4) in _FAT_MAGICS:
            slices, problem = _read_universal(code, read_table(code))
        else:
            slices, problem = _read_thin(code)
    except MalformedBinaryError as error:
        problem = f"it {error}"
    return Binary(path=path, format=Format.MACH_O, slices=slices, problem=problem)


def _read_thin(code: Code) -> tuple[tuple[Slice, ...], str | None]:
    header = read_header(code)
    try:
        return (slice_of(header, read_commands(code, header)),), None
    except MalformedBinaryError as error:
        return (), f"its {header.arch} code {error}"


def _read_universal(
    code: Code, records: tuple[Record, ...]
) -> tuple[tuple[Slice, ...], str | None]:
    """Read slice after slice as they lie in the file, so that a stream goes forward only.

    The slices come back in the order of the table. dyld refuses the whole file for one
    bad slice; the others are read all the same, for they say what the file was meant for.
    """
    slices: dict[int, Slice] = {}
    problem = None
    comparable = {r.cpu_type for r in records} >= _FAMILIES
    for index, record in sorted(enumerate(records), key=lambda item: item[1].offset):
        try:
            check_record(record, records[:index], code.size)
            part = Code(source=code.source, offset=record.offset, size=record.size)
            if part.read(0, len(_ARCHIVE_MAGIC)) == _ARCHIVE_MAGIC:
                slices[index] = _archive(record)
                continue
            header = read_header(part)
            check_label(record, header)
            commands = read_commands(part, header)
            slices[index] = slice_of(header, commands)
            if comparable and _is_library(slices[index]):
                names = read_flat_lookups(part, header, commands)
                slices[index] = replace(slices[index], flat_lookups=names)
        except MalformedBinaryError as error:
            problem = problem or f"its {record.arch} code {error}"
    return _without_lone_lookups(tuple(slices[i] for i in sorted(slices))), problem


def _archive(record: Record) -> Slice:
    return Slice(
        arch=record.arch,
        cpu_type=record.cpu_type,
        cpu_subtype=record.cpu_subtype,
        kind=Kind.ARCHIVE,
    )


def _is_library(piece: Slice) -> bool:
    return piece.kind in _LIBRARIES and piece.cpu_type in _FAMILIES


def _without_lone_lookups(slices: tuple[Slice, ...]) -> tuple[Slice, ...]:
    """Drop look-ups that no library for the other processor family can be compared with."""
    if {s.cpu_type for s in slices if _is_library(s)} == _FAMILIES:
        return slices
    return tuple(replace(s, flat_lookups=None) for s in slices)
