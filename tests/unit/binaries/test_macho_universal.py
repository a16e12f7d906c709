from __future__ import annotations

import pytest

from builders.macho_bytes import NCMDS_AT, Part, archive, facts_of, fat, patched, thin
from pip_archguard.binaries.bounds import FAT_ARCHS
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

ARM64 = thin(Arch.ARM64)
X86_64 = thin(Arch.X86_64)
I386 = thin(Arch.I386)
BITS = pytest.mark.parametrize("bits", [32, 64], ids=["32-bit table", "64-bit table"])

FIRST_RECORD_AT = 8


def archs_of(content: bytes) -> list[Arch]:
    return [piece.arch for piece in facts_of(content).slices]


def many(count: int) -> list[Part]:
    """Object archives for CPUs 100, 101, and so on."""
    return [Part(content=archive(), cpu_type=100 + n) for n in range(count)]


@BITS
def test_a_universal_file_has_the_slices_of_its_table(bits: int) -> None:
    binary = facts_of(fat([X86_64, ARM64], table_bits=bits))

    assert [piece.arch for piece in binary.slices] == [Arch.X86_64, Arch.ARM64]
    assert binary.problem is None


@BITS
def test_each_slice_is_read_as_the_thin_file_it_was(bits: int) -> None:
    thins = [thin(Arch.X86_64, minos=(10, 9, 0), rpaths=["a"]), thin(Arch.PPC, Kind.DYLIB)]

    binary = facts_of(fat(thins, table_bits=bits))

    assert binary.slices == tuple(facts_of(content).slices[0] for content in thins)


@BITS
def test_a_universal_file_may_hold_one_slice_only(bits: int) -> None:
    archs = archs_of(fat([X86_64], table_bits=bits))

    assert archs == [Arch.X86_64]


def test_slices_keep_the_order_of_the_table_wherever_they_lie() -> None:
    page = 1 << 14
    content = fat([Part(content=X86_64, offset=2 * page), Part(content=ARM64, offset=page)])
    content = content[:page] + ARM64.ljust(page, b"\0") + X86_64

    binary = facts_of(content)

    assert [piece.arch for piece in binary.slices] == [Arch.X86_64, Arch.ARM64]
    assert binary.problem is None


def test_arm64_and_arm64e_stand_side_by_side() -> None:
    archs = archs_of(fat([thin(Arch.ARM64E), ARM64]))

    assert archs == [Arch.ARM64E, Arch.ARM64]


@pytest.mark.parametrize("subtype", [0, 1], ids=["arm64", "arm64 v8"])
def test_the_hidden_arm64_record_counts(subtype: int) -> None:
    binary = facts_of(fat([X86_64], hidden=thin(Arch.ARM64, cpu_subtype=subtype)))

    assert [piece.arch for piece in binary.slices] == [Arch.X86_64, Arch.ARM64]
    assert binary.problem is None


@pytest.mark.parametrize(
    "hidden", [thin(Arch.ARM64E), thin(Arch.I386)], ids=["arm64e", "another CPU"]
)
def test_a_hidden_record_for_anything_but_arm64_does_not_count(hidden: bytes) -> None:
    archs = archs_of(fat([X86_64], hidden=hidden))

    assert archs == [Arch.X86_64]


def test_a_64_bit_table_has_no_hidden_record() -> None:
    archs = archs_of(fat([X86_64], hidden=ARM64, table_bits=64))

    assert archs == [Arch.X86_64]


def test_a_slice_that_begins_right_behind_the_table_is_no_hidden_record() -> None:
    table_end = FIRST_RECORD_AT + 20
    record = fat([], hidden=ARM64)[FIRST_RECORD_AT:table_end]
    content = fat([Part(content=b"", cpu_type=7, offset=table_end, size=len(archive()))])

    binary = facts_of(content[:table_end] + archive() + record)

    assert [piece.arch for piece in binary.slices] == [Arch.I386]


def test_a_file_with_a_hidden_slice_only_is_read() -> None:
    archs = archs_of(fat([], hidden=ARM64))

    assert archs == [Arch.ARM64]


def test_slices_of_a_universal_static_library_have_the_architecture_of_the_table() -> None:
    parts = [
        Part(content=archive(X86_64), cpu_type=0x01000007, cpu_subtype=3),
        Part(content=archive(ARM64), cpu_type=0x0100000C),
    ]

    binary = facts_of(fat(parts, align=3))

    assert [(p.arch, p.kind) for p in binary.slices] == [
        (Arch.X86_64, Kind.ARCHIVE),
        (Arch.ARM64, Kind.ARCHIVE),
    ]
    assert binary.problem is None


def test_universal_object_files_need_no_alignment() -> None:
    objects = [thin(arch, Kind.OBJECT) for arch in (Arch.X86_64, Arch.ARM64)]

    binary = facts_of(fat(objects, align=3))

    assert [piece.kind for piece in binary.slices] == [Kind.OBJECT, Kind.OBJECT]
    assert binary.problem is None


def test_the_label_is_compared_without_capability_bits() -> None:
    binary = facts_of(fat([Part(content=X86_64, cpu_subtype=0x80000003)]))

    assert binary.problem is None


@BITS
def test_sixteen_slices_are_the_most(bits: int) -> None:
    binary = facts_of(fat(many(FAT_ARCHS), table_bits=bits))

    assert (len(binary.slices), binary.problem) == (FAT_ARCHS, None)


@BITS
def test_seventeen_slices_are_too_many(bits: int) -> None:
    binary = facts_of(fat(many(FAT_ARCHS + 1), table_bits=bits))

    assert (binary.slices, binary.problem) == (
        (),
        "it claims to hold code for 17 architectures, more than 16",
    )


@BITS
def test_a_universal_file_without_slices_is_a_problem(bits: int) -> None:
    binary = facts_of(fat([], table_bits=bits))

    assert binary.problem == "it holds code for no architecture"


@BITS
def test_a_table_cut_short_is_a_problem(bits: int) -> None:
    binary = facts_of(fat([X86_64, ARM64], table_bits=bits)[:40])

    assert (binary.slices, binary.problem) == ((), "it is cut short")


@pytest.mark.parametrize(
    ("content", "archs", "problem"),
    [
        pytest.param(
            fat([X86_64, ARM64])[: -(1 << 14)],
            [Arch.X86_64],
            "its arm64 code lies past the end of the file",
            id="past the end",
        ),
        pytest.param(
            fat([Part(content=X86_64, size=1 << 31), ARM64]),
            [Arch.ARM64],
            "its x86_64 code lies past the end of the file",
            id="first one past the end",
        ),
        pytest.param(
            fat([X86_64, X86_64, ARM64]),
            [Arch.X86_64, Arch.ARM64],
            "its x86_64 code occurs twice",
            id="duplicate",
        ),
        pytest.param(
            fat([Part(content=X86_64, offset=1 << 14), Part(content=X86_64, offset=1 << 14)]),
            [Arch.X86_64],
            "its x86_64 code occurs twice",
            id="same record twice",
        ),
        pytest.param(
            fat([ARM64], hidden=ARM64),
            [Arch.ARM64],
            "its arm64 code occurs twice",
            id="hidden duplicate",
        ),
        pytest.param(
            fat([X86_64, thin(Arch.X86_64, cpu_subtype=0x80000003)]),
            [Arch.X86_64],
            "its x86_64 code occurs twice",
            id="duplicate but for capability bits",
        ),
        pytest.param(
            fat([Part(content=X86_64, size=(1 << 14) + 1), ARM64]),
            [Arch.X86_64],
            "its arm64 code overlaps the x86_64 code",
            id="overlap",
        ),
        pytest.param(
            fat([X86_64, Part(content=X86_64, cpu_type=0x0100000C, cpu_subtype=0)]),
            [Arch.X86_64],
            "its arm64 code was compiled for another processor (x86_64) than its label says",
            id="another architecture than the label says",
        ),
        pytest.param(
            fat([Part(content=b"plain text".ljust(64), cpu_type=0x0100000C), X86_64]),
            [Arch.X86_64],
            "its arm64 code is not code that macOS can load",
            id="no code",
        ),
        pytest.param(
            fat([Part(content=b"", cpu_type=0x0100000C), X86_64]),
            [Arch.X86_64],
            "its arm64 code is cut short",
            id="empty slice",
        ),
        pytest.param(
            fat([X86_64, patched(ARM64, NCMDS_AT, 99), I386]),
            [Arch.X86_64, Arch.I386],
            "its arm64 code has fewer load commands than it says",
            id="bad load commands",
        ),
        pytest.param(
            fat([patched(X86_64, NCMDS_AT, 99), Part(content=ARM64[:40]), I386]),
            [Arch.I386],
            "its x86_64 code has fewer load commands than it says",
            id="the first of two problems",
        ),
        pytest.param(
            fat([X86_64, ARM64], align=12),
            [Arch.X86_64],
            "its arm64 code does not begin on a page of memory, so macOS cannot map it",
            id="not on a page of Apple silicon",
        ),
        pytest.param(
            fat([X86_64], align=5),
            [],
            "its x86_64 code does not begin on a page of memory, so macOS cannot map it",
            id="not on a page",
        ),
    ],
)
def test_a_bad_slice_is_a_problem_and_the_others_are_read(
    content: bytes, archs: list[Arch], problem: str
) -> None:
    binary = facts_of(content)

    assert ([piece.arch for piece in binary.slices], binary.problem) == (archs, problem)


def test_a_slice_is_never_read_beyond_its_own_end() -> None:
    content = fat([Part(content=X86_64, size=len(X86_64) - 20), ARM64])

    binary = facts_of(content)

    assert binary.problem == "its x86_64 code is cut short"
