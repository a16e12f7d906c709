from __future__ import annotations

import struct

import pytest

from builders.macho_bytes import (
    CPU,
    FILETYPE,
    LC_BUILD_VERSION,
    LC_LAZY_LOAD_DYLIB,
    LC_LOAD_DYLIB,
    LC_LOAD_UPWARD_DYLIB,
    LC_LOAD_WEAK_DYLIB,
    LC_REEXPORT_DYLIB,
    LC_VERSION_MIN_IPHONEOS,
    LC_VERSION_MIN_MACOSX,
    LC_VERSION_MIN_TVOS,
    LC_VERSION_MIN_WATCHOS,
    MH_TWOLEVEL,
    NCMDS_AT,
    SIZEOF_CMDS_AT,
    build_version,
    command,
    dylib,
    dylib_use,
    facts_of,
    patched,
    thin,
    version_min,
)
from pip_archguard.binaries.bounds import LOAD_COMMANDS
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Dependency, Kind, Slice

FIRST_COMMAND_AT = 32


def piece_of(content: bytes) -> Slice:
    binary = facts_of(content)
    assert binary.problem is None
    (piece,) = binary.slices
    return piece


def problem_of(content: bytes) -> str | None:
    return facts_of(content).problem


@pytest.mark.parametrize("arch", CPU, ids=str)
def test_a_slice_has_the_architecture_of_its_header(arch: Arch) -> None:
    piece = piece_of(thin(arch))

    assert piece.arch is arch


@pytest.mark.parametrize(
    ("arch", "subtype", "found"),
    [
        pytest.param(Arch.X86_64, 0x80000003, Arch.X86_64, id="x86_64 with LIB64"),
        pytest.param(Arch.X86_64, 0x80000008, Arch.X86_64H, id="x86_64h with LIB64"),
        pytest.param(Arch.X86_64, 4, Arch.X86_64, id="x86_64 of another model"),
        pytest.param(Arch.ARM64, 1, Arch.ARM64, id="arm64 v8"),
        pytest.param(Arch.ARM64, 2, Arch.ARM64E, id="arm64e of the old ABI"),
        pytest.param(Arch.ARM64, 0x81000002, Arch.ARM64E, id="arm64e, ABI version 1"),
    ],
)
def test_the_subtype_decides_without_its_capability_bits(
    arch: Arch, subtype: int, found: Arch
) -> None:
    piece = piece_of(thin(arch, cpu_subtype=subtype))

    assert (piece.arch, piece.cpu_subtype) == (found, subtype)


@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
@pytest.mark.parametrize("arch", [Arch.X86_64, Arch.I386], ids=["64-bit", "32-bit"])
def test_every_fact_is_read_in_either_byte_order_and_width(arch: Arch, order: str) -> None:
    content = thin(
        arch, Kind.DYLIB, order=order, minos=(12, 3, 1), rpaths=["@loader_path"], install_name="me"
    )

    piece = piece_of(content)

    assert piece == Slice(
        arch=arch,
        cpu_type=0x01000007 if arch is Arch.X86_64 else 7,
        cpu_subtype=3,
        kind=Kind.DYLIB,
        platform=1,
        min_os=(12, 3, 1),
        dependencies=(Dependency(install_name="/usr/lib/libSystem.B.dylib"),),
        rpaths=("@loader_path",),
        install_name="me",
        signed=True,
        flat_lookups=() if arch is Arch.X86_64 else None,
        imports=() if arch is Arch.X86_64 else None,
    )


@pytest.mark.parametrize("kind", FILETYPE, ids=str)
def test_a_slice_has_the_kind_of_its_header(kind: Kind) -> None:
    piece = piece_of(thin(kind=kind))

    assert piece.kind is kind


def test_a_slice_may_declare_nothing_at_all() -> None:
    piece = piece_of(thin(platform=None, dylibs=(), signed=False))

    assert piece == Slice(
        arch=Arch.ARM64,
        cpu_type=0x0100000C,
        cpu_subtype=0,
        kind=Kind.BUNDLE,
        flat_lookups=(),
        imports=(),
    )


@pytest.mark.parametrize("two_level", [False, True], ids=["flat", "two-level"])
def test_a_slice_tells_whether_libraries_are_told_apart(*, two_level: bool) -> None:
    piece = piece_of(thin(flags=MH_TWOLEVEL if two_level else 0x85 & ~MH_TWOLEVEL))

    assert piece.two_level is two_level


def test_without_symbols_only_headers_and_load_commands_are_read() -> None:
    content = thin(undefined=[("_a", 1)], dylibs=["@rpath/a.dylib"], exported=["_e"])
    whole = facts_of(content)

    binary = facts_of(content[: -2 * 16], symbols=False)

    (piece,) = binary.slices
    assert (piece.flat_lookups, piece.imports, piece.exports_init) == (None, None, None)
    assert piece._replace(flat_lookups=(), imports=whole.slices[0].imports) == whole.slices[0]
    assert binary.problem is None


@pytest.mark.parametrize(
    ("number", "platform"),
    [
        pytest.param(LC_VERSION_MIN_MACOSX, 1, id="macOS"),
        pytest.param(LC_VERSION_MIN_IPHONEOS, 2, id="iOS"),
        pytest.param(LC_VERSION_MIN_TVOS, 3, id="tvOS"),
        pytest.param(LC_VERSION_MIN_WATCHOS, 4, id="watchOS"),
    ],
)
def test_the_older_commands_name_a_platform_too(number: int, platform: int) -> None:
    piece = piece_of(thin(platform=None, more=[version_min(number, (10, 13, 6))]))

    assert (piece.platform, piece.min_os) == (platform, (10, 13, 6))


@pytest.mark.parametrize("first", [1, 6], ids=["macOS first", "Catalyst first"])
def test_a_library_for_macos_and_catalyst_counts_as_macos(first: int) -> None:
    versions = {1: (11, 0, 0), 6: (14, 2, 0)}
    content = thin(
        platform=first, minos=versions[first], more=[build_version(7 - first, versions[7 - first])]
    )

    piece = piece_of(content)

    assert (piece.platform, piece.min_os) == (1, (11, 0, 0))


def test_of_several_platforms_without_macos_the_first_counts() -> None:
    piece = piece_of(thin(platform=2, more=[build_version(6)]))

    assert piece.platform == 2


@pytest.mark.parametrize(
    ("load", "found"),
    [
        pytest.param(dylib(LC_LOAD_DYLIB, "a"), (False, False), id="plain"),
        pytest.param(dylib(LC_LOAD_WEAK_DYLIB, "a"), (True, False), id="weak"),
        pytest.param(dylib(LC_REEXPORT_DYLIB, "a"), (False, True), id="reexported"),
        pytest.param(dylib(LC_LAZY_LOAD_DYLIB, "a"), (False, False), id="lazy"),
        pytest.param(dylib(LC_LOAD_UPWARD_DYLIB, "a"), (False, False), id="upward"),
        pytest.param(dylib_use(LC_LOAD_DYLIB, "a", 0x4), (False, False), id="newer form"),
        pytest.param(dylib_use(LC_LOAD_DYLIB, "a", 0x1), (True, False), id="newer form, weak"),
        pytest.param(dylib_use(LC_LOAD_DYLIB, "a", 0x3), (True, True), id="newer form, both"),
        pytest.param(
            command(LC_LOAD_DYLIB, struct.pack("<IIII", 24, 0x1A741800, 0, 0) + b"a\0"),
            (False, False),
            id="marker by chance",
        ),
    ],
)
def test_a_dependency_knows_how_it_is_linked(load: bytes, found: tuple[bool, bool]) -> None:
    piece = piece_of(thin(dylibs=(), more=[load]))

    assert piece.dependencies == (Dependency(install_name="a", weak=found[0], reexported=found[1]),)


def test_dependencies_and_rpaths_keep_their_order() -> None:
    piece = piece_of(thin(dylibs=["b", "a"], rpaths=["z", "y"]))

    assert [d.install_name for d in piece.dependencies] == ["b", "a"]
    assert piece.rpaths == ("z", "y")


def test_a_name_that_is_not_utf8_stays_printable() -> None:
    content = thin(rpaths=["@rpath/XY"]).replace(b"XY", b"\xff\xfe")

    piece = piece_of(content)

    assert piece.rpaths == ("@rpath/\\xff\\xfe",)


def test_commands_of_the_greatest_size_allowed_are_read() -> None:
    padding = command(0x31, bytes(LOAD_COMMANDS - 8))
    content = thin(platform=None, dylibs=(), signed=False, more=[padding])

    problem = problem_of(content)

    assert problem is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(
            patched(thin(), SIZEOF_CMDS_AT, LOAD_COMMANDS + 8) + bytes(LOAD_COMMANDS),
            "its arm64 code has more than 262144 bytes of load commands",
            id="too many bytes",
        ),
        pytest.param(
            patched(thin(), SIZEOF_CMDS_AT, 1000), "its arm64 code is cut short", id="cut short"
        ),
        pytest.param(
            patched(thin(), NCMDS_AT, 1000),
            "its arm64 code has fewer load commands than it says",
            id="fewer commands",
        ),
        *(
            pytest.param(
                patched(thin(), FIRST_COMMAND_AT + 4, size),
                "its arm64 code has a load command of an impossible size",
                id=f"a command of {size} bytes",
            )
            for size in (0, 7, 9, 4096)
        ),
        pytest.param(
            thin(more=[command(LC_BUILD_VERSION, bytes(8))]),
            "its arm64 code has a load command that is too small",
            id="small command",
        ),
        pytest.param(
            patched(thin(platform=None), FIRST_COMMAND_AT + 8, 4096),
            "its arm64 code has a name that runs past its load command",
            id="name outside its command",
        ),
        pytest.param(
            thin(platform=None, dylibs=(), signed=False, rpaths=["abc"]).replace(b"abc\0", b"abcd"),
            "its arm64 code has a name that runs past its load command",
            id="name without an end",
        ),
        pytest.param(thin()[:27], "it is cut short", id="header cut short"),
    ],
)
def test_a_damaged_file_gets_a_problem_and_no_slice(content: bytes, problem: str) -> None:
    binary = facts_of(content)

    assert (binary.slices, binary.problem) == ((), problem)
