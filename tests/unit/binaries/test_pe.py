from __future__ import annotations

import struct
from io import BytesIO

import pytest

from builders.pe_bytes import (
    ADDRESS,
    AMD64,
    ARM64,
    ARMNT,
    DLL,
    I386,
    IL_ONLY,
    OFFSET,
    PREFERS_32,
    PROGRAM,
    REQUIRES_32,
    START,
    pe,
)
from pip_archguard.binaries import FileSource, StreamSource, read_binary
from pip_archguard.binaries.bounds import (
    NAME_LENGTH,
    PE_KEPT,
    PE_LIBRARIES,
    PE_REACH,
    PE_SECTIONS,
)
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind, Slice

OPTIONAL = START + 24
TABLES = OPTIONAL + 112
SECTION = TABLES + 128
READY = b"RTR\0"
WORDS = b"MZ, a text that is no program at all, but long enough for one that looks for headers"


def facts_of(content: bytes, path: str = "a/m.dll") -> Binary:
    found = read_binary(path, FileSource(BytesIO(content)))
    assert found is not None
    assert found.format is Format.PE
    return found


def piece_of(content: bytes, path: str = "a/m.dll") -> Slice:
    found = facts_of(content, path)
    assert found.problem is None
    return found.slices[0]


def archs_of(content: bytes) -> list[Arch]:
    return [piece.arch for piece in facts_of(content).slices]


def patched(content: bytes, at: int, form: str, *values: int) -> bytes:
    changed = bytearray(content)
    struct.pack_into(form, changed, at, *values)
    return bytes(changed)


@pytest.mark.parametrize(
    ("machine", "arch"),
    [
        (I386, Arch.I386),
        (AMD64, Arch.X86_64),
        (ARM64, Arch.ARM64),
        (ARMNT, Arch.ARM),
        (0x200, Arch.OTHER),
    ],
)
def test_the_header_names_the_machine(machine: int, arch: Arch) -> None:
    piece = piece_of(pe(machine))

    assert (piece.arch, piece.cpu_type, piece.kind) == (arch, machine, Kind.DYLIB)


@pytest.mark.parametrize(
    ("options", "archs"),
    [
        pytest.param({"machine": AMD64, "chpe": True}, [Arch.ARM64EC], id="arm64ec"),
        pytest.param({"machine": ARM64, "chpe": True}, [Arch.ARM64, Arch.ARM64EC], id="arm64x"),
        pytest.param(
            {"machine": ARM64, "relocations": [(3, 4), (6, 8)]},
            [Arch.ARM64, Arch.ARM64EC],
            id="arm64x that only forwards",
        ),
        pytest.param({"machine": ARM64, "relocations": [(3, 4), (7, 8)]}, [Arch.ARM64], id="other"),
        pytest.param({"machine": ARM64, "relocations": []}, [Arch.ARM64], id="no relocations"),
        pytest.param(
            {"machine": ARM64, "relocations": [(6, 8)], "relocation_version": 2},
            [Arch.ARM64],
            id="relocations of a version that is not known",
        ),
        pytest.param({"machine": AMD64, "relocations": [(6, 8)]}, [Arch.X86_64], id="amd64"),
        pytest.param(
            {"machine": ARM64, "relocations": [(0, 0)] * 100 + [(6, 8)]},
            [Arch.ARM64],
            id="too many relocations",
        ),
        pytest.param(
            {"machine": AMD64, "chpe": True, "config_size": 112}, [Arch.X86_64], id="old compiler"
        ),
        pytest.param({"machine": I386, "chpe": True}, [Arch.I386], id="x86"),
    ],
)
def test_hybrids_are_told_by_their_load_configuration(
    options: dict[str, object], archs: list[Arch]
) -> None:
    assert archs_of(pe(**options)) == archs  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "arch", "kind"),
    [
        pytest.param({"machine": I386, "cor_flags": IL_ONLY}, Arch.ANY, Kind.MANAGED, id="AnyCPU"),
        pytest.param(
            {"machine": I386, "cor_flags": IL_ONLY | REQUIRES_32},
            Arch.I386,
            Kind.MANAGED,
            id="x86",
        ),
        pytest.param(
            {"machine": I386, "cor_flags": IL_ONLY | REQUIRES_32 | PREFERS_32},
            Arch.ANY,
            Kind.MANAGED,
            id="AnyCPU that prefers 32 bits",
        ),
        pytest.param({"machine": AMD64, "cor_flags": IL_ONLY}, Arch.X86_64, Kind.MANAGED, id="x64"),
        pytest.param(
            {"machine": ARM64, "cor_flags": 4, "compiled": READY},
            Arch.ARM64,
            Kind.MANAGED,
            id="compiled ahead",
        ),
        pytest.param(
            {"machine": AMD64, "cor_flags": 0, "compiled": b"old\0"},
            Arch.X86_64,
            Kind.DYLIB,
            id="native code of an old kind",
        ),
        pytest.param({"machine": AMD64, "cor_flags": 0}, Arch.X86_64, Kind.DYLIB, id="C++/CLI"),
        pytest.param(
            {"machine": I386, "cor_flags": IL_ONLY, "characteristics": PROGRAM},
            Arch.ANY,
            Kind.MANAGED,
            id="program",
        ),
    ],
)
def test_assemblies_of_dotnet_are_told_by_their_flags(
    options: dict[str, object], arch: Arch, kind: Kind
) -> None:
    piece = piece_of(pe(**options))  # type: ignore[arg-type]

    assert (piece.arch, piece.kind) == (arch, kind)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        pytest.param({"characteristics": DLL}, Kind.DYLIB, id="dll"),
        pytest.param({"characteristics": PROGRAM}, Kind.EXECUTABLE, id="exe"),
        pytest.param({"characteristics": 0}, Kind.OTHER, id="not to be run"),
        pytest.param({"characteristics": PROGRAM, "subsystem": 1}, Kind.OTHER, id="driver"),
        pytest.param({"code_size": 0}, Kind.OTHER, id="resources"),
        pytest.param({"code_size": 0, "exports": ["data"]}, Kind.DYLIB, id="data"),
    ],
)
def test_a_library_is_told_from_a_program(options: dict[str, object], kind: Kind) -> None:
    assert piece_of(pe(**options)).kind is kind  # type: ignore[arg-type]


@pytest.mark.parametrize("machine", [I386, AMD64, ARM64])
def test_imported_libraries_are_dependencies_and_delayed_ones_weak(machine: int) -> None:
    content = pe(
        machine,
        imports=["python312.dll", "both.dll"],
        delayed=["late.dll", "both.dll"],
        old_delayed=["older.dll"],
    )

    found = [(d.install_name, d.weak) for d in piece_of(content).dependencies]

    assert found == [
        ("python312.dll", False),
        ("both.dll", False),
        ("late.dll", True),
        ("older.dll", True),
    ]


@pytest.mark.parametrize(
    ("path", "exports", "expected"),
    [
        ("a/m.cp312-win_amd64.pyd", ["PyInit_m"], True),
        ("a/m.pyd", ["A", "PyInit_a", "PyInit_m", "PyInit_n", "Z"], True),
        ("a/m.pyd", ["PyModExport_m"], True),
        ("a/m.pyd", ["PyInit_mm", "PyInit_l"], False),
        ("a/m.pyd", [], False),
        ("a/né.pyd", ["PyInitU_n_bga"], True),
        ("a/m.dll", ["PyInit_m"], None),
        ("a/m.pyd", ["PyInit_m" + "m" * NAME_LENGTH], False),
    ],
    ids=["tag", "bare", "PEP 793", "others", "none", "not ASCII", "no module", "a long name"],
)
def test_an_extension_module_exports_its_init_function(
    path: str, exports: list[str], *, expected: bool | None
) -> None:
    content = pe(exports=exports)
    binary = facts_of(content, path)

    assert binary.slices[0].exports_init is expected
    assert binary.python_init is bool(expected)


def test_old_files_name_fewer_tables() -> None:
    assert piece_of(pe(directories=6, imports=["a.dll"])).dependencies[0].install_name == "a.dll"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"MZ", "is cut short within its headers", id="two bytes"),
        pytest.param(WORDS, "is cut short within its headers", id="text"),
        pytest.param(pe()[:START], "is cut short within its headers", id="DOS header"),
        pytest.param(patched(pe(), START, "<H", 0), "is a program for DOS", id="DOS program"),
        pytest.param(patched(pe(), START, "<H", 0x454E), "is a program for DOS", id="Windows 3"),
        pytest.param(patched(pe(), START + 20, "<H", 0), "no optional header", id="object file"),
        pytest.param(patched(pe(), START + 20, "<H", 64), "no optional header", id="short"),
        pytest.param(patched(pe(), OPTIONAL, "<H", 0x107), "of an unknown kind", id="ROM"),
        pytest.param(pe()[: SECTION + 39], "is cut short within its headers", id="sections"),
        pytest.param(
            patched(pe(), SECTION + 16, "<I", 0x10000), "a section ends at byte", id="content"
        ),
    ],
)
def test_what_windows_refuses_is_malformed(content: bytes, words: str) -> None:
    binary = facts_of(content)

    assert binary.malformed
    assert binary.problem is not None
    assert words in binary.problem
    assert not binary.slices


def test_a_file_with_countless_sections_is_beyond_bounds() -> None:
    binary = facts_of(patched(pe(), START + 6, "<H", PE_SECTIONS + 1))

    assert not binary.malformed
    assert binary.problem == f"it has {PE_SECTIONS + 1} sections, more than {PE_SECTIONS}"


@pytest.mark.parametrize("table", [0, 1, 10, 13, 14])
@pytest.mark.parametrize("address", [0x800, 0x5000, 0xFFFFFFFF, ADDRESS + 0x1F0])
def test_a_table_that_points_nowhere_is_a_problem_and_the_machine_known(
    table: int, address: int
) -> None:
    content = patched(pe(ARM64, imports=["a" * 400]), TABLES + 8 * table, "<I", address)

    binary = facts_of(content, "m.pyd")

    assert [piece.arch for piece in binary.slices] == [Arch.ARM64]
    assert binary.problem is None or "points to where nothing lies" in binary.problem
    assert not binary.malformed


def test_a_table_within_the_headers_is_read() -> None:
    content = bytearray(patched(pe(), TABLES + 8, "<I", 0x200))
    struct.pack_into("<12xII20x", content, 0x200, 0x240, 1)
    content[0x240:0x246] = b"a.dll\0"

    assert piece_of(bytes(content)).dependencies[0].install_name == "a.dll"


def test_what_is_in_memory_alone_is_zero() -> None:
    """A table may end there, where the file has nothing."""
    content = patched(pe(imports=["a.dll"]), SECTION + 8, "<I", 0x10000)
    content = patched(content, TABLES + 8, "<I", ADDRESS + 0x8000)

    assert piece_of(content).dependencies == ()


def test_a_name_may_end_with_its_section() -> None:
    content = bytearray(pe(imports=["a.dll"]))
    at = OFFSET + 0x200 - 5
    content[at:] = b"x.dll"
    struct.pack_into("<I", content, SECTION + 8, 0x200)
    row = struct.unpack_from("<I", content, TABLES + 8)[0] - ADDRESS + OFFSET
    struct.pack_into("<I", content, row + 12, ADDRESS + 0x200 - 5)

    problem = facts_of(bytes(content)).problem

    assert problem is not None
    assert "where nothing lies" in problem


def test_a_section_begins_where_windows_rounds_it_to() -> None:
    content = patched(pe(imports=["a.dll"]), SECTION + 20, "<I", OFFSET + 0x10)

    assert piece_of(content).dependencies[0].install_name == "a.dll"


def test_a_file_of_small_alignment_is_taken_as_it_is() -> None:
    content = patched(pe(imports=["a.dll"], alignment=16), SECTION + 12, "<I", ADDRESS)

    assert piece_of(content).dependencies[0].install_name == "a.dll"


def test_a_table_without_end_is_beyond_bounds() -> None:
    content = pe(imports=["a.dll"] * (PE_LIBRARIES + 1))

    binary = facts_of(content)

    assert binary.problem is None
    assert binary.slices[0].dependencies == ()


def test_the_tables_of_a_large_section_are_read_from_where_they_lie() -> None:
    content = pe(imports=["a.dll"], exports=["PyInit_m"], padding=PE_KEPT)
    opened: list[BytesIO] = []

    def reopen() -> BytesIO:
        opened.append(BytesIO(content))
        return opened[-1]

    binary = read_binary("m.pyd", StreamSource(reopen, len(content)))

    assert binary is not None
    assert binary.python_init
    assert [d.install_name for d in binary.slices[0].dependencies] == ["a.dll"]
    assert len(opened) == 1


@pytest.mark.parametrize("padding", [0, PE_KEPT], ids=["small section", "large section"])
def test_tables_far_into_a_file_are_left_unread(padding: int) -> None:
    content = pe(ARM64, imports=["a.dll"], padding=padding)
    far = patched(content[:OFFSET], SECTION + 20, "<I", PE_REACH)
    far = far.ljust(PE_REACH, b"\0") + content[OFFSET:]

    binary = facts_of(far)

    assert binary.problem is None
    assert [(s.arch, s.dependencies) for s in binary.slices] == [(Arch.ARM64, ())]


def test_an_empty_name_is_no_library() -> None:
    assert piece_of(pe(imports=["", "a.dll"])).dependencies[0].install_name == "a.dll"
