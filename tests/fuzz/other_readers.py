"""What lief reads of the same bytes, where it takes them.

Only what both define is compared. Nothing is compared of a file of which we say that something
is wrong, for lief goes on where the system's loader gives up, nor of names that are more than
printable ASCII, which lief decodes in its own ways.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from io import BytesIO
from itertools import takewhile
from typing import Any

from fuzz.elf_pe_targets import elf_files, pe_files
from fuzz.macho_targets import whole_files
from fuzz.native_promises import MODULE
from fuzz.target import FuzzTarget
from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.binaries.elf.header import PT_DYNAMIC, offset_of, read_header, read_segments
from pip_archguard.model.binary import Binary, Format, Kind, Slice

_ARCHIVE = b"!<arch>\n"
_KINDS = {1: Kind.OBJECT, 2: Kind.EXECUTABLE, 6: Kind.DYLIB, 8: Kind.BUNDLE, 10: Kind.DSYM}
_TWO_LEVEL = 0x80  # MH_TWOLEVEL of <mach-o/loader.h>
_LOADING = {0xC, 0x80000018, 0x8000001F, 0x20, 0x80000023}
_ID, _RPATH, _SIGNATURE = 0xD, 0x8000001C, 0x1D
_STRTAB, _SONAME = 5, 14  # <elf.h>


@cache
def _lief() -> Any:
    lief: Any = importlib.import_module("lief")
    lief.logging.disable()
    # For a number that is none of its names, which is what a fuzzer makes.
    warnings.filterwarnings("ignore", category=RuntimeWarning, message=".* is not a valid ")
    return lief


def check_macho(content: bytes) -> None:
    """Processors, libraries, run paths and names of the slices are those that lief reads.

    Bound and exported names are not compared: lief looks for them by the addresses of
    segments, which the files here are too small to have. `tests/unit` and the corpus do it.
    """
    binary = sound(content, Format.MACH_O)
    if binary is None or _ARCHIVE in content:
        return
    # Without this name lief would free the file while its slices are still read.
    fat = _lief().MachO.parse(content)
    ours = {(piece.cpu_type, piece.cpu_subtype): piece for piece in binary.slices}
    for theirs in fat or ():
        # lief passes over slices that it cannot read, and knows no hidden one.
        head = theirs.header
        piece = ours[_number(head.cpu_type) & 0xFFFFFFFF, head.cpu_subtype & 0xFFFFFFFF]
        assert _KINDS.get(_number(head.file_type), Kind.OTHER) is piece.kind
        assert bool(head.flags & _TWO_LEVEL) is piece.two_level
        commands = [(_number(c.command) & 0xFFFFFFFF, c) for c in theirs.commands]
        assert any(n == _SIGNATURE for n, _ in commands) is piece.signed
        linked = [c.name for n, c in commands if n in _LOADING]
        assert linked == [d.install_name for d in piece.dependencies]
        assert tuple(c.path for n, c in commands if n == _RPATH) == piece.rpaths
        assert next((c.name for n, c in commands if n == _ID), None) == piece.install_name


def check_elf(content: bytes) -> None:
    """Machine, libraries and name of a shared object are those that lief reads.

    Run paths are not compared: we end them where DT_STRSZ ends the strings, lief does not.
    """
    binary = sound(content, Format.ELF)
    theirs = _lief().ELF.parse(content) if binary is not None else None
    if binary is None or theirs is None:
        return
    (piece,) = binary.slices
    machine = _number(theirs.header.machine_type) & 0xFFFF
    if machine != piece.cpu_type:
        # lief takes the byte order that makes a known machine; loaders that of the header.
        assert machine.to_bytes(2, "little") == piece.cpu_type.to_bytes(2, "big")
        return
    if piece.kind is not Kind.DYLIB or "" in theirs.libraries or has_two_places(content):
        return  # lief lost the strings: it reads some tags only if they come in its order
    tags = [(_number(e.tag), e) for e in theirs.dynamic_entries]
    if _STRTAB not in dict(tags):
        return  # lief takes the beginning of the file for the strings; we tell no names
    linked = [d.install_name for d in piece.dependencies]
    assert len(linked) == len(theirs.libraries)
    # We end a name where DT_STRSZ ends the strings; lief goes on.
    assert all(t.startswith(o) for t, o in zip(theirs.libraries, linked, strict=True))
    names = [e.name for tag, e in tags if tag == _SONAME]
    if names and all(names):
        assert names[-1].startswith(piece.install_name or "")


def has_two_places(content: bytes) -> bool:
    """Whether the dynamic section has an address and an offset that contradict each other.

    Loaders go by the address, and so do we; lief by the one or the other.
    """
    source = FileSource(BytesIO(content))
    segments = read_segments(source, read_header(source))
    places = {(offset_of(s.address, segments), s.offset) for s in segments if s.type == PT_DYNAMIC}
    return len(places) > 1 or any(found != said for found, said in places)


def check_pe(content: bytes) -> None:
    """Machine and imported libraries are those that lief reads.

    lief goes on behind a row without a thunk, where Windows ends, and reads no delayed
    imports of Visual C++ 6. Where another table is broken it stops before the imports.
    """
    binary = sound(content, Format.PE)
    theirs = _pe_by_lief(content) if binary is not None else None
    if binary is None or theirs is None:
        return
    piece = binary.slices[0]
    machine, names = theirs
    assert machine == piece.cpu_type
    ours = [d.install_name for d in piece.dependencies if not d.weak]
    if names and ours:
        assert dict.fromkeys(names) == dict.fromkeys(ours)


def _pe_by_lief(content: bytes) -> tuple[int, list[str]] | None:
    """Return machine and imported libraries, None where lief has no answer."""
    try:
        theirs = _lief().PE.parse(content)
        if theirs is None:
            return None
        rows = takewhile(lambda row: row.import_address_table_rva, theirs.imports)
        return _number(theirs.header.machine), [row.name for row in rows if row.name]
    except SystemError:  # lief 1.0.0, now and then: "returned a result with an exception set"
        return None


def _number(value: Any) -> int:
    """Return the number of one of lief's names, or of what has none."""
    return int(getattr(value, "value", value))


def sound(content: bytes, wanted: Format) -> Binary | None:
    """Return what we read of a file of this format, if it is sound and its names are plain."""
    binary = read_binary(MODULE, FileSource(BytesIO(content)))
    if binary is None or binary.format is not wanted or binary.problem is not None:
        return None
    names = (name for piece in binary.slices for name in _names(piece))
    # A backslash stands for a byte that is no UTF-8.
    plain = all(n.isascii() and n.isprintable() and "\\" not in n for n in names)
    return binary if plain else None


def _names(piece: Slice) -> Iterator[str]:
    yield from (dependency.install_name for dependency in piece.dependencies)
    yield from piece.rpaths
    yield piece.install_name or ""


def _target(
    name: str, check: Callable[[bytes], object], seeds: Callable[[], Iterable[bytes]]
) -> FuzzTarget:
    return FuzzTarget(
        name=name,
        promise="what is sound for us is to lief what it is to us",
        check=check,
        seeds=seeds,
        needs="lief",
    )


OTHER_READERS = (
    _target("lief-macho", check_macho, whole_files),
    _target("lief-elf", check_elf, elf_files),
    _target("lief-pe", check_pe, pe_files),
)
"""The targets that need lief."""
