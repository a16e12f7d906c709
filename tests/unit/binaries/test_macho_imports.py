"""What a slice takes from libraries that are not the system's."""

from __future__ import annotations

import pytest

from builders.linkedit import Bind, chained, opcodes
from builders.macho_bytes import (
    DYNAMIC_LOOKUP,
    LC_LOAD_UPWARD_DYLIB,
    LC_LOAD_WEAK_DYLIB,
    LC_REEXPORT_DYLIB,
    N_WEAK_REF,
    Linkedit,
    Symbol,
    dylib,
    facts_of,
    fat,
    thin,
)
from pip_archguard.binaries.bounds import NAME_LENGTH, NAMES
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Import

SYSTEM = "/usr/lib/libSystem.B.dylib"
FRAMEWORK = "/System/Library/Frameworks/Security.framework/Security"
DYLIBS = [SYSTEM, "@rpath/b.dylib", FRAMEWORK, "@rpath/a.dylib", "/usr/local/lib/c.dylib"]
BINDS: list[Bind] = [
    ("_z", 2, False),
    ("_y", 4, False),
    ("_x", 5, False),
    ("_system", 1, False),
    ("_framework", 3, False),
    ("_weak", 2, True),
    ("_self", 0, False),
    ("_main", -1, False),
    ("_flat", -2, False),
    ("_anywhere", -3, False),
    ("_nowhere", 14, False),
]
TAKEN = (
    Import(symbol="_x", library="/usr/local/lib/c.dylib"),
    Import(symbol="_y", library="@rpath/a.dylib"),
    Import(symbol="_z", library="@rpath/b.dylib"),
)
FORMS = {
    "chained": Linkedit(chained=chained(BINDS)),
    "chained, addend": Linkedit(chained=chained(BINDS, 2)),
    "chained, addend64": Linkedit(chained=chained(BINDS, 3)),
    "opcodes": Linkedit(bind=opcodes(BINDS)),
    "lazy opcodes": Linkedit(lazy=opcodes(BINDS)),
    "both opcodes": Linkedit(bind=opcodes(BINDS[:2]), lazy=opcodes(BINDS[2:])),
}


def imports_of(binary: Binary) -> list[tuple[Import, ...] | None]:
    assert binary.problem is None
    return [piece.imports for piece in binary.slices]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("arch", [Arch.ARM64, Arch.ARM64E, Arch.X86_64, Arch.X86_64H], ids=str)
def test_what_is_bound_to_a_library_is_an_import_of_it(arch: Arch, form: Linkedit) -> None:
    binary = facts_of(thin(arch, dylibs=DYLIBS, linkedit=form))

    assert imports_of(binary) == [TAKEN]
    assert binary.slices[0].flat_lookups == ("_flat",)


def test_imports_are_read_from_the_symbol_table_where_dyld_has_nothing() -> None:
    names = [(name, ordinal & 0xFF) for name, ordinal, weak in BINDS if not weak and ordinal != -3]
    weak = Symbol(name="_weak", description=2 << 8 | N_WEAK_REF)

    binary = facts_of(thin(dylibs=DYLIBS, undefined=names, symbols=[weak]))

    assert imports_of(binary) == [TAKEN]


@pytest.mark.parametrize("layout", [1, 2, 3], ids=["plain", "addend", "addend64"])
def test_imports_are_read_in_big_endian_order(layout: int) -> None:
    form = Linkedit(chained=chained(BINDS, layout, order=">"))

    binary = facts_of(thin(Arch.ARM64, dylibs=DYLIBS, linkedit=form, order=">"))

    assert imports_of(binary) == [TAKEN]


@pytest.mark.parametrize("layout", [1, 3], ids=["8 bits", "16 bits"])
def test_the_greatest_ordinal_that_is_not_special_is_a_library(layout: int) -> None:
    last = 0xF0 if layout == 1 else 300
    names = [f"@rpath/{n}.dylib" for n in range(1, last + 1)]
    form = Linkedit(chained=chained([("_a", last, False)], layout))

    binary = facts_of(thin(dylibs=names, linkedit=form))

    assert imports_of(binary) == [(Import(symbol="_a", library=f"@rpath/{last}.dylib"),)]


def test_an_ordinal_may_be_written_out() -> None:
    names = [f"@rpath/{n}.dylib" for n in range(1, 201)]
    form = Linkedit(bind=opcodes([("_a", 200, False), ("_b", 16, False)]))

    binary = facts_of(thin(dylibs=names, linkedit=form))

    assert imports_of(binary) == [
        (
            Import(symbol="_a", library="@rpath/200.dylib"),
            Import(symbol="_b", library="@rpath/16.dylib"),
        )
    ]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        pytest.param(LC_LOAD_WEAK_DYLIB, 0, id="weak"),
        pytest.param(LC_REEXPORT_DYLIB, 1, id="reexported"),
        pytest.param(LC_LOAD_UPWARD_DYLIB, 1, id="upward"),
    ],
)
def test_only_what_is_taken_from_a_weak_library_does_not_count(number: int, found: int) -> None:
    form = Linkedit(chained=chained([("_a", 1, False)]))

    binary = facts_of(thin(dylibs=(), more=[dylib(number, "a.dylib")], linkedit=form))

    assert imports_of(binary) == [(Import(symbol="_a", library="a.dylib"),)[:found]]


def test_nothing_is_taken_where_libraries_are_not_told_apart() -> None:
    form = Linkedit(chained=chained(BINDS))

    binary = facts_of(thin(dylibs=DYLIBS, linkedit=form, flags=0))

    names = tuple(sorted(name for name, _, weak in BINDS if not weak))
    assert imports_of(binary) == [()]
    assert binary.slices[0].flat_lookups == names


def test_nothing_is_taken_by_a_slice_that_links_the_system_alone() -> None:
    binary = facts_of(thin(dylibs=[SYSTEM], linkedit=Linkedit(chained=chained(BINDS[:1]))))

    assert imports_of(binary) == [()]


@pytest.mark.parametrize("form", ["chained", "opcodes", "symbol table"])
def test_a_name_that_had_to_be_cut_cannot_be_looked_for(form: str) -> None:
    long: list[Bind] = [("_" + "x" * NAME_LENGTH, 1, False), ("_a", 1, False), ("", 1, False)]
    forms = {
        "chained": Linkedit(chained=chained(long)),
        "opcodes": Linkedit(bind=opcodes(long)),
    }
    undefined = [] if form in forms else [(name, 1) for name, _, _ in long]

    binary = facts_of(
        thin(dylibs=["a.dylib"], linkedit=forms.get(form, Linkedit()), undefined=undefined)
    )

    assert imports_of(binary) == [(Import(symbol="_a", library="a.dylib"),)]


def test_a_library_that_is_named_twice_has_each_import_once() -> None:
    form = Linkedit(chained=chained([("_a", 1, False), ("_a", 2, False)]))

    binary = facts_of(thin(dylibs=["a.dylib", "a.dylib"], linkedit=form))

    assert imports_of(binary) == [(Import(symbol="_a", library="a.dylib"),)]


def test_more_imports_than_are_kept_are_a_problem() -> None:
    form = Linkedit(chained=chained([(f"_{n:x}", 1, False) for n in range(NAMES + 1)]))

    binary = facts_of(thin(dylibs=["a.dylib"], linkedit=form))

    assert binary.problem is not None
    assert binary.problem.startswith(f"its arm64 code binds more than {NAMES} names")
    assert (binary.slices[0].imports, binary.malformed) == (None, False)


def test_each_slice_has_its_own_imports() -> None:
    slices = [
        thin(arch, dylibs=[f"{arch}.dylib"], linkedit=Linkedit(chained=chained([("_a", 1, False)])))
        for arch in (Arch.X86_64, Arch.ARM64)
    ]

    binary = facts_of(fat(slices))

    assert imports_of(binary) == [
        (Import(symbol="_a", library="x86_64.dylib"),),
        (Import(symbol="_a", library="arm64.dylib"),),
    ]


def test_a_lookup_in_both_kinds_of_list_counts_as_dyld_counts_it() -> None:
    undefined = [("_nlist", DYNAMIC_LOOKUP), ("_other", 1)]

    binary = facts_of(thin(dylibs=["a.dylib"], linkedit=Linkedit(chained=b""), undefined=undefined))

    assert imports_of(binary) == [()]
    assert binary.slices[0].flat_lookups == ()
