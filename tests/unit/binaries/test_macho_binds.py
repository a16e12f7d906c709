"""Flat look-ups from what dyld goes by: bind opcodes and chained imports."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import pytest

from builders.macho_bytes import DYNAMIC_LOOKUP, command, facts_of, fat, thin
from pip_archguard.binaries.bounds import BINDS
from pip_archguard.model.arch import Arch

X86_64 = thin(Arch.X86_64)
LC_DYLD_INFO_ONLY = 0x80000022
LC_DYLD_CHAINED_FIXUPS = 0x80000034

# <mach-o/loader.h>: BIND_OPCODE_* with an immediate value in the low bits.
FLAT, SELF, MAIN = b"\x3e", b"\x30", b"\x3f"
LIBRARY, LIBRARY_ULEB = b"\x11", b"\x20\x90\x01"
TYPE, SEGMENT, ADDEND, ADVANCE = b"\x51", b"\x72\x80\x02", b"\x60\x7f", b"\x80\x08"
BIND, BIND_ADD, BIND_SCALED, BIND_TIMES = b"\x90", b"\xa0\x08", b"\xb1", b"\xc0\x03\x88\x01"
TABLE, APPLY, DONE = b"\xd0\x04", b"\xd1", b"\0"


def symbol(name: str, *, weak: bool = False) -> bytes:
    return bytes([0x40 | weak]) + name.encode() + b"\0"


def with_data(number: int, data: bytes, fields: str, *, size: int | None = None) -> bytes:
    """Write an arm64 slice whose command `number` points at data behind the load commands."""
    claimed = len(data) if size is None else size

    def write(at: int) -> bytes:
        places = {"chained": (at, claimed), "bind": (0, 0, at, claimed, 0, 0, 0, 0, 0, 0)}
        places["lazy"] = (0, 0, 0, 0, 0, 0, at, claimed, 0, 0)
        values = places[fields]
        body = struct.pack(f"<{len(values)}I", *values)
        return thin(more=[command(number, body)], body=data, undefined=[("_nlist", DYNAMIC_LOOKUP)])

    return write(write(0).index(data) if data else 0)


def lookups(content: bytes) -> tuple[tuple[str, ...] | None, str | None]:
    binary = facts_of(fat([X86_64, content]))
    return binary.slices[1].flat_lookups, binary.problem


def opcodes(*parts: bytes, fields: str = "bind") -> tuple[tuple[str, ...] | None, str | None]:
    return lookups(with_data(LC_DYLD_INFO_ONLY, b"".join(parts), fields))


@pytest.mark.parametrize("fields", ["bind", "lazy"])
def test_a_name_bound_with_the_flat_ordinal_is_a_flat_lookup(fields: str) -> None:
    parts = (FLAT, symbol("_a"), TYPE, SEGMENT, BIND, symbol("_b"), BIND, DONE, DONE)

    assert opcodes(*parts, fields=fields) == (("_a", "_b"), None)


@pytest.mark.parametrize("bind", [BIND, BIND_ADD, BIND_SCALED, BIND_TIMES], ids=bytes.hex)
def test_each_way_to_bind_counts(bind: bytes) -> None:
    assert opcodes(symbol("_a"), FLAT, ADDEND, ADVANCE, bind, TABLE, APPLY) == (("_a",), None)


@pytest.mark.parametrize("ordinal", [LIBRARY, LIBRARY_ULEB, SELF, MAIN, b""], ids=bytes.hex)
def test_a_name_of_a_library_is_no_flat_lookup(ordinal: bytes) -> None:
    assert opcodes(FLAT if ordinal else b"", ordinal, symbol("_a"), BIND) == ((), None)


@pytest.mark.parametrize(
    "parts",
    [(FLAT, symbol("_a", weak=True), BIND), (FLAT, symbol("_PyLong"), BIND), (FLAT, BIND), ()],
    ids=["weak", "Python's", "no name", "nothing"],
)
def test_what_cannot_be_missing_is_left_out(parts: tuple[bytes, ...]) -> None:
    assert opcodes(*(parts or (DONE,))) == ((), None)


@pytest.mark.parametrize("parts", [(b"\x40_a",), (FLAT, b"\x70"), (b"\x80\xff",)], ids=repr)
def test_broken_opcodes_are_a_problem(parts: tuple[bytes, ...]) -> None:
    # The instructions must be the last of the slice for their end to be missing.
    problem = lookups(with_data(LC_DYLD_INFO_ONLY, b"".join(parts), "bind"))[1]

    assert problem == "its arm64 code has broken instructions for binding"


@pytest.mark.parametrize(
    ("size", "problem"),
    [(BINDS + 1, "has more than 16777216 bytes of names to bind"), (BINDS, "is cut short")],
    ids=["beyond the bound", "beyond the slice"],
)
def test_a_size_that_cannot_be_is_a_problem(size: int, problem: str) -> None:
    content = with_data(LC_DYLD_INFO_ONLY, b"\x90", "bind", size=size)

    assert lookups(content)[1] == f"its arm64 code {problem}"


Import = tuple[str, int, bool]


def chained(imports: Sequence[Import], layout: int = 1, *, packed: bool = False) -> bytes:
    """Return dyld_chained_fixups data, as <mach-o/fixup-chains.h> lays it out."""
    entries, names = b"", b"\0"
    for name, ordinal, weak in imports:
        at = len(names)
        names += name.encode() + b"\0"
        match layout:
            case 1 | 2:
                entries += struct.pack("<I", ordinal & 0xFF | weak << 8 | at << 9)
                entries += b"\0\0\0\0" * (layout - 1)
            case _:
                entries += struct.pack("<QQ", ordinal & 0xFFFF | weak << 16 | at << 32, 0)
    names_at = 28 + len(entries)
    blob = zlib.compress(names) if packed else names
    header = (0, 0, 28, names_at, len(imports), layout, int(packed))
    return struct.pack("<7I", *header) + entries + blob


IMPORTS = [("_a", -2, False), ("_b", 1, False), ("_c", -2, True), ("_d", -3, False)]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "zlib"])
@pytest.mark.parametrize("layout", [1, 2, 3], ids=["plain", "addend", "addend64"])
def test_chained_imports_with_the_flat_ordinal_are_flat_lookups(
    layout: int, *, packed: bool
) -> None:
    content = with_data(LC_DYLD_CHAINED_FIXUPS, chained(IMPORTS, layout, packed=packed), "chained")

    assert lookups(content) == (("_a",), None)


def test_an_empty_list_of_imports_holds_nothing() -> None:
    assert lookups(with_data(LC_DYLD_CHAINED_FIXUPS, b"", "chained")) == ((), None)


@pytest.mark.parametrize(
    "data",
    [
        b"\1" * 20,
        chained(IMPORTS, 1)[:40],
        chained(IMPORTS, 1)[:-3],
        struct.pack("<7I", 0, 0, 28, 28, 1, 9, 0),
        struct.pack("<7I", 0, 0, 28, 32, 1, 1, 1) + struct.pack("<I", 0xFE) + b"no zlib",
    ],
    ids=["header", "entries", "names", "layout", "packing"],
)
def test_a_broken_list_of_imports_is_a_problem(data: bytes) -> None:
    problem = lookups(with_data(LC_DYLD_CHAINED_FIXUPS, data, "chained"))[1]

    assert problem == "its arm64 code has a broken list of imports"
