from __future__ import annotations

import struct

import pytest

from builders.elf_bytes import elf
from builders.macho_bytes import archive, fat, java_class, pe, thin
from pip_archguard.binaries import identify
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Format


def universal(count: int, magic: int = 0xCAFEBABE) -> bytes:
    return struct.pack(">II", magic, count) + bytes(8)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        pytest.param(thin(Arch.ARM64), Format.MACH_O, id="64-bit, little-endian"),
        pytest.param(thin(Arch.PPC64), Format.MACH_O, id="64-bit, big-endian"),
        pytest.param(thin(Arch.I386), Format.MACH_O, id="32-bit, little-endian"),
        pytest.param(thin(Arch.PPC), Format.MACH_O, id="32-bit, big-endian"),
        pytest.param(fat([thin()]), Format.MACH_O, id="universal, 32-bit table"),
        pytest.param(fat([thin()], table_bits=64), Format.MACH_O, id="universal, 64-bit table"),
        pytest.param(universal(0), Format.MACH_O, id="universal, of nothing"),
        pytest.param(universal(17), Format.MACH_O, id="universal, too many slices"),
        pytest.param(universal(44), Format.MACH_O, id="universal, just below Java"),
        pytest.param(universal(45), None, id="Java 1.1"),
        pytest.param(java_class(), None, id="Java 8"),
        pytest.param(universal(45, 0xCAFEBABF), Format.MACH_O, id="64-bit table is never Java"),
        pytest.param(b"\xbe\xba\xfe\xca\x01\0\0\0", None, id="universal, bytes swapped"),
        pytest.param(b"\xbf\xba\xfe\xca\x01\0\0\0", None, id="64-bit universal, bytes swapped"),
        pytest.param(elf(), Format.ELF, id="ELF"),
        pytest.param(pe(), Format.PE, id="PE"),
        pytest.param(archive(thin()), None, id="object archive"),
        pytest.param(b"#!/bin/sh\n", None, id="script"),
        pytest.param(b"", None, id="empty"),
    ],
)
def test_a_file_is_told_by_its_first_bytes(head: bytes, found: Format | None) -> None:
    format_ = identify(head[:16])

    assert format_ is found


def test_eight_bytes_are_enough() -> None:
    formats = [identify(content[:8]) for content in (thin(), fat([thin()]), elf(), pe())]

    assert formats == [Format.MACH_O, Format.MACH_O, Format.ELF, Format.PE]


def test_a_universal_header_cut_short_might_be_java_and_is_nothing() -> None:
    format_ = identify(fat([thin()])[:7])

    assert format_ is None
