"""Flat look-ups from what dyld goes by: bind opcodes and chained imports."""

from __future__ import annotations

import struct

import pytest

from builders.linkedit import Bind, chained
from builders.macho_bytes import DYNAMIC_LOOKUP, Linkedit, facts_of, fat, thin
from pip_archguard.binaries.bounds import BINDS, NAME_LENGTH, SYMBOLS
from pip_archguard.model.arch import Arch

X86_64 = thin(Arch.X86_64)

# <mach-o/loader.h>: BIND_OPCODE_* with an immediate value in the low bits.
FLAT, SELF, MAIN = b"\x3e", b"\x30", b"\x3f"
LIBRARY, LIBRARY_ULEB = b"\x11", b"\x20\x90\x01"
TYPE, SEGMENT, ADDEND, ADVANCE = b"\x51", b"\x72\x80\x02", b"\x60\x7f", b"\x80\x08"
BIND, BIND_ADD, BIND_SCALED, BIND_TIMES = b"\x90", b"\xa0\x08", b"\xb1", b"\xc0\x03\x88\x01"
TABLE, APPLY, DONE = b"\xd0\x04", b"\xd1", b"\0"


def symbol(name: str, *, weak: bool = False) -> bytes:
    return bytes([0x40 | weak]) + name.encode() + b"\0"


def lookups(linkedit: Linkedit) -> tuple[tuple[str, ...] | None, str | None]:
    """Read an arm64 slice whose symbol table says something else than what dyld goes by."""
    binary = facts_of(
        fat([X86_64, thin(linkedit=linkedit, undefined=[("_nlist", DYNAMIC_LOOKUP)])])
    )
    return binary.slices[1].flat_lookups, binary.problem


def opcodes(*parts: bytes, lazy: bool = False) -> tuple[tuple[str, ...] | None, str | None]:
    code = b"".join(parts)
    return lookups(Linkedit(lazy=code) if lazy else Linkedit(bind=code))


@pytest.mark.parametrize("lazy", [False, True], ids=["at once", "lazily"])
def test_a_name_bound_with_the_flat_ordinal_is_a_flat_lookup(*, lazy: bool) -> None:
    parts = (FLAT, symbol("_a"), TYPE, SEGMENT, BIND, symbol("_b"), BIND, DONE, DONE)

    assert opcodes(*parts, lazy=lazy) == (("_a", "_b"), None)


@pytest.mark.parametrize("bind", [BIND, BIND_ADD, BIND_SCALED, BIND_TIMES], ids=bytes.hex)
def test_each_way_to_bind_counts(bind: bytes) -> None:
    assert opcodes(symbol("_a"), FLAT, ADDEND, ADVANCE, bind, TABLE, APPLY) == (("_a",), None)


@pytest.mark.parametrize("ordinal", [LIBRARY, LIBRARY_ULEB, SELF, MAIN, b""], ids=bytes.hex)
def test_a_name_of_a_library_is_no_flat_lookup(ordinal: bytes) -> None:
    assert opcodes(FLAT if ordinal else b"", ordinal, symbol("_a"), BIND) == ((), None)


@pytest.mark.parametrize(
    "parts",
    [(FLAT, symbol("_a", weak=True), BIND), (FLAT, symbol("_PyLong_Type"), BIND), (FLAT, BIND), ()],
    ids=["weak", "Python's", "no name", "nothing"],
)
def test_what_cannot_be_missing_is_left_out(parts: tuple[bytes, ...]) -> None:
    assert opcodes(*(parts or (DONE,))) == ((), None)


def test_instructions_end_when_they_are_done() -> None:
    parts = (FLAT, symbol("_a"), BIND, DONE, b"\xff", symbol("_b"), BIND)

    assert opcodes(*parts) == (("_a",), None)


def test_lazy_instructions_are_done_after_each_symbol() -> None:
    parts = (FLAT, symbol("_a"), BIND, DONE, FLAT, symbol("_b"), BIND, DONE)

    assert opcodes(*parts, lazy=True) == (("_a", "_b"), None)


def test_a_name_counts_with_the_ordinal_it_is_bound_with() -> None:
    parts = (LIBRARY, symbol("_a"), BIND, FLAT, ADDEND, BIND, symbol("_b"), LIBRARY, BIND)

    assert opcodes(*parts) == (("_a",), None)


def test_long_runs_of_instructions_are_read() -> None:
    parts = (symbol("_a"), SEGMENT * 500, FLAT, BIND_ADD * 500, symbol("_b"), BIND * 5000)

    assert opcodes(*parts) == (("_a", "_b"), None)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((b"\x40_a",), id="name without an end"),
        pytest.param((FLAT, b"\x70"), id="number missing"),
        pytest.param((b"\x80\xff",), id="number without an end"),
        pytest.param((b"\x20\xff",), id="ordinal without an end"),
        pytest.param((b"\x80" + b"\xff" * 10 + b"\0",), id="number of more than 64 bits"),
        pytest.param((FLAT, b"\xe0"), id="no such instruction"),
    ],
)
def test_broken_opcodes_are_a_problem(parts: tuple[bytes, ...]) -> None:
    problem = opcodes(*parts)[1]

    assert problem == "its arm64 code has broken instructions for binding"


def test_a_table_larger_than_any_should_be_is_a_problem() -> None:
    problem = lookups(Linkedit(bind=bytes(BINDS + 1)))[1]

    assert problem == f"its arm64 code has a table of more than {BINDS} bytes of names"


@pytest.mark.parametrize("size", [60_000, BINDS + 1], ids=["small", "beyond the bound"])
def test_a_table_that_runs_past_its_slice_is_a_problem(size: int) -> None:
    problem = lookups(Linkedit(bind=BIND, size=size))[1]

    assert problem == "its arm64 code is cut short"


BINDINGS: list[Bind] = [("_a", -2, False), ("_b", 1, False), ("_c", -2, True), ("_d", -3, False)]


@pytest.mark.parametrize("layout", [1, 2, 3], ids=["plain", "addend", "addend64"])
def test_chained_imports_with_the_flat_ordinal_are_flat_lookups(layout: int) -> None:
    assert lookups(Linkedit(chained=chained(BINDINGS, layout))) == (("_a",), None)


def test_an_empty_list_of_imports_holds_nothing() -> None:
    assert lookups(Linkedit(chained=b"")) == ((), None)


def test_a_very_long_name_is_cut() -> None:
    names: list[Bind] = [("_" + letter * 9000, -2, False) for letter in "ab"]

    cut = ("_" + "a" * (NAME_LENGTH - 1), "_" + "b" * (NAME_LENGTH - 1))
    assert lookups(Linkedit(chained=chained(names))) == (cut, None)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\1" * 20, id="header"),
        pytest.param(chained(BINDINGS)[:40], id="entries"),
        pytest.param(chained(BINDINGS[:1])[:-1], id="names"),
        pytest.param(struct.pack("<7I", 0, 0, 28, 28, 1, 1, 0), id="entries among the names"),
        pytest.param(struct.pack("<7I", 0, 0, 28, 28, 0, 9, 0), id="layout"),
        pytest.param(chained(BINDINGS, packing=1), id="packing"),
    ],
)
def test_a_broken_list_of_imports_is_a_problem(data: bytes) -> None:
    problem = lookups(Linkedit(chained=data))[1]

    assert problem == "its arm64 code has a broken list of imports"


def test_more_imports_than_any_file_should_have_are_a_problem() -> None:
    count = SYMBOLS + 1
    data = struct.pack("<7I", 0, 0, 28, 28 + 4 * count, count, 1, 0) + bytes(4 * count + 1)

    problem = lookups(Linkedit(chained=data))[1]

    assert problem == f"its arm64 code has more than {SYMBOLS} imports"
