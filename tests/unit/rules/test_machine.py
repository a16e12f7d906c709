"""Signatures, arm64e, versions of macOS, malformed files, lying tags, and fallbacks."""

from __future__ import annotations

from typing import Any

import pytest

from builders.facts import UNIVERSAL2, mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge, modules_at_fault

ARM64, X86_64 = mac(), mac(Arch.X86_64)
EXTENSION = "demo/_c.cpython-312-darwin.so"
FAT = macho(EXTENSION, piece(Arch.X86_64), piece(Arch.ARM64))


def found(facts: WheelFacts, target: Target = ARM64, **more: Any) -> list[tuple[str, str]]:
    findings = judge(facts, [target], **more).findings
    return [(f.reason.value, f.severity.value) for f in findings]


def arm64(*binaries: Binary) -> WheelFacts:
    return wheel(*binaries, platforms=("macosx_11_0_arm64",))


def test_arm64_code_without_a_signature_is_refused() -> None:
    unsigned = macho(EXTENSION, piece(Arch.X86_64, signed=False), piece(Arch.ARM64, signed=False))

    assert found(wheel(unsigned)) == [("unsigned-code", "refuse")]
    assert found(wheel(unsigned), X86_64) == []


def test_arm64e_alone_is_a_warning() -> None:
    both = macho(EXTENSION, piece(Arch.ARM64E), piece(Arch.ARM64))

    assert found(arm64(thin(EXTENSION, Arch.ARM64E))) == [("arm64e-only", "warn")]
    assert found(arm64(both)) == []


@pytest.mark.parametrize(
    ("min_os", "os", "expected"),
    [
        ((15, 0, 0), (14, 0), [("newer-macos", "warn")]),
        ((14, 1, 0), (14, 0), [("newer-macos", "warn")]),
        ((14, 0, 0), (14, 0), []),
        (None, (14, 0), []),
        ((15, 0, 0), (0, 0), []),
    ],
    ids=["newer", "newer minor", "equal", "none named", "no known system"],
)
def test_code_for_a_newer_macos_is_a_warning(
    min_os: tuple[int, int, int] | None, os: tuple[int, int], expected: list[tuple[str, str]]
) -> None:
    facts = wheel(thin(EXTENSION, Arch.ARM64, min_os=min_os), platforms=("macosx_15_0_arm64",))

    assert found(facts, mac(os=os)) == expected


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        (EXTENSION, "refuse"),
        ("demo/lib/libx.dylib", "refuse"),
        ("demo/lib/libx.so", "refuse"),
        ("demo/blob.bin", "info"),
        ("demo/tests/broken.dylib", "info"),
        ("demo/_c.cpython-39-darwin.so", "info"),
    ],
)
def test_a_malformed_file_is_refused_under_a_name_that_is_loaded(path: str, severity: str) -> None:
    broken = macho(path, piece(Arch.ARM64), problem="it occurs twice", malformed=True)

    assert found(arm64(broken)) == [("malformed-binary", severity)]


def test_a_malformed_file_does_not_matter_in_an_any_wheel_with_a_sound_one() -> None:
    broken = macho("demo/libx.dylib", problem="bad", malformed=True)

    assert found(wheel(FAT, broken, platforms=("any",))) == []


@pytest.mark.parametrize(
    ("platforms", "binaries", "evidence"),
    [
        ((UNIVERSAL2,), (thin(EXTENSION, Arch.ARM64),), ("x86_64",)),
        (("macosx_10_9_intel", "macosx_11_0_arm64"), (thin(EXTENSION, Arch.ARM64),), ("x86_64",)),
        (("any",), (thin(EXTENSION, Arch.ARM64),), ("x86_64",)),
        (
            ("macosx_11_0_arm64",),
            (thin(EXTENSION, Arch.ARM64, min_os=(12, 3, 0)),),
            ("arm64", "11.0", "12.3"),
        ),
    ],
    ids=["universal2", "compressed tags", "any", "macOS"],
)
def test_a_tag_that_promises_too_much_is_information_and_strictly_a_fault(
    platforms: tuple[str, ...], binaries: tuple[Binary, ...], evidence: tuple[str, ...]
) -> None:
    facts = wheel(*binaries, platforms=platforms)

    lies = judge(facts, [ARM64]).findings

    assert [(f.reason, f.severity, f.found) for f in lies] == [
        (Reason.LYING_TAG, Severity.INFO, evidence)
    ]
    assert judge(facts, [ARM64]).verdict is Verdict.OK
    assert judge(facts, [ARM64], strict_tags=True).verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    "facts",
    [
        wheel(FAT),
        wheel(thin(EXTENSION, Arch.ARM64), platforms=("macosx_11_0_universal", "linux_x86_64")),
        wheel(platforms=("any",)),
        wheel(thin("demo/tool", Arch.ARM64, Kind.EXECUTABLE), platforms=("any",)),
        wheel(
            macho(EXTENSION, piece(Arch.ARM64, min_os=(11, 0, 0)), piece(Arch.X86_64)),
            platforms=("macosx_10_9_universal2",),
        ),
    ],
    ids=["both", "old universal", "pure", "program only", "arm64 begins with macOS 11"],
)
def test_an_honest_tag_passes_strictly(facts: WheelFacts) -> None:
    assert judge(facts, [ARM64], strict_tags=True).verdict is Verdict.OK


def test_a_lie_about_the_target_itself_is_told_once_unless_strict() -> None:
    facts = wheel(thin(EXTENSION, Arch.X86_64))

    assert found(facts) == [("wrong-architecture", "refuse")]
    assert found(facts, strict_tags=True)[-1] == ("lying-tag", "refuse")


def test_without_a_judged_target_nothing_is_said_of_tags() -> None:
    assert judge(wheel(thin(EXTENSION, Arch.X86_64)), [], strict_tags=True).findings == ()


def test_an_optional_extension_that_cannot_load_is_a_warning() -> None:
    facts = wheel(thin(EXTENSION, Arch.X86_64), thin("demo/_d.abi3.so", Arch.X86_64))
    optional = facts._replace(optional_modules=frozenset({"demo/_c"}))

    findings = judge(optional, [ARM64]).findings

    assert modules_at_fault(judge(facts, [ARM64]).findings) == {"demo/_c", "demo/_d"}
    assert [(f.reason, f.severity, f.found[0]) for f in findings] == [
        (Reason.DEGRADED, Severity.WARN, "wrong-architecture"),
        (Reason.WRONG_ARCHITECTURE, Severity.REFUSE, "x86_64"),
    ]


def test_what_only_an_optional_extension_links_is_spared_too() -> None:
    extension = thin(EXTENSION, Arch.ARM64, links=("@loader_path/a.dylib", "/opt/b.dylib"))
    facts = arm64(extension, thin("demo/a.dylib", Arch.X86_64, Kind.DYLIB))

    optional = facts._replace(optional_modules=frozenset({"demo/_c"}))

    assert found(optional) == [("degraded", "warn"), ("undelocated", "info")]


def test_a_module_below_the_data_folder_is_known_by_its_own_name() -> None:
    facts = wheel(thin("demo-2.1.data/platlib/demo/_c.abi3.so", Arch.X86_64))

    assert modules_at_fault(judge(facts, [ARM64]).findings) == {"demo/_c"}


def test_neither_a_lying_tag_nor_a_library_is_a_module_at_fault() -> None:
    facts = wheel(
        thin(EXTENSION, Arch.ARM64, min_os=(12, 0, 0)),
        thin("demo/x.dylib", Arch.X86_64, Kind.DYLIB),
    )

    assert modules_at_fault(judge(facts, [ARM64], strict_tags=True).findings) == frozenset()
