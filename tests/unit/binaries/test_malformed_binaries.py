"""Which faults the system's own loader refuses, and which are only beyond our bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builders.linkedit import chained
from builders.macho_bytes import (
    DYNAMIC_LOOKUP,
    LC_BUILD_VERSION,
    NCMDS_AT,
    SIZEOF_CMDS_AT,
    Linkedit,
    Part,
    Symbol,
    archive,
    command,
    facts_of,
    fat,
    patched,
    thin,
)
from pip_archguard.binaries.bounds import (
    BINDS,
    FAT_ARCHS,
    LOAD_COMMANDS,
    LONE_SLICE,
    NAMES,
    SYMBOLS,
)
from pip_archguard.model.arch import Arch

X86_64, ARM64 = thin(Arch.X86_64), thin(Arch.ARM64)
BAD_NAME = [Symbol(name="_x", name_at=1 << 30)]

REFUSED: dict[str, Callable[[], bytes]] = {
    "table cut short": lambda: fat([X86_64, ARM64])[:40],
    "no architecture": lambda: fat([]),
    "too many slices": lambda: fat(
        [Part(content=archive(), cpu_type=100 + n) for n in range(FAT_ARCHS + 1)]
    ),
    "past the end": lambda: fat([X86_64, ARM64])[: -(1 << 14)],
    "duplicate": lambda: fat([X86_64, X86_64]),
    "overlap": lambda: fat([Part(content=X86_64, size=(1 << 14) + 1), ARM64]),
    "wrong label": lambda: fat([Part(content=X86_64, cpu_type=0x0100000C, cpu_subtype=0)]),
    "not on a page": lambda: fat([ARM64], align=12),
    "header cut short": lambda: ARM64[:27],
    "commands cut short": lambda: patched(ARM64, SIZEOF_CMDS_AT, 1000),
    "commands past the end, and beyond the bound": lambda: patched(
        ARM64, SIZEOF_CMDS_AT, LOAD_COMMANDS + 8
    ),
    "fewer commands": lambda: patched(ARM64, NCMDS_AT, 99),
    "impossible size": lambda: patched(ARM64, 36, 7),
    "small command": lambda: thin(more=[command(LC_BUILD_VERSION, bytes(8))]),
    "string past its command": lambda: patched(thin(platform=None), 40, 4096),
    "imports cut short": lambda: thin(linkedit=Linkedit(chained=chained([("_a", -2, False)])[:-1])),
    "imports past the end": lambda: thin(linkedit=Linkedit(chained=b"", size=BINDS + 1)),
    "bind opcodes cut short": lambda: thin(linkedit=Linkedit(bind=b"\x40_a")),
    "bind opcodes past the end": lambda: thin(linkedit=Linkedit(lazy=b"\x40", size=99)),
}
LEFT: dict[str, Callable[[], bytes]] = {
    "load commands": lambda: (
        patched(ARM64, SIZEOF_CMDS_AT, LOAD_COMMANDS + 8) + bytes(LOAD_COMMANDS)
    ),
    "imports": lambda: thin(linkedit=Linkedit(chained=bytes(BINDS + 1))),
    "bind opcodes": lambda: thin(linkedit=Linkedit(lazy=bytes(SYMBOLS + 2))),
    "names": lambda: thin(
        symbols=[Symbol(name="_" * NAMES), *(Symbol(name="", name_at=n) for n in range(NAMES + 1))]
    ),
    "symbols": lambda: thin(
        more=[command(2, (0).to_bytes(4, "little") + (SYMBOLS + 1).to_bytes(4, "little") * 2)]
    ),
    "symbol table past the end": lambda: thin(more=[command(2, b"\xff" * 16)]),
    "name outside": lambda: thin(symbols=BAD_NAME),
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_what_dyld_refuses_is_malformed(make: Callable[[], bytes]) -> None:
    binary = facts_of(make())

    assert binary.problem is not None
    assert binary.malformed


@pytest.mark.parametrize("make", LEFT.values(), ids=LEFT.keys())
def test_what_only_we_do_not_read_is_not_malformed(make: Callable[[], bytes]) -> None:
    binary = facts_of(fat([make(), X86_64]))

    assert binary.problem is not None
    assert not binary.malformed


def test_a_sound_file_is_not_malformed() -> None:
    binary = facts_of(fat([X86_64, ARM64]))

    assert (binary.problem, binary.malformed) == (None, False)


def test_of_two_problems_the_one_that_dyld_minds_is_told() -> None:
    first = thin(Arch.X86_64, symbols=BAD_NAME)

    binary = facts_of(fat([first, patched(ARM64, NCMDS_AT, 99)]))

    assert binary.problem == "its arm64 code has fewer load commands than it says"
    assert binary.malformed


def test_of_two_problems_that_dyld_does_not_mind_the_first_is_told() -> None:
    slices = [thin(arch, symbols=BAD_NAME) for arch in (Arch.X86_64, Arch.ARM64)]

    binary = facts_of(fat(slices))

    assert binary.problem == "its x86_64 code has a name outside its list of names"
    assert not binary.malformed


def test_a_large_slice_without_a_sibling_keeps_its_symbols_unread() -> None:
    large = thin(undefined=[("_a", DYNAMIC_LOOKUP)], body=bytes(LONE_SLICE))

    alone, paired = facts_of(large), facts_of(fat([large, X86_64]))

    assert (alone.slices[0].flat_lookups, alone.slices[0].imports) == (None, None)
    assert paired.slices[0].flat_lookups == ("_a",)
