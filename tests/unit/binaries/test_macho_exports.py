"""What a library has of the names that others look for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import IO

import pytest

from builders.elf_bytes import elf
from builders.linkedit import trie, uleb
from builders.macho_bytes import (
    N_EXT,
    N_SECT,
    N_WEAK_REF,
    Linkedit,
    Symbol,
    facts_of,
    fat,
    patched,
    thin,
)
from pip_archguard.binaries import FileSource, StreamSource, read_exports
from pip_archguard.binaries.bounds import BINDS, NAMES
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind

NAMES_OF_A = ["_a", "_ab", "_abc", "_b", "_long_" + "x" * 300, "__ZN1a1bEv"]
WANTED = frozenset({"_a", "_abc", "_abcd", "_ac", "_", "", "_long_" + "x" * 300, "nothing"})
FOUND = frozenset({"_a", "_abc", "_long_" + "x" * 300})
N_PEXT, N_ABS, N_INDR = 0x10, 0x2, 0xA


def exports_of(
    content: bytes, wanted: frozenset[str] = WANTED, path: str = "m.dylib"
) -> list[frozenset[str] | None]:
    before = facts_of(content, path)

    after = read_exports(FileSource(BytesIO(content)), before, wanted)

    assert (after.problem, after.malformed) == (before.problem, before.malformed)
    return [piece.exports for piece in after.slices]


@pytest.mark.parametrize("kind", [Kind.DYLIB, Kind.BUNDLE], ids=str)
@pytest.mark.parametrize("arch", [Arch.ARM64, Arch.ARM64E, Arch.X86_64, Arch.X86_64H], ids=str)
@pytest.mark.parametrize(
    "linkedit",
    [Linkedit(trie=trie(NAMES_OF_A)), Linkedit(bind=b"", info_trie=trie(NAMES_OF_A))],
    ids=["a command of its own", "dyld info"],
)
def test_wanted_names_are_found_in_the_trie(linkedit: Linkedit, arch: Arch, kind: Kind) -> None:
    content = thin(arch, kind, linkedit=linkedit, exported=["_ac"])

    assert exports_of(content) == [FOUND]


def test_reexported_names_count() -> None:
    content = thin(linkedit=Linkedit(trie=trie(["_a"], reexported=["_abc", "_b"])))

    assert exports_of(content) == [frozenset({"_a", "_abc"})]


def test_each_slice_has_its_own_exports() -> None:
    slices = [
        thin(Arch.X86_64, linkedit=Linkedit(trie=trie(["_a"]))),
        thin(Arch.I386, exported=["_a"]),
        thin(Arch.ARM64, linkedit=Linkedit(trie=trie(["_abc"]))),
    ]

    assert exports_of(fat(slices)) == [frozenset({"_a"}), None, frozenset({"_abc"})]


def test_a_hidden_slice_has_exports_too() -> None:
    content = fat([thin(Arch.X86_64)], hidden=thin(Arch.ARM64, exported=["_a"]))

    assert exports_of(content) == [frozenset(), frozenset({"_a"})]


@pytest.mark.parametrize(
    "linkedit", [Linkedit(), Linkedit(info_trie=b""), Linkedit(trie=b"")], ids=["no", "nil", "own"]
)
@pytest.mark.parametrize("dysymtab", [False, True], ids=["mixed", "set apart"])
def test_without_a_trie_the_symbol_table_tells(linkedit: Linkedit, *, dysymtab: bool) -> None:
    content = thin(
        linkedit=linkedit, exported=NAMES_OF_A, undefined=[("_abcd", 1)], dysymtab=dysymtab
    )

    assert exports_of(content) == [FOUND]


@pytest.mark.parametrize(
    ("symbol", "found"),
    [
        pytest.param(Symbol(name="_a", kind=N_EXT | N_ABS), True, id="absolute"),
        pytest.param(Symbol(name="_a", kind=N_EXT | N_INDR), True, id="indirect"),
        pytest.param(Symbol(name="_a", kind=N_EXT), False, id="undefined"),
        pytest.param(Symbol(name="_a", kind=N_SECT), False, id="local"),
        pytest.param(Symbol(name="_a", kind=N_EXT | N_PEXT | N_SECT), False, id="private"),
        pytest.param(Symbol(name="_a", kind=N_EXT | 0xC), False, id="prebound"),
        pytest.param(Symbol(name="_a", kind=0x24 | N_EXT), False, id="debugging entry"),
        pytest.param(
            Symbol(name="_a", kind=N_EXT | N_SECT, description=N_WEAK_REF), True, id="weak"
        ),
    ],
)
def test_only_what_is_defined_for_others_is_an_export(symbol: Symbol, *, found: bool) -> None:
    content = thin(symbols=[symbol], dysymtab=False)

    assert exports_of(content) == [frozenset({"_a"} if found else ())]


def test_a_slice_without_any_names_exports_nothing() -> None:
    assert exports_of(thin()) == [frozenset()]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(thin(kind=Kind.EXECUTABLE, exported=["_a"]), id="program"),
        pytest.param(thin(Arch.PPC64, exported=["_a"]), id="a processor of old"),
    ],
)
def test_what_is_no_library_has_no_exports(content: bytes) -> None:
    assert exports_of(content) == [None]


def test_other_formats_have_no_exports() -> None:
    assert exports_of(elf()) == [None]


def test_a_file_that_changed_meanwhile_has_no_exports() -> None:
    before = facts_of(thin(Arch.ARM64, exported=["_a"]))

    after = read_exports(FileSource(BytesIO(thin(Arch.X86_64, exported=["_a"]))), before, WANTED)

    assert after == before


def node(*edges: tuple[bytes, int], size: int = 0, width: int = 1) -> bytes:
    parts = (label + b"\0" + uleb(to, width) for label, to in edges)
    return uleb(size, width=1) + bytes(size) + bytes([len(edges)]) + b"".join(parts)


def test_an_edge_of_no_length_leads_to_the_name_that_ends_there() -> None:
    # ld64 writes these, such as for `_polygon` beside `_polygonRGBA`.
    content = node((b"_a", 6)) + node((b"bc", 14), (b"", 14), size=0) + node(size=2)

    assert exports_of(thin(linkedit=Linkedit(trie=content))) == [frozenset({"_a", "_abc"})]


def test_a_name_goes_with_the_first_edge_that_it_begins_with() -> None:
    content = node((b"_a", 11), (b"_ab", 14)) + node(size=1) + node((b"c", 11))

    assert exports_of(thin(linkedit=Linkedit(trie=content))) == [frozenset({"_a"})]


DEEP = b"".join(node((b"", 6 * n), width=3) for n in range(1, 30_000)) + node(size=1)
BROKEN: dict[str, Callable[[], bytes]] = {
    "cut short": lambda: trie(NAMES_OF_A)[:9],
    "empty edge to itself": lambda: node((b"", 0)),
    "cycle": lambda: node((b"_", 5)) + node((b"a", 9)) + node((b"b", 5)),
    "child outside": lambda: node((b"_", 99)),
    "terminal outside": lambda: b"\x20\0",
    "no terminal": lambda: b"\xff\xff",
    "no number of a child": lambda: b"\0\1_\0\xff",
    "edge without an end": lambda: b"\0\1_abc",
    "a number of more than 64 bits": lambda: b"\0\1_\0" + b"\x80" * 10 + b"\0\0\0",
    "too deep": lambda: DEEP,
    "too large": lambda: bytes(BINDS + 1),
}


@pytest.mark.parametrize("make", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_trie_tells_nothing_and_is_no_problem(make: Callable[[], bytes]) -> None:
    content = thin(linkedit=Linkedit(trie=make()))
    assert facts_of(content).problem is None

    assert exports_of(content) == [None]


def test_a_trie_outside_of_its_slice_tells_nothing() -> None:
    content = thin(linkedit=Linkedit(trie=b"\0\0", size=500))

    assert exports_of(content) == [None]


@pytest.mark.parametrize(
    "places",
    [[1 << 30], range(NAMES + 1)],
    ids=["name outside", "too many names"],
)
def test_a_broken_symbol_table_tells_nothing(places: Sequence[int]) -> None:
    symbols = [Symbol(name="_a", kind=N_EXT | N_SECT, name_at=n) for n in places]

    assert exports_of(thin(symbols=symbols, dysymtab=False)) == [None]


def test_names_that_no_file_can_have_are_not_found() -> None:
    wanted = frozenset({"\udcff", "_\\xff", "_é"})
    content = thin(linkedit=Linkedit(trie=trie(["_é", "_a"])))

    assert exports_of(content, wanted) == [frozenset({"_é"})]


def test_nothing_wanted_is_nothing_found() -> None:
    assert exports_of(thin(linkedit=Linkedit(trie=trie(["_a"]))), frozenset()) == [frozenset()]


def test_a_universal_file_is_read_in_one_pass_whatever_tells_its_names() -> None:
    slices = [
        thin(Arch.X86_64, body=bytes(300_000), linkedit=Linkedit(trie=trie(["_a"]))),
        thin(Arch.ARM64, body=os.urandom(300_000), exported=["_a"] * 9000),
    ]
    content = fat(slices)
    opened: list[BytesIO] = []

    def reopen() -> IO[bytes]:
        opened.append(BytesIO(content))
        return opened[-1]

    after = read_exports(StreamSource(reopen, len(content)), facts_of(content), WANTED)

    assert [piece.exports for piece in after.slices] == [frozenset({"_a"})] * 2
    assert len(opened) == 1


def test_bytes_that_cannot_be_had_raise() -> None:
    content = thin(exported=["_a"])

    def fail() -> IO[bytes]:
        msg = "gone"
        raise OSError(msg)

    binary: Binary = facts_of(content)
    with pytest.raises(UnreadableWheelError, match="gone"):
        read_exports(StreamSource(fail, len(content)), binary, WANTED)


def test_a_problem_of_the_file_stays_as_it_is() -> None:
    content = fat([thin(Arch.X86_64, exported=["_a"]), patched(thin(Arch.ARM64), 16, 99)])

    assert exports_of(content) == [frozenset({"_a"})]
