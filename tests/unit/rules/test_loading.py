"""The dependency closure: which file a process comes to, install name by install name."""

from __future__ import annotations

from typing import Any

import pytest

from builders.facts import mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.reason import Reason, Severity, Use
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge, loading_besides

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

    findings = judge(facts, [ARM64._replace(suffixes=())]).findings

    assert [f.reason for f in findings[:2]] == [Reason.MISSING_LIBRARY, Reason.UNDELOCATED]


def test_the_verdict_on_a_shared_library_is_that_of_every_module_that_loads_it() -> None:
    """Blamed on one module alone, a fault is spared where that one is optional."""
    shared = library("demo/sub/shared.dylib", "@loader_path/deep.dylib")
    modules = [
        extension("@loader_path/shared.dylib", path=f"demo/sub/_{name}.cpython-312-darwin.so")
        for name in "ab"
    ]
    facts = wheel(*modules, shared, thin("demo/sub/deep.dylib", Arch.X86_64, Kind.DYLIB))

    for optional, verdict in (
        (("demo/sub/_a",), Verdict.BROKEN),
        (("demo/sub/_b",), Verdict.BROKEN),
        (("demo/sub/_a", "demo/sub/_b"), Verdict.WARNING),
    ):
        judged = judge(facts._replace(optional_modules=frozenset(optional)), [ARM64])

        assert judged.verdict is verdict


def test_a_fault_of_a_library_that_only_optional_modules_load_is_spared() -> None:
    unsigned = library("demo/sub/shared.dylib", signed=False)
    facts = wheel(extension("@loader_path/shared.dylib"), unsigned)

    judged = judge(facts._replace(optional_modules=frozenset({"demo/sub/_c"})), [ARM64])

    assert judge(facts, [ARM64]).verdict is Verdict.BROKEN
    assert judged.verdict is Verdict.WARNING


def test_a_malformed_file_that_a_module_links_is_refused_whatever_its_name() -> None:
    framework = macho("demo/sub/Q.framework/Q", problem="it is cut short", malformed=True)
    facts = wheel(extension("@loader_path/Q.framework/Q"), framework)

    assert found(facts) == [("malformed-binary", framework.path, "it is cut short")]


def test_a_file_of_the_name_elsewhere_is_no_proof() -> None:
    other = thin("demo/runtime/bin/python", Arch.X86_64, Kind.EXECUTABLE)
    twin = thin("demo/x86_64/libx.dylib", Arch.X86_64, Kind.DYLIB)

    assert found(wheel(extension("@rpath/Python.framework/Versions/3.12/Python"), other))[0][0] == (
        "missing-library"
    )
    assert found(wheel(extension("@rpath/libx.dylib"), twin)) == []


def test_a_library_that_may_be_missing_may_be_foreign() -> None:
    weak = thin(EXTENSION, Arch.ARM64, weak=("@loader_path/a.dylib",))

    assert found(wheel(weak, thin("demo/sub/a.dylib", Arch.X86_64, Kind.DYLIB))) == []


def test_a_plug_in_that_lacks_its_library_is_information_beside_libraries_that_load() -> None:
    plug_in = thin("demo/plugins/libsql.dylib", Arch.ARM64, links=("/opt/libpq.dylib",))
    facts = wheel(library("demo/libcore.dylib"), plug_in)

    severities = [f.severity for f in judge(facts, [ARM64]).findings if f.path == plug_in.path]

    assert severities == [Severity.INFO]
    assert found(wheel(plug_in)) == [("undelocated", plug_in.path, "/opt/libpq.dylib")]


def test_material_of_tests_is_not_followed() -> None:
    test = extension("@loader_path/b.dylib", path="demo/tests/_t.cpython-312-darwin.so")

    assert found(wheel(extension(), test, thin("demo/tests/b.dylib", Arch.X86_64))) == []


def test_a_long_chain_of_libraries_is_followed_to_its_end() -> None:
    chain = [library(f"demo/lib{n}.dylib", f"@loader_path/lib{n + 1}.dylib") for n in range(2000)]
    last = library("demo/lib2000.dylib", "/opt/end.dylib")

    findings = judge(wheel(library("demo/_c.so", "@loader_path/lib0.dylib"), *chain, last), [ARM64])

    assert ("undelocated", last.path) in {(f.reason.value, f.path) for f in findings.findings}


RPATHS = tuple(f"@loader_path/{n}" for n in range(20))
NAMES = tuple(f"@rpath/lib{n}.dylib" for n in range(20))
ENDLESS = {
    "many LC_RPATHs": [extension(*NAMES, rpaths=RPATHS)],
    "many of one name": [
        extension(*NAMES),
        *(thin(f"{n}/lib0.dylib", Arch.X86_64, Kind.DYLIB) for n in range(200)),
    ],
    "many loaders": [
        library(f"demo/lib{n}.dylib", "@rpath/x.dylib", f"@loader_path/lib{n + 1}.dylib")
        for n in range(50)
    ],
}


@pytest.mark.parametrize("files", ENDLESS.values(), ids=ENDLESS.keys())
def test_searches_without_end_are_broken_off_and_not_called_fine(
    files: list[Binary], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pip_archguard.rules.linking.MOST_PLACES", 100)

    judgement = judge(wheel(*files), [ARM64])

    assert Reason.COULD_NOT_TELL in {f.reason for f in judgement.findings}


MODULE = "demo/rocket.cpython-312-darwin.so"


def x86(path: str, *links: str, kind: Kind = Kind.DYLIB) -> Binary:
    return thin(path, Arch.X86_64, kind, links=links)


def test_what_only_a_module_links_that_does_not_load_fails_with_it() -> None:
    """As panda3d, whose `rocket` is for x86_64 alone, with its libraries."""
    facts = wheel(
        extension(),
        x86(MODULE, "@loader_path/liba.dylib", "@loader_path/both.dylib", kind=Kind.BUNDLE),
        x86("demo/liba.dylib", "@loader_path/libb.dylib"),
        x86("demo/libb.dylib", "@loader_path/liba.dylib"),
        library("demo/both.dylib"),
    )

    findings = judge(facts, [ARM64]).findings
    spared = judge(facts._replace(optional_modules=frozenset({"demo/rocket"})), [ARM64])
    spoiled = {MODULE, "demo/liba.dylib", "demo/libb.dylib"}

    refused = [f for f in findings if f.severity is Severity.REFUSE]
    assert {f.path: (f.use, f.needed_by) for f in refused} == {
        MODULE: (Use.IMPORTED, ""),
        "demo/liba.dylib": (Use.LINKED, MODULE),
        "demo/libb.dylib": (Use.LINKED, MODULE),
    }
    assert {f.reason for f in spared.findings if f.path in spoiled} == {Reason.DEGRADED}
    assert spared.verdict is Verdict.WARNING
    assert loading_besides(facts, findings, [ARM64]) == 2
    assert loading_besides(facts, findings, [ARM64, mac(Arch.X86_64)]) == 0
    assert loading_besides(facts, findings, []) == 0


def test_what_a_loaded_module_links_as_well_fails_for_that() -> None:
    facts = wheel(
        extension("@loader_path/../liba.dylib"),
        x86(MODULE, "@loader_path/liba.dylib", kind=Kind.BUNDLE),
        x86("demo/liba.dylib"),
    )

    uses = {f.path: f.needed_by for f in judge(facts, [ARM64]).findings}

    assert uses["demo/liba.dylib"] == EXTENSION
