"""Whether each slice of an extension module has the init function Python asks for."""

from __future__ import annotations

import pytest

from builders.linkedit import chained, trie
from builders.macho_bytes import Linkedit, facts_of, fat, thin
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

PATH = "pkg/_m.cpython-312-darwin.so"


def with_trie(arch: Arch, *names: str, kind: Kind = Kind.BUNDLE) -> bytes:
    return thin(arch, kind, linkedit=Linkedit(chained=chained([]), trie=trie(names)))


def inits_of(*slices: bytes, path: str = PATH) -> list[bool | None]:
    binary = facts_of(fat(slices), path)
    assert binary.problem is None
    return [piece.exports_init for piece in binary.slices]


WORKING = with_trie(Arch.X86_64, "_PyInit__m", "_other")


@pytest.mark.parametrize(
    ("path", "name", "found"),
    [
        pytest.param(PATH, "_PyInit__m", True, id="plain"),
        pytest.param(PATH, "_PyModExport__m", True, id="PEP 793"),
        pytest.param(PATH, "_PyInit__mm", False, id="a longer name"),
        pytest.param(PATH, "_PyInit__", False, id="a shorter name"),
        pytest.param(PATH, "PyInit__m", False, id="no underscore"),
        pytest.param("né.so", "_PyInitU_n_bga", True, id="not ASCII"),
        pytest.param("né.so", "_PyModExportU_n_bga", True, id="not ASCII, PEP 793"),
        pytest.param("a/_m.abi3.so", "_PyInit__m", True, id="stable ABI"),
        pytest.param("a/_m.dylib", "_PyInit__m", None, id="a library"),
        pytest.param("a/lib-m.so", "_PyInit_lib-m", None, id="no identifier"),
    ],
)
def test_a_slice_of_a_module_tells_whether_it_has_the_init_function(
    path: str, name: str, *, found: bool | None
) -> None:
    slices = [with_trie(arch, name) for arch in (Arch.X86_64, Arch.ARM64)]

    assert inits_of(*slices, path=path) == [found, found]


def test_what_a_slice_defines_is_no_lookup() -> None:
    piece = thin(Arch.ARM64, exported=["_PyInit__m"], undefined=[("_a", 1)], flags=0)

    binary = facts_of(fat([WORKING, piece]), PATH)

    assert (binary.slices[1].exports_init, binary.slices[1].flat_lookups) == (True, ("_a",))


def test_each_slice_tells_for_itself() -> None:
    assert inits_of(WORKING, with_trie(Arch.ARM64E, "_other")) == [True, False]


@pytest.mark.parametrize("binds", [None, b""], ids=["symbols alone", "binds apart"])
@pytest.mark.parametrize("name", ["_PyInit__m", "_other"])
def test_without_a_trie_the_symbol_table_tells(name: str, binds: bytes | None) -> None:
    piece = thin(Arch.ARM64, exported=[name], linkedit=Linkedit(bind=binds))

    assert inits_of(WORKING, piece) == [True, name == "_PyInit__m"]


@pytest.mark.parametrize("binds", [None, b""], ids=["symbols alone", "binds apart"])
def test_what_cannot_be_told_is_no_problem(binds: bytes | None) -> None:
    form = Linkedit(chained=binds, trie=b"\xff")
    piece = thin(Arch.ARM64, exported=["_PyInit__m"], linkedit=form)

    assert inits_of(WORKING, piece) == [True, None]


@pytest.mark.parametrize(
    "slices",
    [
        pytest.param([WORKING], id="one slice"),
        pytest.param([WORKING, with_trie(Arch.X86_64H, "_PyInit__m")], id="one family"),
        pytest.param([WORKING, thin(Arch.I386)], id="one of 32 bits"),
        pytest.param(
            [WORKING, with_trie(Arch.ARM64, "_PyInit__m", kind=Kind.EXECUTABLE)], id="a program"
        ),
    ],
)
def test_it_is_not_asked_where_nothing_can_be_compared(slices: list[bytes]) -> None:
    assert inits_of(*slices) == [None] * len(slices)


def test_it_is_not_asked_of_a_thin_file() -> None:
    binary = facts_of(WORKING, PATH)

    assert binary.slices[0].exports_init is None


def test_a_32_bit_slice_beside_two_of_64_bits_tells_nothing() -> None:
    arm64 = with_trie(Arch.ARM64, "_PyInit__m")

    assert inits_of(thin(Arch.I386), WORKING, arm64) == [None, True, True]
