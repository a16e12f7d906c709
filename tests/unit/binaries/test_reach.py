"""How much of a native file has to be at hand to read its facts."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from builders.elf_bytes import elf
from builders.macho_bytes import fat, java_class, pe, thin
from pip_archguard.binaries import FIRST, HEAD, reach_of, read_binary, read_exports
from pip_archguard.binaries.bounds import LOAD_COMMANDS, LONE_SLICE
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

BIG = bytes(LONE_SLICE)
LARGE = thin(body=BIG)
FLAT = [("_a", 254)]
CASES = {
    "text": (b"import os, sys, re\n", HEAD, "m.py"),
    "shorter than a head": (b"MZ", 2, "m.dll"),
    "a class of Java": (java_class(), HEAD, "m.class"),
    "a small library": (thin(undefined=FLAT), None, "m.so"),
    "a large library": (LARGE, len(thin()), "m.so"),
    "a small program": (thin(kind=Kind.EXECUTABLE, body=b"x" * 999), len(thin()), "tool"),
    "a small library of PowerPC": (thin(Arch.PPC, body=b"x" * 999), len(thin(Arch.PPC)), "m.so"),
    "a universal file": (fat([thin(), thin(Arch.X86_64)]), None, "m.so"),
    "a universal file of one": (fat([LARGE]), None, "m.so"),
    "a broken header": (thin()[:20], None, "m.so"),
    "a module for Linux": (elf(b"x" * 999), None, "m.so"),
    "a library for Linux": (elf(b"x" * 999), None, "m.so.1"),
    "a program for Windows": (pe(b"x" * 999), None, "m.exe"),
}


@dataclass
class Watched:
    """A file that remembers the end of what was asked for."""

    content: bytes
    end: int = 0
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.content)

    def read_at(self, offset: int, length: int) -> bytes:
        self.end = max(self.end, min(offset + length, self.size))
        return self.content[offset : offset + length]

    def spend(self, steps: int) -> None:
        pass


@pytest.mark.parametrize(("content", "end", "path"), CASES.values(), ids=CASES)
def test_no_more_is_read_than_was_told(content: bytes, end: int | None, path: str) -> None:
    told = reach_of(content[:FIRST], len(content))
    source = Watched(content)

    binary = read_binary(path, source)
    if binary is not None:
        read_exports(source, binary, frozenset({"_a"}))

    assert told == (len(content) if end is None else end)
    assert source.end <= told


def test_commands_are_counted_up_to_their_bound() -> None:
    many = thin()[:20] + b"\xff\xff\xff\x7f" + thin()[24:FIRST]

    assert reach_of(many, 1 << 31) == 32 + LOAD_COMMANDS
    assert reach_of(elf()[:FIRST], 1 << 31) == 1 << 31


def test_without_symbols_a_thin_library_is_read_to_the_end_of_its_commands() -> None:
    content = thin(undefined=FLAT, body=b"x" * 99)

    told = reach_of(content[:FIRST], len(content), symbols=False)

    assert told < len(content) - 99
