"""Mach-O: whole files, and each of their tables behind sound headers."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from io import BytesIO

from builders.linkedit import Bind, chained, opcodes, trie, uleb
from builders.macho_bytes import (
    CPU,
    DYLIB_USE_MARKER,
    DYNAMIC_LOOKUP,
    LC_LOAD_DYLIB,
    Linkedit,
    Part,
    Symbol,
    archive,
    dylib_use,
    fat,
    thin,
)
from fuzz.dyld_reference import BrokenError, binds_of, is_exported
from fuzz.native_promises import check_native
from fuzz.taken import Taken, choices, counted, worded
from fuzz.target import FuzzTarget
from pip_archguard.binaries import FileSource
from pip_archguard.binaries.macho.opcodes import run_opcodes
from pip_archguard.binaries.macho.trie import find_exports
from pip_archguard.errors import BinaryProblemError, UnfusableError, UnreadableWheelError
from pip_archguard.fusing.static_library import library_place
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

ARCHS = (Arch.ARM64, Arch.X86_64, Arch.ARM64E, Arch.X86_64H, Arch.I386, Arch.PPC, Arch.PPC64)
KINDS = (Kind.BUNDLE, Kind.DYLIB, Kind.EXECUTABLE, Kind.OBJECT, Kind.DSYM, Kind.OTHER)
FLAT = [("_a", DYNAMIC_LOOKUP), ("_b", DYNAMIC_LOOKUP), ("_e", 1)]
BINDS: list[Bind] = [("_a", 1, False), ("_b", -2, False), ("_long_name", 20, True)]
NAMES = ["_PyInit__c", "_PyInit_n", "_e", "_ex", "_a"]
WANTED = tuple(name.encode() for name in (*NAMES, "_f", "_none", "", "_", "\u00e9"))
EVERY = range(-(1 << 16), 1 << 64)


def whole_files() -> Iterator[bytes]:
    """Yield small files of each kind; those of two pages are left to `macho-universal`."""
    yield thin(undefined=FLAT, exported=NAMES, rpaths=["@loader_path"], install_name="m")
    yield thin(Arch.PPC, rpaths=["a"])
    yield thin(Arch.I386, Kind.DYLIB, install_name="m", undefined=FLAT, names_first=True)
    yield thin(Arch.X86_64, Kind.EXECUTABLE, platform=None, signed=False)
    yield thin(more=[dylib_use(LC_LOAD_DYLIB, "@rpath/a.dylib", 3)], undefined=FLAT, dysymtab=False)
    binds, names = chained(BINDS), trie(NAMES, ["_f"])
    yield thin(dylibs=["m"], linkedit=Linkedit(chained=binds, trie=names))
    runs = opcodes(BINDS)
    yield thin(dylibs=["m"], linkedit=Linkedit(bind=runs, lazy=runs, info_trie=names))
    yield fat([thin(Arch.X86_64), thin(Arch.I386)], align=5)
    yield fat([Part(content=archive(thin(kind=Kind.OBJECT)), cpu_type=7)], table_bits=64, align=3)


def check_universal(data: bytes) -> None:
    """Read a universal file whose slices and table are chosen."""
    taken = Taken(data)
    table_bits, hides, align = taken.pick((32, 64)), taken.flag(), taken.pick((14, 12, 3))
    count = taken.pick((None, 0, 1, 2, 16, 17, 44))
    parts = [_part(taken) for _ in range(1 + taken.below(4))]
    hidden = _part(taken) if hides else None
    content = fat(parts, table_bits=table_bits, align=align, hidden=hidden, count=count)
    check_native(taken.patched(content))


def _part(taken: Taken) -> Part:
    arch, kind, lies = taken.pick(ARCHS), taken.pick(KINDS), taken.below(16)
    undefined = FLAT[: taken.below(4)]
    content = thin(arch, kind, undefined=undefined, exported=NAMES[: taken.below(6)])
    other = CPU[taken.pick(ARCHS)]
    return Part(
        content=archive(content) if lies == 1 else content,
        cpu_type=other[0] if lies in (1, 2) else None,
        cpu_subtype=other[1] if lies in (1, 2) else None,
        offset=taken.number(4) if lies == 4 else None,
        size=taken.number(4) if lies == 8 else None,
    )


def check_commands(data: bytes) -> None:
    """Read a slice with these load commands behind sound ones."""
    taken = Taken(data)
    arch, kind = taken.pick(ARCHS), taken.pick(KINDS)
    more: list[bytes] = []
    while taken.left and len(more) < 64:
        number = taken.pick(_COMMANDS)
        body = taken.some()
        size = 8 + len(body) if taken.flag() else taken.number()
        order = ">II" if arch in (Arch.PPC, Arch.PPC64) else "<II"
        more.append(struct.pack(order, number, size) + body)
    check_native(thin(arch, kind, more=more, undefined=FLAT))


_COMMANDS = (
    *(0x2, 0xB, 0xC, 0xD, 0x1D, 0x20, 0x22, 0x24, 0x25, 0x2F, 0x30, 0x32, 0x1B, 0x80000018),
    *(0x8000001C, 0x8000001F, 0x80000022, 0x80000023, 0x80000033, 0x80000034, 0x7FFFFFFF),
)


def commands() -> Iterator[bytes]:
    """Yield load commands that are sound."""
    for arch in (0, 1, 5):
        name = (24).to_bytes(4, "little") + bytes(12) + b"@rpath/a.dylib\0\0"
        marked = (28).to_bytes(4, "little") + DYLIB_USE_MARKER.to_bytes(4, "little")
        marked += bytes(8) + b"\x03\0\0\0@rpath/b.dylib\0\0"
        for number, body in ((2, name), (3, name), (2, marked), (14, b"\x0c\0\0\0@loader_path\0")):
            yield choices(arch, 0, number) + counted(body + bytes(-len(body) % 8)) + b"\1"
        yield choices(arch, 1, 11) + counted(bytes([1, 0, 0, 0, 0, 0, 14, 0] + [0] * 8)) + b"\1"


def check_chained(data: bytes) -> None:
    """Read a slice with this content as its chained fixups."""
    taken = Taken(data)
    arch, two_level = taken.pick(ARCHS), taken.below(8)
    form = Linkedit(chained=taken.rest(), trie=trie(NAMES))
    dylibs = [f"@rpath/{n}.dylib" for n in range(3)]
    check_native(thin(arch, dylibs=dylibs, linkedit=form, flags=0x80 if two_level else 0))


def check_opcodes(data: bytes) -> None:
    """Read a slice with these instructions for binding; they say what dyld finds in them."""
    taken = Taken(data)
    eager, lazy = taken.some(), taken.rest()
    for run, is_lazy in ((eager, False), (lazy, True)):
        try:
            expected: set[tuple[int, bytes]] | None = set(binds_of(run, lazy=is_lazy))
        except BrokenError:
            expected = None
        try:
            found: set[tuple[int, bytes]] | None = set(run_opcodes(run, EVERY, lazy=is_lazy))
        except BinaryProblemError:
            found = None
        assert found == expected
    form = Linkedit(bind=eager, lazy=lazy)
    check_native(thin(dylibs=[f"@rpath/{n}.dylib" for n in range(3)], linkedit=form))


def check_trie(data: bytes) -> None:
    """Look for names in this export trie: each is found just where dyld finds it."""
    found = _found(data, WANTED)
    alone = [_found(data, (name,)) for name in WANTED]
    for name, one in zip(WANTED, alone, strict=True):
        if one is not None:
            assert (name in one) == is_exported(data, name)
    if found is not None:
        assert all(one is not None for one in alone)
        assert found == frozenset().union(*(one for one in alone if one is not None))
    check_native(thin(linkedit=Linkedit(trie=data)))


def _found(data: bytes, names: Iterable[bytes]) -> frozenset[bytes] | None:
    try:
        return find_exports(data, names)
    except BinaryProblemError:
        return None


def check_symbols(data: bytes) -> None:
    """Read a slice with this symbol table."""
    taken = Taken(data)
    arch, names_first, has_ranges = taken.pick(ARCHS), taken.flag(), taken.flag()
    place = (taken.number(), taken.number()) if taken.flag() else None
    symbols: list[Symbol] = []
    while taken.left and len(symbols) < 100:
        moved = taken.number(2) if taken.flag() else None
        symbols.append(
            Symbol(
                name=taken.word(),
                kind=taken.number(),
                description=taken.number(2),
                value=taken.number(),
                name_at=moved,
            )
        )
    content = thin(
        arch,
        dylibs=["@rpath/a.dylib", "/usr/lib/libSystem.B.dylib"],
        symbols=symbols,
        undefined=FLAT,
        exported=NAMES,
        names_first=names_first,
        dysymtab=has_ranges,
        undefined_range=place,
    )
    check_native(taken.patched(content))


def check_library(data: bytes) -> None:
    """A static library is one slice for one processor, or an error of ours."""
    try:
        place = library_place(FileSource(BytesIO(data)))
    except (UnfusableError, UnreadableWheelError):
        return
    assert (place.offset, place.size) == (0, len(data))


def symbols() -> Iterator[bytes]:
    """Yield symbols of each kind."""
    for kind, description in ((1, 0xFE00), (1, 0x0100), (0x41, 0x0140), (0xF, 0), (0x24, 0)):
        entry = b"\0" + worded("_x") + choices(kind) + description.to_bytes(2, "little") + b"\0"
        yield choices(0, 0, 1, 0) + entry
        yield choices(1, 1, 0, 0) + entry * 2


MACHO = (
    FuzzTarget(
        name="macho",
        promise="any bytes behind a magic are read, the same on disk and in a wheel",
        check=check_native,
        seeds=whole_files,
    ),
    FuzzTarget(
        name="macho-universal",
        promise="a table of slices that lies is told, and what is copied lies within the file",
        check=check_universal,
        seeds=lambda: [
            choices(bits, hides, 0, 0, 1, 0, 0, 0, 3, 5, 0, 1, 0, 0, 3, 5, 0)
            for bits in (0, 1)
            for hides in (0, 1)
        ],
        longest=512,
    ),
    FuzzTarget(
        name="macho-commands",
        promise="any load commands are read",
        check=check_commands,
        seeds=commands,
        longest=1024,
    ),
    FuzzTarget(
        name="macho-chained",
        promise="any chained fixups are read",
        check=check_chained,
        seeds=lambda: [choices(arch, 1) + chained(BINDS, n) for n in (1, 2, 3) for arch in (0, 1)],
        longest=1024,
    ),
    FuzzTarget(
        name="macho-opcodes",
        promise="any instructions for binding say what a plain walk of them says",
        check=check_opcodes,
        seeds=lambda: [counted(opcodes(BINDS)) + opcodes(BINDS), counted(b"\xc0" + uleb(9) * 2)],
        longest=1024,
    ),
    FuzzTarget(
        name="macho-trie",
        promise="a name is exported just where dyld's `trieWalk` finds it",
        check=check_trie,
        seeds=lambda: [trie(NAMES, ["_f"]), trie([""]), b"\0\0", b"\0\1\0\0"],
        longest=1024,
    ),
    FuzzTarget(
        name="macho-symbols",
        promise="any symbol table is read",
        check=check_symbols,
        seeds=symbols,
        longest=1024,
    ),
    FuzzTarget(
        name="static-library",
        promise="an archive is one slice, or an error of ours",
        check=check_library,
        seeds=lambda: [
            archive(thin(kind=Kind.OBJECT), thin(kind=Kind.OBJECT)),
            archive(b"#1/4".ljust(16)),
        ],
    ),
)
"""The targets of this format."""
