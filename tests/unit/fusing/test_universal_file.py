"""Universal files as they are written, read back by what reads every other."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.macho_bytes import facts_of, fat, thin
from builders.universal import split_slices
from pip_archguard.binaries import FileSource, Record, slice_places
from pip_archguard.errors import UnfusableError
from pip_archguard.fusing.universal_file import Piece, universal_file
from pip_archguard.model.arch import Arch


def pieces_of(*contents: bytes) -> list[Piece]:
    return [
        Piece(record=place, open=lambda content=content: BytesIO(content))  # type: ignore[misc]
        for content in contents
        for place in slice_places(FileSource(BytesIO(content)))
    ]


def written(pieces: Sequence[Piece]) -> bytes:
    return b"".join(universal_file(pieces).chunks())


def test_x86_64_comes_first_and_each_slice_lies_on_a_page_of_its_processor() -> None:
    content = written(pieces_of(thin(Arch.ARM64), thin(Arch.X86_64)))

    words = struct.unpack_from(">12I", content)
    first, second = words[2:7], words[7:12]
    assert words[:2] == (0xCAFEBABE, 2)
    assert (first[0], first[2], first[4]) == (0x01000007, 0x1000, 12)
    assert (second[0], second[2] % 0x4000, second[4]) == (0x0100000C, 0, 14)
    assert second[2] + second[3] == len(content)


@given(st.binary(max_size=70_000), st.binary(max_size=70_000))
def test_slices_come_back_whole_and_our_reader_finds_no_fault(one: bytes, other: bytes) -> None:
    arm64, x86_64 = thin(Arch.ARM64, body=one), thin(Arch.X86_64, body=other)
    pieces = pieces_of(arm64, x86_64)

    content = written(pieces)

    assert split_slices(content) == {"arm64": arm64, "x86_64": x86_64}
    assert len(content) == universal_file(pieces).size
    binary = facts_of(content)
    assert binary.problem is None
    assert [piece.arch for piece in binary.slices] == [Arch.X86_64, Arch.ARM64]


def test_a_slice_of_a_universal_file_is_copied_from_where_it_lies() -> None:
    arm64, x86_64 = thin(Arch.ARM64, body=b"a" * 99), thin(Arch.X86_64)
    both = fat([thin(Arch.X86_64, body=b"other"), arm64])

    content = written([pieces_of(both)[1], *pieces_of(x86_64)])

    assert split_slices(content) == {"arm64": arm64, "x86_64": x86_64}


def test_the_subtype_in_the_table_is_the_headers_own() -> None:
    wide = thin(Arch.X86_64, cpu_subtype=0x80000003)

    content = written(pieces_of(wide, thin(Arch.ARM64)))

    assert struct.unpack_from(">I", content, 12)[0] == 0x80000003


def test_all_slices_of_a_family_stand_by_their_subtypes() -> None:
    archs = [Arch.ARM64E, Arch.X86_64H, Arch.ARM64, Arch.X86_64]

    content = written(pieces_of(*map(thin, archs)))

    assert [piece.arch for piece in facts_of(content).slices] == [
        *(Arch.X86_64, Arch.X86_64H),
        *(Arch.ARM64, Arch.ARM64E),
    ]


def test_what_passes_4_gib_is_refused_before_anything_is_read() -> None:
    huge = [
        Piece(
            record=Record(cpu_type=cpu, cpu_subtype=0, offset=0, size=1 << 31),
            open=BytesIO,
        )
        for cpu in (0x01000007, 0x0100000C)
    ]

    with pytest.raises(UnfusableError, match="larger than 4 GiB"):
        universal_file(huge)


def test_a_slice_that_ends_too_early_is_refused() -> None:
    (piece,) = pieces_of(thin())
    short = Piece(record=piece.record, open=lambda: BytesIO(b"short"))

    with pytest.raises(UnfusableError, match="it ends before its code does"):
        written([short])
