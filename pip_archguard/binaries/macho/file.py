"""A whole Mach-O file, thin or universal."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pip_archguard.binaries.bounds import LONE_SLICE
from pip_archguard.binaries.macho.commands import slice_of
from pip_archguard.binaries.macho.cpu import CPU_TYPE_ARM64, CPU_TYPE_X86_64
from pip_archguard.binaries.macho.declarations import FAT_MAGIC, FAT_MAGIC_64
from pip_archguard.binaries.macho.header import Code, Header, Piece, read_commands, read_header
from pip_archguard.binaries.macho.universal import Record, check_label, check_record, read_table
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BinaryProblemError, MalformedBinaryError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind, Slice

_FAT_MAGICS = (FAT_MAGIC.to_bytes(4, "big"), FAT_MAGIC_64.to_bytes(4, "big"))
_ARCHIVE_MAGIC = b"!<arch>\n"  # ARMAG of <ar.h>
_LIBRARIES = (Kind.BUNDLE, Kind.DYLIB)
_FAMILIES = frozenset({CPU_TYPE_ARM64, CPU_TYPE_X86_64})


Detail = Callable[[Piece], Slice]
"""Adds to the facts of a slice what its symbols say."""


class _Problem(NamedTuple):
    """What is wrong with a file, and whether dyld would mind."""

    reason: str
    malformed: bool


def read_macho(path: str, source: ByteSource, detail: Detail | None) -> Binary:
    """Return the slices of a Mach-O file and what is wrong with it.

    `detail` is asked of each library, if it is given. Of several problems the first one
    is told for which dyld refuses the file, or else the first.
    """
    code = Code(source=source, offset=0, size=source.size)
    slices: tuple[Slice, ...] = ()
    problems: list[_Problem] = []
    try:
        if code.read(0, 4) in _FAT_MAGICS:
            slices = _read_universal(code, read_table(code), detail, problems)
        else:
            slices = _read_thin(code, detail, problems)
    except BinaryProblemError as error:
        problems.append(_problem("it", error))
    told = next((p for p in problems if p.malformed), problems[0] if problems else None)
    return Binary(
        path=path,
        format=Format.MACH_O,
        slices=slices,
        problem=told.reason if told else None,
        malformed=told is not None and told.malformed,
    )


def _read_thin(code: Code, detail: Detail | None, problems: list[_Problem]) -> tuple[Slice, ...]:
    header = read_header(code)
    try:
        piece = _piece(code, header, paired=False)
    except BinaryProblemError as error:
        problems.append(_problem(f"its {header.arch} code", error))
        return ()
    return (_detailed(piece, header.arch, detail, problems),)


def _read_universal(
    code: Code, records: tuple[Record, ...], detail: Detail | None, problems: list[_Problem]
) -> tuple[Slice, ...]:
    """Read slice after slice as they lie in the file, so that a stream goes forward only.

    The slices come back in the order of the table. dyld refuses the whole file for one
    bad slice; the others are read all the same, for they say what the file was meant for.
    """
    slices: dict[int, Slice] = {}
    paired = {r.cpu_type for r in records} >= _FAMILIES
    for index, record in sorted(enumerate(records), key=lambda item: item[1].offset):
        try:
            check_record(record, records[:index], code.size)
            part = Code(source=code.source, offset=record.offset, size=record.size)
            if part.read(0, len(_ARCHIVE_MAGIC)) == _ARCHIVE_MAGIC:
                slices[index] = _archive(record)
                continue
            header = read_header(part)
            check_label(record, header)
            piece = _piece(part, header, paired=paired)
        except BinaryProblemError as error:
            problems.append(_problem(f"its {record.arch} code", error))
        else:
            slices[index] = _detailed(piece, record.arch, detail, problems)
    return _without_lone_inits(tuple(slices[i] for i in sorted(slices)))


def _piece(code: Code, header: Header, *, paired: bool) -> Piece:
    commands = read_commands(code, header)
    return Piece(
        code=code,
        header=header,
        commands=commands,
        facts=slice_of(header, commands),
        paired=paired,
    )


def _detailed(piece: Piece, arch: Arch, detail: Detail | None, problems: list[_Problem]) -> Slice:
    """Return a slice with what its symbols say; if they are not to be read, without."""
    lone = not piece.paired and piece.code.size > LONE_SLICE
    if detail is None or lone or not _is_library(piece.facts):
        return piece.facts
    try:
        return detail(piece)
    except BinaryProblemError as error:
        problems.append(_problem(f"its {arch} code", error))
        return piece.facts


def _problem(subject: str, error: BinaryProblemError) -> _Problem:
    malformed = isinstance(error, MalformedBinaryError)
    return _Problem(reason=f"{subject} {error}", malformed=malformed)


def _archive(record: Record) -> Slice:
    return Slice(
        arch=record.arch,
        cpu_type=record.cpu_type,
        cpu_subtype=record.cpu_subtype,
        kind=Kind.ARCHIVE,
    )


def _is_library(piece: Slice) -> bool:
    return piece.kind in _LIBRARIES and piece.cpu_type in _FAMILIES


def _without_lone_inits(slices: tuple[Slice, ...]) -> tuple[Slice, ...]:
    """Drop what no library for the other processor family can be compared with."""
    if {s.cpu_type for s in slices if _is_library(s)} == _FAMILIES:
        return slices
    return tuple(s._replace(exports_init=None) for s in slices)
