"""Searches for libraries are broken off where no sound wheel asks for as many, and that is told."""

from __future__ import annotations

import pytest

from builders.facts import UNIVERSAL2, linux, mac, macho, piece, shared, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.reason import Reason
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge

MANY = tuple(f"@rpath/lib{n}.dylib" for n in range(9))
BOTH = macho("demo/_c.so", piece(Arch.ARM64, links=MANY), piece(Arch.X86_64, links=MANY))
LINUX = shared("demo/_c.so", links=tuple(f"lib{n}.so" for n in range(9)))


@pytest.mark.parametrize(
    ("facts", "target", "search"),
    [
        (wheel(BOTH, platforms=(UNIVERSAL2,)), mac(), "pip_archguard.rules.linking"),
        (
            wheel(LINUX, platforms=("manylinux_2_28_x86_64",)),
            linux(),
            "pip_archguard.rules.elf.linking",
        ),
    ],
    ids=["macOS", "Linux"],
)
def test_beyond_the_bound_on_lookups_nothing_is_told_but_that(
    facts: WheelFacts, target: Target, search: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{search}.MOST_LOOKUPS", 5)

    judgement = judge(facts, (target,))

    assert judgement.verdict is Verdict.UNKNOWN
    assert [finding.reason for finding in judgement.findings] == [Reason.COULD_NOT_TELL]
    assert "times" in judgement.findings[0].found[0]


def test_within_the_bound_on_lookups_each_missing_library_is_told() -> None:
    findings = judge(wheel(BOTH, platforms=(UNIVERSAL2,)), (mac(),)).findings

    assert {finding.reason for finding in findings} == {Reason.MISSING_LIBRARY}
    assert len(findings) == len(MANY)


def test_files_of_one_name_are_looked_at_up_to_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pip_archguard.rules.elf.linking.MOST_PLACES", 2)
    unfit = [shared(f"demo/{n}/lib.so", Arch.ARM64) for n in range(5)]
    facts = wheel(
        shared("demo/_c.so", links=("lib.so",)), *unfit, platforms=("manylinux_2_28_x86_64",)
    )

    found = judge(facts, (linux(),)).findings

    assert Reason.COULD_NOT_TELL in {finding.reason for finding in found}
