from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from builders.macho_bytes import (
    DYNAMIC_LOOKUP,
    LC_SYMTAB,
    N_EXT,
    N_FUN,
    N_SECT,
    N_WEAK_REF,
    Symbol,
    command,
    facts_of,
    fat,
    patched,
    thin,
)
from pip_archguard.binaries import StreamSource, read_binary
from pip_archguard.binaries.bounds import CHUNK, NAME_BYTES, NAME_LENGTH, NAMES, SYMBOLS
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

X86_64 = thin(Arch.X86_64)
FLAT = [("_b", DYNAMIC_LOOKUP), ("_a", DYNAMIC_LOOKUP), ("_c", 1)]

Lookups = tuple[str, ...] | None


def lookups_of(content: bytes) -> list[Lookups]:
    binary = facts_of(content)
    assert binary.problem is None
    return [piece.flat_lookups for piece in binary.slices]


def arm64_of(content: bytes) -> Lookups:
    """Return the flat look-ups of an arm64 slice beside an x86_64 one."""
    return lookups_of(fat([X86_64, content]))[1]


def symtab_at(content: bytes) -> int:
    """Return where the fields of LC_SYMTAB begin, found by its number and size."""
    return content.index(LC_SYMTAB.to_bytes(4, "little") + (24).to_bytes(4, "little")) + 8


def test_names_without_a_library_are_flat_lookups_sorted() -> None:
    lookups = lookups_of(fat([X86_64, thin(Arch.ARM64, undefined=FLAT)]))

    assert lookups == [(), ("_a", "_b")]


@pytest.mark.parametrize("bits", [32, 64], ids=["32-bit table", "64-bit table"])
def test_symbols_are_read_from_either_table(bits: int) -> None:
    lookups = lookups_of(fat([X86_64, thin(Arch.ARM64, undefined=FLAT)], table_bits=bits))

    assert lookups == [(), ("_a", "_b")]


def test_symbols_are_read_in_big_endian_order() -> None:
    lookups = arm64_of(thin(Arch.ARM64, undefined=FLAT, order=">"))

    assert lookups == ("_a", "_b")


def test_without_two_level_namespace_every_undefined_name_is_a_flat_lookup() -> None:
    lookups = arm64_of(thin(Arch.ARM64, undefined=FLAT, flags=0))

    assert lookups == ("_a", "_b", "_c")


@pytest.mark.parametrize(
    "symbol",
    [
        pytest.param(Symbol(name="_PyLong_Type"), id="a name of Python"),
        pytest.param(Symbol(name="__PyObject_New"), id="a private name of Python"),
        pytest.param(Symbol(name="_x", description=0x200), id="of a library"),
        pytest.param(Symbol(name="_x", kind=N_EXT | N_SECT), id="defined"),
        pytest.param(Symbol(name="_x", kind=0), id="local"),
        pytest.param(Symbol(name="_x", kind=N_FUN | N_EXT), id="debugging entry"),
        pytest.param(Symbol(name="_x", value=8), id="common symbol"),
        pytest.param(Symbol(name="_x", description=0xFE00 | N_WEAK_REF), id="weak reference"),
        pytest.param(Symbol(name="", name_at=0), id="no name"),
    ],
)
def test_some_symbols_are_no_flat_lookups(symbol: Symbol) -> None:
    lookups = arm64_of(thin(Arch.ARM64, symbols=[symbol, Symbol(name="_y")]))

    assert lookups == ("_y",)


def test_a_name_that_occurs_twice_counts_once() -> None:
    lookups = arm64_of(thin(Arch.ARM64, undefined=[FLAT[0], FLAT[0]]))

    assert lookups == ("_b",)


def test_only_the_undefined_symbols_are_looked_at_where_they_are_set_apart() -> None:
    symbols = [Symbol(name="_out"), Symbol(name="_in"), Symbol(name="_too")]

    lookups = arm64_of(thin(Arch.ARM64, symbols=symbols, undefined_range=(1, 2)))

    assert lookups == ("_in", "_too")


@pytest.mark.parametrize(
    "content",
    [
        thin(Arch.ARM64, exported=["_e"], undefined=FLAT, dysymtab=False),
        thin(Arch.ARM64, exported=["_e"], undefined=FLAT, undefined_range=(3, 2)),
    ],
    ids=["no range", "a range out of bounds"],
)
def test_without_a_sane_range_all_symbols_are_looked_at(content: bytes) -> None:
    lookups = arm64_of(content)

    assert lookups == ("_a", "_b")


def test_names_may_lie_before_the_symbols() -> None:
    lookups = arm64_of(thin(Arch.ARM64, undefined=FLAT, names_first=True))

    assert lookups == ("_a", "_b")


def test_more_symbols_and_names_than_a_chunk_holds_are_read() -> None:
    names = sorted(f"_{n:06}{'x' * 40}" for n in range(CHUNK // 12))

    lookups = arm64_of(thin(Arch.ARM64, undefined=[(n, DYNAMIC_LOOKUP) for n in names]))

    assert lookups == tuple(names)


def test_a_very_long_name_is_cut() -> None:
    lookups = arm64_of(thin(Arch.ARM64, undefined=[("_" + "x" * 9000, DYNAMIC_LOOKUP)]))

    assert lookups == ("_" + "x" * (NAME_LENGTH - 1),)


@pytest.mark.parametrize(
    "slices",
    [
        pytest.param([thin(Arch.I386, undefined=FLAT)], id="of 32 bits"),
        pytest.param([thin(Arch.PPC64, undefined=FLAT)], id="of a processor of old"),
        pytest.param(
            [thin(a, Kind.EXECUTABLE, undefined=FLAT) for a in (Arch.X86_64, Arch.ARM64)],
            id="programs",
        ),
        pytest.param([thin(Arch.ARM64, Kind.OBJECT, undefined=FLAT)], id="an object"),
    ],
)
def test_what_is_no_library_of_a_mac_of_today_tells_no_symbols(slices: list[bytes]) -> None:
    lookups = lookups_of(fat(slices))

    assert lookups == [None] * len(slices)


@pytest.mark.parametrize("arch", [Arch.ARM64, Arch.ARM64E, Arch.X86_64, Arch.X86_64H], ids=str)
@pytest.mark.parametrize("in_table", [False, True], ids=["thin", "one slice"])
def test_each_library_tells_its_symbols(arch: Arch, *, in_table: bool) -> None:
    content = thin(arch, Kind.DYLIB, undefined=FLAT)

    lookups = lookups_of(fat([content]) if in_table else content)

    assert lookups == [("_a", "_b")]


def test_a_32_bit_slice_beside_two_of_64_bits_tells_none() -> None:
    lookups = lookups_of(fat([thin(Arch.I386, undefined=FLAT), X86_64, thin(Arch.ARM64)]))

    assert lookups == [None, (), ()]


def with_symtab(field: int, value: int) -> bytes:
    content = thin(Arch.ARM64, undefined=FLAT)
    return patched(content, symtab_at(content) + 4 * field, value)


def many_names(count: int) -> bytes:
    """An arm64 slice with so many flat look-ups and one more, all in one long string."""
    shared = Symbol(name="_" + "x" * count)
    return thin(
        Arch.ARM64, symbols=[shared, *(Symbol(name="", name_at=n + 2) for n in range(count))]
    )


def hollow_symbols(count: int) -> bytes:
    """An arm64 slice with a table of so many zeroed symbols behind its commands."""
    plain = thin(Arch.ARM64)
    at = len(plain) + 24
    fields = b"".join(n.to_bytes(4, "little") for n in (at, count, 0, 1))
    return thin(Arch.ARM64, more=[command(LC_SYMTAB, fields)]) + bytes(16 * count)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        pytest.param(
            lambda: with_symtab(0, 1 << 20), "has a list of names that runs past its end", id="at"
        ),
        pytest.param(
            lambda: with_symtab(1, 1 << 28),
            "has a list of names that runs past its end",
            id="count",
        ),
        pytest.param(
            lambda: with_symtab(2, 1 << 31),
            "has a list of names that runs past its end",
            id="names at",
        ),
        pytest.param(
            lambda: with_symtab(3, 1 << 31),
            "has a list of names that runs past its end",
            id="size of names",
        ),
        pytest.param(
            lambda: thin(Arch.ARM64, symbols=[Symbol(name="_x", name_at=0xFFFFFFFF)]),
            "has a name outside its list of names",
            id="name outside",
        ),
        pytest.param(
            lambda: with_symtab(3, 5),
            "has a name that runs past its list of names",
            id="name without an end",
        ),
        pytest.param(
            lambda: thin(Arch.ARM64, more=[command(LC_SYMTAB, b"")]),
            "has a load command that is too small",
            id="small command",
        ),
        pytest.param(
            lambda: many_names(NAMES),
            f"has more than {NAMES} names of a kind to be kept",
            id="too many names",
        ),
        pytest.param(
            lambda: many_names(5000),
            f"binds more than {NAMES} names or {NAME_BYTES} bytes of them",
            id="too many bytes of names",
        ),
        pytest.param(
            lambda: hollow_symbols(SYMBOLS + 1),
            f"has more than {SYMBOLS} names to look at",
            id="too many symbols",
        ),
    ],
)
def test_a_bad_symbol_table_is_a_problem_and_its_slice_is_kept(
    make: Callable[[], bytes], problem: str
) -> None:
    binary = facts_of(fat([X86_64, make()]))

    assert [piece.flat_lookups for piece in binary.slices] == [(), None]
    assert binary.problem == f"its arm64 code {problem}"


def test_a_universal_file_is_read_in_one_pass() -> None:
    slices = [
        thin(arch, undefined=FLAT, body=bytes(300_000), exported=[f"_e{n}" for n in range(30_000)])
        for arch in (Arch.X86_64, Arch.ARM64)
    ]
    content = fat(slices)
    opened: list[BytesIO] = []

    def reopen() -> BytesIO:
        opened.append(BytesIO(content))
        return opened[-1]

    binary = read_binary("m.so", StreamSource(reopen, len(content)))

    assert binary == facts_of(content)
    assert len(opened) == 1
