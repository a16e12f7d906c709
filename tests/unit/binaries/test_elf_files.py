from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.elf_bytes import DF_1_PIE, MACHINES, elf_file
from builders.macho_bytes import facts_of
from pip_archguard.binaries import FileSource, StreamSource, read_binary
from pip_archguard.binaries.bounds import (
    DYNAMIC_SECTION,
    LATE_DYNAMIC,
    NAME_BYTES,
    PROGRAM_HEADERS,
    STRINGS,
    pull_budget,
)
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Dependency, Kind, Slice
from pip_archguard.model.libc import Libc

GLIBC = {"libc.so.6": ["GLIBC_2.2.5", "GLIBC_2.28", "GLIBC_PRIVATE"]}


def slice_of(content: bytes, path: str = "pkg/_m.so") -> Slice:
    (found,) = facts_of(content, path).slices
    return found


def changed(content: bytes, at: int, layout: str, *values: int) -> bytes:
    new = struct.pack(layout, *values)
    return content[:at] + new + content[at + len(new) :]


@pytest.mark.parametrize("arch", MACHINES, ids=str)
def test_the_architecture_is_that_of_machine_width_and_byte_order(arch: Arch) -> None:
    found = slice_of(
        elf_file(arch, soname="m.so", runpath="$ORIGIN/../m.libs", versions=GLIBC, needs_first=True)
    )

    assert found == Slice(
        arch=arch,
        cpu_type=MACHINES[arch][0],
        cpu_subtype=0,
        kind=Kind.DYLIB,
        dependencies=(Dependency(install_name="libc.so.6"),),
        rpaths=("$ORIGIN/../m.libs",),
        install_name="m.so",
        libc=Libc.GLIBC,
        glibc=(2, 28),
    )


@pytest.mark.parametrize(
    ("machine", "kind"),
    [
        pytest.param((62, 32, "<"), Kind.DYLIB, id="x32, which no x86_64 process loads"),
        pytest.param((183, 64, ">"), Kind.DYLIB, id="big-endian arm64"),
        pytest.param((8, 32, ">"), Kind.DYLIB, id="MIPS"),
        pytest.param((0, 64, "<"), Kind.DYLIB, id="none at all"),
        pytest.param((224, 64, "<"), Kind.OTHER, id="AMD GPU"),
        pytest.param((247, 64, "<"), Kind.OTHER, id="BPF"),
    ],
)
def test_other_machines_have_no_name(machine: tuple[int, int, str], kind: Kind) -> None:
    found = slice_of(elf_file(machine=machine))

    assert (found.arch, found.kind) == (Arch.OTHER, kind)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(elf_file(file_type=1), Kind.OBJECT, id="object"),
        pytest.param(elf_file(file_type=2), Kind.EXECUTABLE, id="program"),
        pytest.param(elf_file(file_type=4), Kind.OTHER, id="core"),
        pytest.param(elf_file(interpreter=True), Kind.EXECUTABLE, id="PIE of old linkers"),
        pytest.param(
            elf_file(interpreter=True, flags_1=DF_1_PIE, soname="x"), Kind.EXECUTABLE, id="PIE"
        ),
        pytest.param(
            elf_file(interpreter=True, soname="libQt5Core.so.5"),
            Kind.DYLIB,
            id="a library that can be run",
        ),
        pytest.param(changed(elf_file(), 64 + 56 + 32, "<Q", 0), Kind.DSYM, id="debugging symbols"),
        pytest.param(
            elf_file(interpreter=True, soname="x", padding=LATE_DYNAMIC),
            Kind.EXECUTABLE,
            id="a big program",
        ),
        pytest.param(elf_file(padding=LATE_DYNAMIC), Kind.DYLIB, id="a big library"),
    ],
)
def test_the_kind_is_told_by_type_interpreter_and_name(content: bytes, kind: Kind) -> None:
    assert slice_of(content).kind is kind


def test_a_late_dynamic_section_is_left_unread() -> None:
    found = slice_of(elf_file(padding=LATE_DYNAMIC))

    assert (found.dependencies, found.libc) == ((), None)


def test_a_late_dynamic_section_is_read_if_a_new_glibc_is_named_before() -> None:
    versions = {"libc.so.6": ["GLIBC_2.38"]}

    found = slice_of(elf_file(padding=LATE_DYNAMIC, versions=versions))

    assert (found.libc, found.glibc) == (Libc.GLIBC, (2, 38))


def test_the_dynamic_section_is_found_by_its_address_as_loaders_find_it(tmp_path: Path) -> None:
    """An offset may lie, and be one that no system can seek to."""
    content = elf_file(versions=GLIBC | {"libm.so.6": ["GLIBC_2.34"]}, padding=LATE_DYNAMIC)
    offset_of_second_segment = 64 + 56 + 8
    path = tmp_path / "m.so"
    path.write_bytes(changed(content, offset_of_second_segment, "<Q", (1 << 64) - 1))

    with path.open("rb") as stream:
        binary = read_binary("m.so", FileSource(stream))

    assert binary is not None
    assert binary.slices[0].dependencies == (Dependency(install_name="libc.so.6"),)


def test_runpath_hides_rpath() -> None:
    both = slice_of(elf_file(runpath="$ORIGIN:/opt/a:", rpath="/opt/b"))
    old = slice_of(elf_file(rpath="/opt/b"))

    assert (both.rpaths, old.rpaths) == (("$ORIGIN", "/opt/a"), ("/opt/b",))


@pytest.mark.parametrize(
    ("needed", "versions", "libc"),
    [
        pytest.param(["libc.so.6"], {}, Libc.GLIBC, id="glibc"),
        pytest.param(["ld-linux-aarch64.so.1"], {}, Libc.GLIBC, id="glibc's loader"),
        pytest.param([], {"libm.so.6": ["GLIBC_2.2"]}, Libc.GLIBC, id="glibc's versions"),
        pytest.param(["libc.musl-x86_64.so.1"], {}, Libc.MUSL, id="musl on Alpine"),
        pytest.param(["libc.so"], {}, Libc.MUSL, id="musl elsewhere"),
        pytest.param(["libc.so"], {"libc.so": ["LIBC"]}, Libc.BIONIC, id="Android"),
        pytest.param(["libc.so", "liblog.so"], {}, Libc.BIONIC, id="Android without versions"),
        pytest.param(["libgcc_s.so.1"], {}, None, id="none"),
    ],
)
def test_the_c_library_is_told_by_what_is_needed(
    needed: list[str], versions: dict[str, list[str]], libc: Libc | None
) -> None:
    assert slice_of(elf_file(needed=needed, versions=versions)).libc is libc


@pytest.mark.parametrize(
    ("versions", "weak", "newest"),
    [
        pytest.param(["GLIBC_2.4", "GLIBC_2.17"], (), (2, 17), id="by number, not by letters"),
        pytest.param(["GLIBC_2.2.5"], (), (2, 2), id="three numbers"),
        pytest.param(["GLIBC_2.17", "GLIBC_2.38"], ("GLIBC_2.38",), (2, 17), id="a weak one"),
        pytest.param(["GLIBC_2.2", "GLIBC_ABI_DT_RELR"], (), (2, 36), id="relative relocations"),
        pytest.param(["GLIBCXX_3.4.30"], (), None, id="not glibc's"),
        pytest.param([], (), None, id="none"),
    ],
)
def test_the_newest_glibc_is_told_by_versions(
    versions: list[str], weak: tuple[str, ...], newest: tuple[int, int] | None
) -> None:
    files = {"libc.so.6": versions, "libm.so.6": []}

    assert slice_of(elf_file(versions=files, weak=weak)).glibc == newest


def test_names_that_musl_lacks_are_kept() -> None:
    names = b"memcpy\0__memcpy_chk\0__stack_chk_fail\0__isoc23_strtol\0__ctype_b_loc\0"

    assert slice_of(elf_file(symbols=names)).beyond_musl == ("__isoc23_strtol", "__memcpy_chk")


@pytest.mark.parametrize(
    ("content", "reason", "malformed"),
    [
        pytest.param(elf_file()[:10], "it is cut short", True, id="identification"),
        pytest.param(elf_file()[:40], "it is cut short", True, id="header"),
        pytest.param(elf_file()[:100], "it is cut short", True, id="segments"),
        pytest.param(elf_file()[:-1], "it is cut short", True, id="content"),
        pytest.param(
            changed(elf_file(), 4, "B", 3),
            "it has an ELF header that no loader knows",
            True,
            id="class",
        ),
        pytest.param(
            changed(elf_file(), 5, "B", 0),
            "it has an ELF header that no loader knows",
            True,
            id="byte order",
        ),
        pytest.param(
            changed(elf_file(), 6, "B", 2),
            "it has an ELF header that no loader knows",
            True,
            id="version",
        ),
        pytest.param(
            changed(elf_file(), 54, "<H", 32), "it has segments of a strange size", True, id="size"
        ),
        pytest.param(
            changed(elf_file(), 56, "<H", PROGRAM_HEADERS + 1),
            f"it has more than {PROGRAM_HEADERS} segments",
            False,
            id="too many segments",
        ),
        pytest.param(
            changed(elf_file(), 64, "<I", 9), "it has nothing to load", True, id="no load"
        ),
        pytest.param(
            changed(elf_file(), 120, "<I", 9), "it has no dynamic section", True, id="no dynamic"
        ),
        pytest.param(
            changed(elf_file(), 120 + 32, "<Q", DYNAMIC_SECTION + 1),
            f"it has a dynamic section of more than {DYNAMIC_SECTION} bytes",
            False,
            id="a huge dynamic section",
        ),
        pytest.param(
            elf_file(more_tags=[(5, 1 << 40)]),
            "it has a dynamic section that leads nowhere",
            False,
            id="strings nowhere",
        ),
        pytest.param(
            elf_file(more_tags=[(1, 1 << 20)]),
            "it has a name that lies outside of its strings",
            False,
            id="a name outside",
        ),
        pytest.param(
            elf_file(versions=GLIBC, needs_first=True, more_tags=[(10, 1 << 62)])[:-1] + b"\0",
            None,
            False,
            id="strings that seem longer than the file",
        ),
    ],
)
def test_a_broken_file_has_a_problem(
    content: bytes, reason: str | None, *, malformed: bool
) -> None:
    binary = facts_of(content, "m.so")

    assert (binary.problem, binary.malformed) == (reason, malformed)
    assert bool(binary.slices) is not malformed or not binary.slices


def test_versions_that_end_nowhere_are_a_problem() -> None:
    content = elf_file(versions=GLIBC)
    needs = content.index(struct.pack("<HH", 1, 3))

    binary = facts_of(changed(content, needs + 8, "<I", 1 << 20), "m.so")

    assert binary.problem == "it has a list of versions that is cut short"


def test_versions_without_end_are_a_problem() -> None:
    content = elf_file(versions={"libc.so.6": ["GLIBC_2.2", "GLIBC_2.3"]})
    needs = content.index(struct.pack("<HH", 1, 2))
    circle = changed(content, needs + 2, "<H", 0xFFFF)

    binary = facts_of(changed(circle, needs + 16 + 12, "<I", 0), "m.so")

    assert binary.problem is not None
    assert "asks for more than" in binary.problem


def test_a_section_without_strings_says_only_what_the_file_is() -> None:
    content = elf_file(needed=(), flags_1=DF_1_PIE)
    strings = content.index(struct.pack("<QQ", 5, 64 + 2 * 56))

    assert slice_of(changed(content, strings, "<Q", 99)).kind is Kind.EXECUTABLE


def test_a_section_that_names_libraries_and_has_no_strings_is_a_problem() -> None:
    content = elf_file()
    strings = content.index(struct.pack("<QQ", 5, 64 + 2 * 56))

    binary = facts_of(changed(content, strings, "<Q", 99), "m.so")

    assert binary.problem == "it has no list of the names that it asks for"
    assert not binary.malformed


@pytest.mark.parametrize("size", [1, 16])
def test_a_dynamic_section_without_an_end_is_a_problem(size: int) -> None:
    content = elf_file()
    size_of_second_segment = 64 + 56 + 32

    binary = facts_of(changed(content, size_of_second_segment, "<Q", size), "m.so")

    assert binary.problem == "it has a dynamic section without an end"


def test_of_several_dynamic_sections_the_last_one_counts() -> None:
    """An interpreter that is made one leads to one byte of the strings."""
    content = elf_file(interpreter=True)
    third_segment = 64 + 2 * 56

    binary = facts_of(changed(content, third_segment, "<I", 2), "m.so")

    assert binary.problem == "it has a dynamic section without an end"


@pytest.mark.parametrize(
    ("symbols", "found"),
    [
        pytest.param(b"PyInit_m\0", True, id="it is there"),
        pytest.param(b"PyModExport_m\0", True, id="its successor (PEP 793)"),
        pytest.param(b"PyInit_mm\0", False, id="a longer name"),
        pytest.param(b"xPyInit_m\0", False, id="the end of a name"),
        pytest.param(b"", False, id="none"),
    ],
)
@pytest.mark.parametrize(
    ("more", "padding"),
    [
        pytest.param(b"", 0, id="names held whole"),
        pytest.param(b"x" * STRINGS + b"\0", 0, id="many names"),
        pytest.param(b"", LATE_DYNAMIC, id="names not read"),
    ],
)
def test_an_init_function_is_found_by_its_name(
    symbols: bytes, more: bytes, padding: int, *, found: bool
) -> None:
    content = elf_file(symbols=symbols + more, soname="libm.so", padding=padding)

    binary = facts_of(content, "m.so")

    assert binary.python_init is found


def test_of_a_long_table_of_strings_only_what_is_asked_for_is_read() -> None:
    found = slice_of(elf_file(symbols=b"x" * STRINGS + b"\0", soname="libm.so"))

    assert found.install_name == "libm.so"


def test_names_of_many_bytes_are_a_problem() -> None:
    content = elf_file(
        symbols=b"x" * (1 << 16) + b"\0", more_tags=[(1, n + 1) for n in range(1 << 12)]
    )

    binary = facts_of(content, "m.so")

    assert binary.problem == f"it has names of more than {NAME_BYTES} bytes"


SEED = settings(derandomize=True, deadline=None, max_examples=300)
VALID = [
    elf_file(versions=GLIBC, runpath="$ORIGIN", soname="m", symbols=b"PyInit_m\0"),
    elf_file(Arch.S390X, versions=GLIBC, needs_first=True),
    elf_file(Arch.I386, versions=GLIBC, interpreter=True),
]


def read_within_budget(content: bytes) -> Binary | None:
    source = StreamSource(lambda: BytesIO(content), len(content))
    assert source._pulled <= pull_budget(len(content))
    return read_binary("m.so", source)


@SEED
@given(
    content=st.sampled_from(VALID),
    changes=st.lists(st.tuples(st.integers(4, 900), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_file_with_random_changes_never_raises(
    content: bytes, changes: list[tuple[int, int]]
) -> None:
    new = bytearray(content)
    for at, value in changes:
        new[at % len(new) if at % len(new) > 3 else 4] = value

    binary = read_within_budget(bytes(new))

    assert binary is not None


@SEED
@given(
    content=st.sampled_from(VALID),
    at=st.integers(1, 220),
    word=st.sampled_from([0, 1, 7, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]),
)
def test_a_file_with_an_extreme_number_never_raises(content: bytes, at: int, word: int) -> None:
    place = 4 * at % (len(content) - 4) or 4
    place = max(place, 4)

    binary = read_within_budget(content[:place] + struct.pack("<I", word) + content[place + 4 :])

    assert binary is not None


@pytest.mark.parametrize("content", VALID, ids=["64-bit", "big-endian", "32-bit"])
def test_a_file_cut_anywhere_has_a_problem(content: bytes) -> None:
    whole = read_binary("m.so", FileSource(BytesIO(content)))
    cut = [read_within_budget(content[:length]) for length in range(16, len(content))]

    assert whole is not None
    assert whole.problem is None
    assert all(binary is not None and binary.malformed for binary in cut)
