"""Where the slices of a Mach-O file lie."""

from __future__ import annotations

from io import BytesIO

import pytest

from builders.macho_bytes import Part, archive, fat, thin
from pip_archguard.binaries import FileSource, Record, slice_places
from pip_archguard.errors import MalformedBinaryError
from pip_archguard.model.arch import Arch

ARM64, X86_64 = thin(Arch.ARM64), thin(Arch.X86_64, body=b"x" * 77)


def places(content: bytes) -> tuple[Record, ...]:
    return slice_places(FileSource(BytesIO(content)))


def test_a_thin_file_is_one_slice_from_its_beginning_to_its_end() -> None:
    (place,) = places(X86_64)

    assert (place.arch, place.offset, place.size) == (Arch.X86_64, 0, len(X86_64))


@pytest.mark.parametrize("bits", [32, 64])
def test_the_slices_of_a_universal_file_come_in_the_order_of_its_table(bits: int) -> None:
    content = fat([X86_64, ARM64], table_bits=bits)

    found = places(content)

    assert [place.arch for place in found] == [Arch.X86_64, Arch.ARM64]
    assert [content[p.offset : p.end] for p in found] == [X86_64, ARM64]


def test_the_subtype_is_the_headers_and_not_the_tables() -> None:
    wide = thin(Arch.X86_64, cpu_subtype=0x80000003)
    content = fat([Part(content=wide, cpu_type=0x01000007, cpu_subtype=3)])

    assert places(content)[0].cpu_subtype == 0x80000003


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xcf\xfa\xed\xfe",
        ARM64[:31],
        fat([]),
        fat([X86_64, X86_64]),
        fat([X86_64, ARM64])[:-4000][: len(X86_64) + 0x4000 - 1],
        fat([Part(content=ARM64, cpu_type=0x01000007, cpu_subtype=3)]),
        fat([archive(ARM64)]),
    ],
    ids=["empty", "magic", "short", "none", "twice", "cut", "label", "archive"],
)
def test_what_dyld_refuses_has_no_places(content: bytes) -> None:
    with pytest.raises(MalformedBinaryError):
        places(content)
