"""How much of an ELF or PE file has to be at hand to read its facts."""

from __future__ import annotations

import struct

import pytest

from builders import pe_bytes
from builders.elf_bytes import elf_file
from pip_archguard.binaries import BEGINNING, reach_of, read_binary
from pip_archguard.binaries.bounds import LATE_DYNAMIC
from pip_archguard.model.arch import Arch
from unit.binaries.test_reach import Watched

BEHIND = bytes(50_000)
SHARED = elf_file(padding=100_000, versions={"libc.so.6": ["GLIBC_2.17"]})
LATE = elf_file(padding=3 << 20)
MODULE = pe_bytes.pe(exports=["PyInit_m"], imports=["python3.dll"], padding=60_000)
CASES = {
    "a shared object": (SHARED, len(SHARED), "m.so"),
    "one of 32 bits": (elf_file(Arch.I386, padding=9000), None, "m.so"),
    "one whose dynamic section comes late": (LATE, LATE_DYNAMIC, "libx.so.1"),
    "an object": (elf_file(file_type=1, padding=9000), BEGINNING, "m.o"),
    "one of no machine": (elf_file(machine=(9999, 64, "<"), padding=9000), None, "m.so"),
    "a module for Windows": (MODULE, len(MODULE), "m.pyd"),
    "one without tables": (pe_bytes.pe(padding=9000), BEGINNING, "m.dll"),
}


@pytest.mark.parametrize(("content", "end", "path"), CASES.values(), ids=CASES)
def test_no_more_is_read_than_was_told(content: bytes, end: int | None, path: str) -> None:
    content += BEHIND
    told = reach_of(content[:BEGINNING], len(content))
    source = Watched(content)

    binary = read_binary(path, source)

    assert binary is not None
    assert binary.problem is None
    assert end in (None, told)
    assert source.end <= told < len(content)


@pytest.mark.parametrize(
    "content",
    [
        SHARED[:4] + b"\xff" + SHARED[5:],
        struct.pack("<2s58xI", b"MZ", 9000) + bytes(20_000),
        struct.pack("<2s58xI", b"MZ", 100) + bytes(20_000),
        LATE[:40],
    ],
    ids=["broken header", "a header further on", "no header", "cut short"],
)
def test_what_is_broken_is_read_as_far_as_it_goes(content: bytes) -> None:
    assert reach_of(content[:BEGINNING], len(content)) == len(content)


def test_without_a_dynamic_section_or_with_an_empty_one_the_headers_are_enough() -> None:
    for size in (0, 1):
        content = bytearray(SHARED)
        kind_at = 64 + 56
        struct.pack_into("<I", content, kind_at, 2 if size == 0 else 7)
        struct.pack_into("<Q", content, kind_at + 32, 0)

        assert reach_of(bytes(content[:BEGINNING]), len(content)) == BEGINNING


def test_tables_that_lie_too_far_into_a_file_are_not_reached_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pip_archguard.binaries.pe.reach.PE_REACH", len(MODULE) - 1)

    assert reach_of(MODULE[:BEGINNING], len(MODULE)) == BEGINNING
