"""The result of a scan as its reader sees it; whole outputs lie in `tests/golden/scan`."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.facts import elf, mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.result import ScanReport
from pip_archguard.model.scan import Form, Scanned
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.reports.contents import claims, holds, label_of
from pip_archguard.reports.scan_text import scan_text
from pip_archguard.reports.table import Look
from pip_archguard.rules import judge

GOLDEN = Path(__file__).parents[2] / "golden" / "scan"
EXTENSION = "speedups/_c.cpython-312-darwin.so"
ARM64, INTEL = mac(), mac(Arch.X86_64)
BOTH = (ARM64, INTEL)
FAT = macho(EXTENSION, piece(Arch.X86_64), piece(Arch.ARM64))
LINUX = Target(system=System.LINUX, arch=Arch.X86_64, python="cp312", named=True)
MANY = tuple(thin(f"speedups/_{i}.cpython-312-darwin.so", Arch.X86_64) for i in range(5))


def scanned(
    *binaries: Binary, targets: tuple[Target, ...] = BOTH, name: str = "speedups", **more: object
) -> Scanned:
    facts = wheel(*binaries, **more)  # type: ignore[arg-type]
    facts = facts._replace(filename=facts.filename.replace("speedups", name))
    return Scanned(judgement=judge(facts, targets), targets=targets, sha256="0" * 64)


def unjudged() -> Scanned:
    facts = wheel(elf(EXTENSION), platforms=("manylinux_2_17_x86_64",))
    finding = Finding(
        reason=Reason.COULD_NOT_TELL,
        severity=Severity.WARN,
        path=facts.filename,
        target=LINUX,
        found=("wheels for linux are not judged yet",),
    )
    judgement = Judgement(facts=facts, findings=(finding,))
    return Scanned(judgement=judgement, targets=(LINUX,), sha256="0" * 64)


def two_pythons() -> Scanned:
    newer = ARM64._replace(python="cp313", suffixes=(".cpython-313-darwin.so", ".so"))
    return scanned(thin(EXTENSION, Arch.X86_64), targets=(ARM64, newer))


REPORTS: dict[str, ScanReport] = {
    "one-ok": ScanReport(wheels=(scanned(FAT, targets=(ARM64,)),)),
    "several": ScanReport(
        wheels=(
            scanned(FAT, name="good"),
            scanned(thin(EXTENSION, Arch.X86_64), name="bad"),
            scanned(FAT, thin("speedups/bin/tool", Arch.X86_64, Kind.EXECUTABLE), name="rosetta"),
            scanned(platforms=("any",), name="pure"),
            scanned(FAT, targets=(ARM64,), platforms=("macosx_11_0_arm64",), name="arm64only"),
        )
    ),
    "many-findings": ScanReport(wheels=(scanned(*MANY, targets=(ARM64,)),)),
    "verbose": ScanReport(
        wheels=(scanned(thin(EXTENSION, Arch.X86_64), targets=(INTEL,)),), verbose=True
    ),
    "unjudged": ScanReport(wheels=(unjudged(),)),
    "two-pythons": ScanReport(wheels=(two_pythons(),)),
    "nothing": ScanReport(wheels=()),
    "json": ScanReport(wheels=(scanned(thin(EXTENSION, Arch.X86_64)),), form=Form.JSON),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_result_reads_as_its_golden_file_says(name: str) -> None:
    golden = GOLDEN / f"{name}.txt"

    assert scan_text(REPORTS[name]) + "\n" == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {p.stem for p in GOLDEN.glob("*.txt")} == set(REPORTS)


def test_on_a_terminal_it_is_as_wide_as_that_and_has_colours() -> None:
    text = scan_text(REPORTS["several"], Look(width=70, colours=True))

    table = text.split("\n\n")[0]
    assert "\x1b[1;31mbroken" in table
    assert "\x1b[32mok" in table


def test_without_colours_no_line_of_a_table_is_wider_than_the_terminal() -> None:
    table = scan_text(REPORTS["several"], Look(width=70)).split("\n\n")[0]

    assert "\x1b" not in table
    assert max(map(len, table.splitlines())) <= 70


@pytest.mark.parametrize("name", ["[red]x[/]", "x\x1b[31m", ":smile:"], ids=repr)
def test_a_file_name_is_never_markup(name: str) -> None:
    table = scan_text(ScanReport(wheels=(scanned(name=name),)))

    assert name.replace("\x1b", "\\x1b") in table
    assert "\x1b" not in table


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [
        (("macosx_11_0_arm64",), "arm64, macOS 11.0"),
        (("macosx_10_9_universal2",), "arm64 x86_64, macOS 10.9"),
        (("macosx_10_6_intel",), "x86_64, macOS 10.6"),
        (("macosx_10_12_x86_64", "macosx_11_0_arm64"), "arm64 x86_64, macOS 10.12"),
        (("any",), "any"),
        (("manylinux_2_17_x86_64", "manylinux2014_x86_64"), None),
        (("macosx_11_0_arm64", "win_amd64"), "arm64, macOS 11.0, win_amd64"),
        (("macosx_10_3_fat",), "macosx_10_3_fat"),
    ],
    ids=str,
)
def test_the_claims_of_a_name_are_told_shortly(
    platforms: tuple[str, ...], expected: str | None
) -> None:
    assert claims(wheel(platforms=platforms)) == (expected or " ".join(sorted(platforms)))


@pytest.mark.parametrize(
    ("binaries", "expected"),
    [
        ((), "-"),
        ((FAT,), "arm64 x86_64"),
        ((FAT, thin("a.so", Arch.X86_64)), "arm64 (1 of 2) x86_64"),
        ((thin("bin/x", Arch.ARM64, Kind.EXECUTABLE),), "arm64"),
        ((FAT, thin("bin/x", Arch.I386, Kind.EXECUTABLE)), "arm64 x86_64"),
        ((FAT, elf("x.so")), "arm64 x86_64 elf"),
        ((elf("x.so"),), "elf"),
    ],
)
def test_what_a_wheel_holds_is_told_shortly(binaries: tuple[Binary, ...], expected: str) -> None:
    facts: WheelFacts = wheel(*binaries)

    assert holds(facts) == expected


def test_a_target_is_named_in_full() -> None:
    assert label_of(ARM64) == "macOS 14.0 arm64, cp312"
    assert label_of(LINUX._replace(python="")) == "Linux x86_64"


def test_a_wheel_for_none_of_the_systems_is_not_called_fine() -> None:
    wheels = (scanned(FAT), scanned(elf("speedups/_c.so"), targets=()))

    text = scan_text(ScanReport(wheels=wheels, form=Form.TABLE))

    assert text.endswith("\n\n2 wheels: 1 ok, 1 for another system")
