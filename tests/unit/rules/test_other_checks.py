from __future__ import annotations

import pytest

from builders.facts import elf, linux, mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import System
from pip_archguard.model.verdict import Verdict
from pip_archguard.rules import judge

ARM64, X86_64 = mac(), mac(Arch.X86_64)
EXTENSION = "speedups/_c.cpython-312-darwin.so"
FAT = macho(EXTENSION, piece(Arch.X86_64), piece(Arch.ARM64))

MANY = tuple(f"_SASToken_{i}" for i in range(315))


def hollow(arm64: tuple[str, ...] | None, x86_64: tuple[str, ...] | None) -> object:
    slices = (piece(Arch.X86_64, flat=x86_64), piece(Arch.ARM64, flat=arm64))
    return wheel(macho(EXTENSION, *slices))


def test_a_slice_that_leaves_more_names_to_the_flat_namespace_is_hollow() -> None:
    judgement = judge(hollow(MANY, ()), [ARM64, X86_64])  # type: ignore[arg-type]

    assert [(f.reason, f.target, f.count, len(f.found)) for f in judgement.findings] == [
        (Reason.HOLLOW_SLICE, ARM64, 315, 3)
    ]


@pytest.mark.parametrize(
    ("arm64", "x86_64"),
    [
        (("_NSApp", "_b"), ("_NSApp", "_b")),
        (("_a",), ("_a", "_b")),
        (("_objc_retain_x19", "_objc_release_x20"), ("_objc_retain",)),
        (None, None),
        (("_a",), None),
        ((), ()),
    ],
    ids=["equal", "fewer", "objc runtime", "not read", "sibling not read", "none"],
)
def test_symmetric_or_unread_lookups_say_nothing(
    arm64: tuple[str, ...] | None, x86_64: tuple[str, ...] | None
) -> None:
    assert judge(hollow(arm64, x86_64), [ARM64]).verdict is Verdict.OK  # type: ignore[arg-type]


def test_a_hollow_extension_of_another_python_is_ignored() -> None:
    slices = (piece(Arch.X86_64, flat=()), piece(Arch.ARM64, flat=MANY))
    other = macho("speedups/_c.cpython-39-darwin.so", *slices)

    assert judge(wheel(other), [ARM64]).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("target", "arch", "reason"),
    [
        (ARM64, Arch.X86_64, Reason.NEEDS_ROSETTA),
        (mac(os=(27, 0)), Arch.X86_64, Reason.NEEDS_ROSETTA),
        (mac(os=(28, 0)), Arch.X86_64, Reason.FOREIGN_EXECUTABLE),
        (ARM64, Arch.I386, Reason.FOREIGN_EXECUTABLE),
        (X86_64, Arch.ARM64, Reason.FOREIGN_EXECUTABLE),
    ],
    ids=["rosetta", "last macOS of rosetta", "after rosetta", "i386", "arm64 on intel"],
)
def test_a_foreign_program_is_a_warning(target: object, arch: Arch, reason: Reason) -> None:
    facts = wheel(FAT, thin("speedups/bin/tool", arch, Kind.EXECUTABLE))

    judgement = judge(facts, [target])  # type: ignore[list-item]

    assert judgement.verdict is Verdict.WARNING
    assert [(f.reason, f.severity) for f in judgement.findings] == [(reason, Severity.WARN)]


@pytest.mark.parametrize(
    "programs",
    [
        (thin("bin/tool", Arch.ARM64, Kind.EXECUTABLE),),
        (
            thin("bin/x86_64/tool", Arch.X86_64, Kind.EXECUTABLE),
            thin("bin/arm64/tool", Arch.ARM64, Kind.EXECUTABLE),
        ),
        (thin("bin/phone", Arch.X86_64, Kind.EXECUTABLE, platform=2),),
        (thin("demo/tests/data/tool", Arch.X86_64, Kind.EXECUTABLE),),
    ],
    ids=["native", "one for each architecture", "for iOS", "material of tests"],
)
def test_a_program_that_runs_or_has_a_native_twin_is_no_warning(programs: tuple[object]) -> None:
    assert judge(wheel(*programs), [ARM64]).verdict is Verdict.OK  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "init", "verdict"),
    [
        (EXTENSION, False, Verdict.BROKEN),
        ("speedups/_c.abi3.so", True, Verdict.BROKEN),
        ("speedups/_c.so", True, Verdict.BROKEN),
        ("speedups/_c.abi3.so", False, Verdict.OK),
        ("speedups/libcbc.so", False, Verdict.OK),
        ("speedups/_c.cpython-39-x86_64-linux-gnu.so", True, Verdict.OK),
        ("speedups/_c.cp312-win_amd64.pyd", True, Verdict.OK),
        ("speedups/lib/.so", True, Verdict.OK),
        ("speedups/libcbc.so.0", True, Verdict.OK),
    ],
)
@pytest.mark.parametrize("platforms", [("macosx_11_0_arm64",), ("any",)], ids=["platform", "any"])
def test_a_foreign_file_is_refused_only_where_import_would_take_it(
    path: str, verdict: Verdict, platforms: tuple[str, ...], *, init: bool
) -> None:
    facts = wheel(elf(path, python_init=init), platforms=platforms)

    assert judge(facts, [ARM64]).verdict is verdict


def test_a_foreign_module_beside_a_mach_o_one_is_ignored() -> None:
    facts = wheel(FAT, elf("speedups/_c.abi3.so", python_init=True))

    assert judge(facts, [ARM64]).verdict is Verdict.OK


def test_a_fresh_build_whose_only_native_code_is_foreign_is_refused() -> None:
    facts = wheel(elf("speedups/libx.so.1"))

    assert judge(facts, [ARM64]).verdict is Verdict.OK
    assert judge(facts, [ARM64], built=True).verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    "facts",
    [wheel(FAT, elf("speedups/libx.so.1")), wheel(elf("x.so.1"), platforms=("any",)), wheel()],
    ids=["native code too", "any", "no native code"],
)
def test_a_fresh_build_with_native_or_no_code_passes(facts: object) -> None:
    assert judge(facts, [ARM64], built=True).verdict is Verdict.OK  # type: ignore[arg-type]


@pytest.mark.parametrize("system", [System.WINDOWS, System.OTHER])
def test_a_system_without_rules_yields_no_finding(system: System) -> None:
    facts = wheel(thin(EXTENSION, Arch.X86_64))

    assert judge(facts, [ARM64._replace(system=system)]).findings == ()


@pytest.mark.parametrize("kind", [Kind.EXECUTABLE, Kind.OBJECT, Kind.ARCHIVE])
@pytest.mark.parametrize(
    ("path", "malformed", "reason"),
    [
        (EXTENSION, True, Reason.MALFORMED),
        (EXTENSION, False, Reason.COULD_NOT_TELL),
        ("speedups/lib.dylib", True, Reason.MALFORMED),
        ("speedups/tool", True, None),
        ("speedups/tool", False, None),
        ("speedups/_c.cpython-39-darwin.so", True, None),
    ],
)
def test_a_library_of_which_the_slice_of_the_target_was_not_read_is_not_fine(
    kind: Kind,
    path: str,
    malformed: bool,  # noqa: FBT001 - a case
    reason: Reason | None,
) -> None:
    """That another slice is a program says nothing of the one that is not there."""
    half = macho(path, piece(Arch.X86_64, kind), problem="p", malformed=malformed)

    on_arm64, on_x86_64 = (judge(wheel(FAT, half), [target]) for target in (ARM64, X86_64))

    told = {f.reason for f in on_arm64.findings} - {Reason.NEEDS_ROSETTA}
    assert told == ({reason} if reason else set())
    if reason:
        worst = Verdict.BROKEN if malformed else Verdict.UNKNOWN
        assert on_arm64.verdict is worst
    assert on_x86_64.verdict is Verdict.OK


def test_a_program_of_elf_has_one_slice_which_was_read() -> None:
    program = elf("speedups/x.so")._replace(slices=(piece(Arch.X86_64, Kind.EXECUTABLE),))

    judgement = judge(
        wheel(program._replace(problem="p"), platforms=("linux_aarch64",)), [linux(Arch.ARM64)]
    )

    assert Reason.COULD_NOT_TELL not in {f.reason for f in judgement.findings}


ELSEWHERE = "speedups/_c.cpython-312-x86_64-linux-gnu.so"


def test_a_wheel_for_macs_whose_modules_were_built_on_linux_is_refused() -> None:
    facts = wheel(elf(ELSEWHERE), elf("speedups/lib/libx.so.1"))

    (finding,) = judge(facts, [ARM64]).findings

    assert (finding.reason, finding.severity) == (Reason.FOREIGN_BUILD, Severity.REFUSE)
    assert (finding.path, finding.found) == (ELSEWHERE, ("elf",))


@pytest.mark.parametrize("module", ["speedups/_c", "speedups/_other"])
def test_a_module_built_elsewhere_that_the_package_can_do_without_is_a_warning(module: str) -> None:
    facts = wheel(elf(ELSEWHERE))._replace(optional_modules=frozenset({module}))

    worst = Verdict.WARNING if module == "speedups/_c" else Verdict.BROKEN
    assert judge(facts, [ARM64]).verdict is worst


@pytest.mark.parametrize(
    ("files", "platforms"),
    [
        ((elf(ELSEWHERE), FAT), ("macosx_11_0_universal2",)),
        ((elf(ELSEWHERE),), ("any",)),
        ((elf(ELSEWHERE),), ("manylinux_2_17_x86_64",)),
        ((elf("speedups/_c.cpython-39-x86_64-linux-gnu.so"),), ("macosx_11_0_universal2",)),
        ((elf("speedups/libx.so.1"),), ("macosx_11_0_universal2",)),
        ((elf("cpython-312-x86_64-linux-gnu.so"),), ("macosx_11_0_universal2",)),
    ],
    ids=["beside a sound one", "any", "other tag", "other python", "a library", "no name"],
)
def test_what_is_foreign_and_is_not_asked_for_is_no_fault(
    files: tuple[Binary, ...], platforms: tuple[str, ...]
) -> None:
    assert judge(wheel(*files, platforms=platforms), [ARM64]).findings == ()


def test_a_gate_lets_no_wheel_out_that_has_native_code_for_another_system_alone() -> None:
    facts = wheel(elf("speedups/libx.so.1"), elf(ELSEWHERE))

    findings = judge(facts, [ARM64], strict_tags=True).findings

    told = [(f.reason, f.path) for f in findings if f.severity is Severity.REFUSE]
    assert sorted(told, key=lambda each: each[1]) == [
        (Reason.FOREIGN_BUILD, ELSEWHERE),
        (Reason.FOREIGN_BUILD, "speedups/libx.so.1"),
    ]
