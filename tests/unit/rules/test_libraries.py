from __future__ import annotations

import pytest

from builders.facts import CP312, UNIVERSAL2, mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.reason import Reason, Severity, Use
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge

ARM64, X86_64 = mac(), mac(Arch.X86_64)
EXTENSION = "speedups/_c.cpython-312-darwin.so"
FAT = macho(EXTENSION, piece(Arch.X86_64), piece(Arch.ARM64))


def reasons(facts: WheelFacts, target: object = ARM64) -> list[str]:
    findings = judge(facts, [target]).findings  # type: ignore[list-item]
    return [f.reason.value for f in findings if f.severity is not Severity.INFO]


@pytest.mark.parametrize("kind", [Kind.BUNDLE, Kind.DYLIB], ids=str)
@pytest.mark.parametrize(
    "path",
    [EXTENSION, "speedups/_c.abi3.so", "speedups/lib/libx.dylib", "S.framework/Versions/A/S"],
)
def test_a_library_without_the_architecture_is_refused_in_a_platform_wheel(
    path: str, kind: Kind
) -> None:
    facts = wheel(thin(path, Arch.X86_64, kind))

    assert reasons(facts) == ["wrong-architecture"]
    assert judge(facts, [X86_64]).verdict is Verdict.OK


def test_the_reverse_is_refused_on_an_intel_mac() -> None:
    facts = wheel(thin(EXTENSION, Arch.ARM64))

    assert reasons(facts, X86_64) == ["wrong-architecture"]


def test_a_fat_extension_loads_on_both() -> None:
    assert judge(wheel(FAT), [ARM64, X86_64]).verdict is Verdict.OK


def test_every_target_must_be_able_to_load_it() -> None:
    judgement = judge(wheel(thin(EXTENSION, Arch.ARM64)), [ARM64, X86_64])

    assert judgement.verdict is Verdict.BROKEN
    assert {f.target.arch for f in judgement.findings} == {Arch.X86_64}


@pytest.mark.parametrize(
    ("arch", "target"),
    [(Arch.ARM64E, ARM64), (Arch.X86_64H, X86_64)],
    ids=["arm64e on arm64", "x86_64h on x86_64"],
)
def test_a_process_takes_the_better_slice_of_its_family(arch: Arch, target: object) -> None:
    assert "wrong-architecture" not in reasons(wheel(thin(EXTENSION, arch)), target)


@pytest.mark.parametrize("kind", [Kind.OBJECT, Kind.DSYM, Kind.ARCHIVE, Kind.OTHER], ids=str)
def test_what_dyld_never_loads_is_ignored(kind: Kind) -> None:
    path = "speedups.so.dSYM/Contents/Resources/DWARF/_c.cpython-312-darwin.so"

    assert reasons(wheel(FAT, thin(path, Arch.X86_64, kind))) == []


@pytest.mark.parametrize(
    ("path", "suffixes"),
    [
        ("speedups/_c.cpython-39-darwin.so", CP312),
        ("speedups/_c.abi3t.so", CP312),
        ("speedups/_c.abi3.so", (".cpython-315t-darwin.so", ".abi3t.so", ".so")),
        ("speedups/_c.cpython-315-darwin.so", (".cpython-315t-darwin.so", ".abi3t.so", ".so")),
    ],
)
def test_an_extension_for_another_python_is_ignored(path: str, suffixes: tuple[str, ...]) -> None:
    good = thin("speedups/_d.so", Arch.ARM64)

    assert reasons(wheel(good, thin(path, Arch.X86_64)), mac(suffixes=suffixes)) == []


@pytest.mark.parametrize("path", ["d/_c.abi3t.so", "d/_c.cpython-315t-darwin.so", "d/_c.so"])
def test_an_extension_for_a_free_threaded_python_must_load_there(path: str) -> None:
    target = mac(suffixes=(".cpython-315t-darwin.so", ".abi3t.so", ".so"))

    assert reasons(wheel(thin(path, Arch.X86_64)), target) == ["wrong-architecture"]


def test_without_a_known_python_every_extension_counts() -> None:
    other = thin("speedups/_c.cpython-39-darwin.so", Arch.X86_64)

    assert reasons(wheel(FAT, other), mac(suffixes=())) == ["wrong-architecture"]


def test_an_ios_slice_is_refused_although_its_architecture_is_right() -> None:
    judgement = judge(wheel(thin(EXTENSION, Arch.ARM64, platform=2)), [ARM64])

    assert (Reason.WRONG_PLATFORM, ("iOS",)) in [(f.reason, f.found) for f in judgement.findings]


def test_a_slice_that_names_no_platform_passes() -> None:
    assert reasons(wheel(thin(EXTENSION, Arch.ARM64, platform=None))) == []


def test_an_any_wheel_is_refused_only_when_every_library_for_a_mac_lacks_it() -> None:
    intel = thin("mip/libcbc.dylib", Arch.X86_64, Kind.DYLIB)
    native = thin("mip/other.dylib", Arch.ARM64, Kind.DYLIB)
    ios = thin("mip/phone.dylib", Arch.ARM64, Kind.DYLIB, platform=2)

    assert reasons(wheel(intel, platforms=("any",))) == ["wrong-architecture"]
    assert reasons(wheel(intel, native, platforms=("any",))) == []
    assert reasons(wheel(ios, platforms=("any",))) == []


def test_thin_libraries_that_only_the_other_slice_links_are_sound() -> None:
    """As numpy 1.21.3 universal2: each slice links thin dylibs of its own."""
    extension = macho(
        EXTENSION,
        piece(Arch.X86_64, links=("@loader_path/.dylibs/libblas.x86.dylib", "/usr/lib/libz.dylib")),
        piece(Arch.ARM64, links=("@loader_path/.dylibs/libblas.arm.dylib",)),
    )
    intel = thin(
        "speedups/.dylibs/libblas.x86.dylib",
        Arch.X86_64,
        Kind.DYLIB,
        links=("@loader_path/libgcc.dylib",),
    )
    deeper = thin("speedups/.dylibs/libgcc.dylib", Arch.X86_64, Kind.DYLIB)
    native = thin("speedups/.dylibs/libblas.arm.dylib", Arch.ARM64, Kind.DYLIB)

    assert judge(wheel(extension, intel, deeper, native), [ARM64, X86_64]).findings == ()


def test_a_library_that_the_native_slice_links_must_have_the_architecture() -> None:
    links = ("@rpath/libblas.dylib",)
    extension = macho(EXTENSION, piece(Arch.X86_64, links=links), piece(Arch.ARM64, links=links))
    library = thin("speedups/.dylibs/libblas.dylib", Arch.X86_64, Kind.DYLIB)

    assert reasons(wheel(extension, library)) == ["wrong-architecture"]


def test_a_library_that_nobody_links_is_refused() -> None:
    """As pydivsufsort 0.0.13: opened by ctypes."""
    library = thin("speedups/libdivsufsort.3.0.1.dylib", Arch.X86_64, Kind.DYLIB)

    assert reasons(wheel(FAT, library)) == ["wrong-architecture"]


@pytest.mark.parametrize(
    ("lacking", "loading", "expected"),
    [
        ("p/x86_64/libx.dylib", "p/arm64/libx.dylib", []),
        ("p/libx-x86-64.dylib", "p/libx-arm64.dylib", []),
        ("p/libx_amd64.so", "p/libx_aarch64.so", []),
        ("p/a/libx.dylib", "p/b/libx.dylib", []),
        ("p/darwin-x64/x.node", "p/darwin-arm64/x.node", []),
        ("a/.dylibs/libomp.dylib", "b/.dylibs/libomp.dylib", ["wrong-architecture"]),
        ("p/a/_c.so", "p/b/_c.so", ["wrong-architecture"]),
        ("p/a/_c.abi3.so", "p/b/_c.abi3.so", ["wrong-architecture"]),
        ("p/libx.dylib", "p/liby.dylib", ["wrong-architecture"]),
    ],
)
def test_one_library_per_architecture_is_sound_and_modules_are_not_interchangeable(
    lacking: str, loading: str, expected: list[str]
) -> None:
    files = (thin(lacking, Arch.X86_64, Kind.DYLIB), thin(loading, Arch.ARM64, Kind.DYLIB))

    assert reasons(wheel(*files)) == expected


@pytest.mark.parametrize(
    ("binaries", "platforms", "expected"),
    [
        ((macho(EXTENSION, problem="cut short"),), (UNIVERSAL2,), Verdict.UNKNOWN),
        ((macho(EXTENSION, piece(Arch.X86_64), problem="bad"),), (UNIVERSAL2,), Verdict.UNKNOWN),
        ((macho("a.dylib", problem="bad"), FAT), ("any",), Verdict.OK),
        ((macho("a.dylib", problem="bad"),), ("any",), Verdict.UNKNOWN),
        ((FAT, macho("a.o", piece(Arch.X86_64, Kind.OBJECT), problem="b")), ("x",), Verdict.OK),
    ],
    ids=["nothing read", "half read", "any with a good one", "any alone", "object file"],
)
def test_what_cannot_be_read_is_unknown_and_never_fine(
    binaries: tuple[Binary, ...], platforms: tuple[str, ...], expected: Verdict
) -> None:
    assert judge(wheel(*binaries, platforms=platforms), [ARM64]).verdict is expected


def test_a_member_that_cannot_be_opened_makes_the_wheel_unknown() -> None:
    assert judge(wheel(FAT, problems=("encrypted",)), [ARM64]).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("platforms", [(UNIVERSAL2,), ("any",)], ids=["platform", "any"])
@pytest.mark.parametrize(
    ("path", "named_in_source", "expected"),
    [
        ("pydevd/attach_x86_64.dylib", False, []),
        ("pydevd/prebuilds/darwin-x64/attach.node", False, []),
        ("mip/cbc-c-darwin-x86-64.dylib", True, ["wrong-architecture"]),
        ("pydevd/attach_arm64.dylib", False, ["wrong-architecture"]),
        ("pydevd/attach_universal2.dylib", False, ["wrong-architecture"]),
        ("pydevd/attach.dylib", False, ["wrong-architecture"]),
        ("x86_64/_c.cpython-312-darwin.so", False, ["wrong-architecture"]),
    ],
)
def test_a_library_that_says_it_is_for_another_machine_is_sound_unless_source_asks_for_it(
    path: str, expected: list[str], platforms: tuple[str, ...], *, named_in_source: bool
) -> None:
    library = thin(path, Arch.X86_64, Kind.DYLIB)._replace(named_in_source=named_in_source)
    beside = [FAT] if platforms != ("any",) else []

    assert reasons(wheel(library, *beside, platforms=platforms)) == expected


def test_the_only_library_of_a_platform_wheel_is_not_for_another_machine() -> None:
    """As soundfile 0.14.0 for arm64, where Python runs as x86_64."""
    library = thin("_soundfile_data/libsndfile_arm64.dylib", Arch.ARM64, Kind.DYLIB)

    assert reasons(wheel(library), X86_64) == ["wrong-architecture"]


def test_libraries_that_only_link_one_another_are_not_excused() -> None:
    first = thin("demo/liba.dylib", Arch.X86_64, Kind.DYLIB, links=("@loader_path/libb.dylib",))
    second = thin("demo/libb.dylib", Arch.X86_64, Kind.DYLIB, links=("@loader_path/liba.dylib",))

    assert reasons(wheel(first, second)) == ["wrong-architecture"] * 2


def test_a_program_that_links_a_library_does_not_excuse_it() -> None:
    program = thin("bin/tool", Arch.X86_64, Kind.EXECUTABLE, links=("@rpath/libx.dylib",))
    library = thin("lib/libx.dylib", Arch.X86_64, Kind.DYLIB)

    assert "wrong-architecture" in reasons(wheel(program, library))


def test_a_linked_library_is_told_by_what_needs_it_and_any_other_is_opened() -> None:
    links = ("@loader_path/libblas.dylib",)
    extension = macho(EXTENSION, piece(Arch.X86_64, links=links), piece(Arch.ARM64, links=links))
    linked = thin("speedups/libblas.dylib", Arch.X86_64, Kind.DYLIB)
    opened = thin("speedups/libother.dylib", Arch.X86_64, Kind.DYLIB)

    judgement = judge(wheel(extension, linked, opened), [ARM64])

    assert [(f.path, f.use, f.needed_by) for f in judgement.findings] == [
        (linked.path, Use.LINKED, EXTENSION),
        (opened.path, Use.OPENED, ""),
    ]


def test_a_linked_library_without_the_architecture_breaks_an_any_wheel_too() -> None:
    extension = thin(EXTENSION, Arch.ARM64, links=("@loader_path/libblas.dylib",))
    library = thin("speedups/libblas.dylib", Arch.X86_64, Kind.DYLIB)

    assert reasons(wheel(extension, library, platforms=("any",))) == ["wrong-architecture"]


@pytest.mark.parametrize("path", ["speedups/tests/data/liba.dylib", "speedups/test/_c.so"])
def test_material_of_tests_is_not_needed(path: str) -> None:
    assert reasons(wheel(FAT, thin(path, Arch.X86_64))) == []
    assert reasons(wheel(thin(path, Arch.X86_64))) == ["wrong-architecture"]
