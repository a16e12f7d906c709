"""The dependency closure: which file a process comes to, install name by install name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from builders.facts import mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.verdict import Reason, Severity, Use
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge

ARM64 = mac()
EXTENSION = "demo/sub/_c.cpython-312-darwin.so"


def found(*wheels: WheelFacts) -> list[tuple[str, str, str]]:
    findings = judge(wheels[0], [ARM64], companions=wheels[1:]).findings
    return [
        (f.reason.value, f.path, f.found[0]) for f in findings if f.severity is not Severity.INFO
    ]


def extension(*links: str, path: str = EXTENSION, **more: Any) -> Binary:
    return thin(path, Arch.ARM64, links=links, **more)


def library(path: str, *links: str, **more: Any) -> Binary:
    return thin(path, Arch.ARM64, Kind.DYLIB, links=links, **more)


@pytest.mark.parametrize(
    ("name", "rpaths", "path"),
    [
        ("@loader_path/libx.dylib", (), "demo/sub/libx.dylib"),
        ("@loader_path/../.dylibs/libx.dylib", (), "demo/.dylibs/libx.dylib"),
        ("@rpath/libx.dylib", ("@loader_path/lib",), "demo/sub/lib/libx.dylib"),
        ("@rpath/libx.dylib", ("/nowhere", "@loader_path/.."), "demo/libx.dylib"),
        ("@executable_path/../lib/libx.dylib", (), "demo-2.1.data/data/lib/libx.dylib"),
        ("@rpath/libx.dylib", ("@executable_path/../lib",), "demo-2.1.data/data/lib/libx.dylib"),
        ("@loader_path/libx.dylib", (), "demo-2.1.data/platlib/demo/sub/libx.dylib"),
        ("@loader_path/LIBX.dylib", (), "demo/sub/libx.dylib"),
        ("@loader_path/X.framework/Versions/A/X", (), "demo/sub/X.framework/Versions/A/X"),
        ("/usr/lib/libSystem.B.dylib", (), "demo/other.dylib"),
        ("/System/Library/Frameworks/AppKit.framework/AppKit", (), "demo/other.dylib"),
        ("@rpath/libswiftCore.dylib", ("/usr/lib/swift",), "demo/other.dylib"),
        ("libx.dylib", (), "demo/other/libx.dylib"),
        ("/opt/build/lib/libx.dylib", (), "demo/other/libx.dylib"),
    ],
)
def test_a_dependency_is_found_where_dyld_finds_it(
    name: str, rpaths: tuple[str, ...], path: str
) -> None:
    assert found(wheel(extension(name, rpaths=rpaths), library(path))) == []


def test_rpaths_of_the_loaders_count_for_what_they_load() -> None:
    first = extension("@rpath/liba.dylib", rpaths=("@loader_path/lib",))
    second = library("demo/sub/lib/liba.dylib", "@rpath/libb.dylib")

    assert found(wheel(first, second, library("demo/sub/lib/libb.dylib"))) == []
    assert found(wheel(first, second)) == [("missing-library", second.path, "@rpath/libb.dylib")]


@pytest.mark.parametrize(
    ("name", "rpaths", "reason", "evidence"),
    [
        ("@loader_path/libx.dylib", (), "missing-library", "@loader_path/libx.dylib"),
        ("@rpath/libx.dylib", (), "missing-library", "@rpath/libx.dylib"),
        ("libx.dylib", (), "missing-library", "libx.dylib"),
        ("/opt/homebrew/lib/libx.dylib", (), "undelocated", "/opt/homebrew/lib/libx.dylib"),
        ("@rpath/libx.dylib", ("@loader_path", "/opt/x"), "undelocated", "/opt/x/libx.dylib"),
    ],
)
def test_a_dependency_that_no_wheel_has_is_a_warning(
    name: str, rpaths: tuple[str, ...], reason: str, evidence: str
) -> None:
    assert found(wheel(extension(name, rpaths=rpaths))) == [(reason, EXTENSION, evidence)]


def test_a_dependency_may_come_with_another_wheel() -> None:
    torch = wheel(library("torch/lib/libc10.dylib"))
    vision = wheel(extension("@rpath/libc10.dylib", rpaths=("@loader_path/../../torch/lib",)))

    assert found(vision, torch) == []


def test_a_companion_without_the_architecture_is_its_own_matter() -> None:
    torch = wheel(thin("torch/libc10.dylib", Arch.X86_64, Kind.DYLIB))

    assert found(wheel(extension("@rpath/libc10.dylib")), torch) == []


def test_a_weak_dependency_may_be_missing_or_foreign() -> None:
    weak = thin(EXTENSION, Arch.ARM64, weak=("@loader_path/a.dylib", "@loader_path/b.dylib"))
    foreign = thin("demo/tests/a.dylib", Arch.X86_64, Kind.DYLIB)

    assert found(wheel(weak, foreign)) == []


def test_a_missing_library_is_told_once_and_not_for_material_of_tests() -> None:
    twice = extension("@rpath/libx.dylib", "@rpath/libx.dylib")
    test = extension("@rpath/liby.dylib", path="demo/tests/_t.cpython-312-darwin.so")

    assert found(wheel(twice, test)) == [("missing-library", EXTENSION, "@rpath/libx.dylib")]


def test_what_a_library_lacks_is_told_with_the_module_that_needs_it() -> None:
    facts = wheel(extension("@loader_path/a.dylib"), library("demo/sub/a.dylib", "/opt/b.dylib"))

    finding = judge(facts, [ARM64]).findings[0]

    assert (finding.use, finding.needed_by) == (Use.LINKED, EXTENSION)


def test_of_several_libraries_of_a_name_the_one_that_loads_is_taken() -> None:
    twin = thin("demo/x86_64/libx.dylib", Arch.X86_64, Kind.DYLIB)
    fit = library("demo/arm64/libx.dylib")

    assert found(wheel(extension("@rpath/libx.dylib"), twin, fit)) == []


def test_a_cycle_of_libraries_ends() -> None:
    first = library("demo/liba.dylib", "@loader_path/libb.dylib")
    second = library("demo/libb.dylib", "@loader_path/liba.dylib")

    assert found(wheel(first, second)) == []


def test_a_cycle_of_libraries_for_the_other_slice_ends() -> None:
    both = macho(
        EXTENSION,
        piece(Arch.ARM64),
        piece(Arch.X86_64, links=("@rpath/liba.dylib", "@rpath/liba.dylib")),
    )
    first = thin("demo/liba.dylib", Arch.X86_64, Kind.DYLIB, links=("@loader_path/libb.dylib",))
    second = thin("demo/libb.dylib", Arch.X86_64, Kind.DYLIB, links=("@loader_path/liba.dylib",))

    assert found(wheel(both, first, second)) == []


def test_a_program_looks_beside_itself() -> None:
    program = thin(
        "demo/bin/tool", Arch.ARM64, Kind.EXECUTABLE, links=("@executable_path/libx.dylib",)
    )

    assert found(wheel(program, library("demo/bin/libx.dylib"))) == []
    assert found(wheel(program)) == [
        ("missing-library", "demo/bin/tool", "@executable_path/libx.dylib")
    ]


def test_of_two_wheels_with_a_file_in_one_place_the_first_is_seen() -> None:
    own = wheel(extension("@loader_path/libx.dylib"), library("demo/sub/libx.dylib"))
    other = wheel(thin("demo/sub/libx.dylib", Arch.X86_64, Kind.DYLIB))

    assert found(own, other) == []


def test_an_unknown_part_of_the_data_folder_lies_where_it_is_named() -> None:
    facts = wheel(
        extension("@loader_path/../../demo-2.1.data/odd/libx.dylib"),
        library("demo-2.1.data/odd/libx.dylib"),
    )

    assert found(facts) == []


def test_without_a_known_python_bare_and_tagged_modules_are_followed() -> None:
    facts = wheel(extension("@rpath/x.dylib"), extension("/opt/y.dylib", path="demo/_d.so"))

    findings = judge(facts, [replace(ARM64, suffixes=())]).findings

    assert [f.reason for f in findings[:2]] == [Reason.MISSING_LIBRARY, Reason.UNDELOCATED]
