"""Wheels whose native files were made to cost much: the verdict on each, and what is told.

Those that take longest are made by `benchmarks/hostile.py` alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.facts import mac
from builders.hostile_archives import FILENAME
from builders.hostile_natives import NATIVES, wheel
from builders.macho_bytes import thin
from pip_archguard.model.problem import Fault
from pip_archguard.reports.reasons import because
from pip_archguard.wheels import judge_wheel, read_wheel

QUICK = ("two million chained imports",)


@pytest.mark.parametrize("name", [*(n for n, k in NATIVES.items() if not k.large), *QUICK])
def test_the_verdict_is_the_one_that_is_due(name: str, tmp_path: Path) -> None:
    kind = NATIVES[name]
    path = tmp_path / FILENAME
    path.write_bytes(kind.make())

    judgement = judge_wheel(path, read_wheel(path), (mac(),))

    assert judgement.verdict is kind.verdict
    assert kind.told in "\n".join(map(because, judgement.findings))


@pytest.mark.parametrize(
    ("bound", "value", "told"),
    [
        ("disk.NATIVES", 2, "it has more than 2 native files"),
        ("unpacked.unpacked_at_most", lambda _: 9999, "its native files unpack to more than"),
        ("unpacked.STEPS", -(10**6), "more commands and names than can be looked at"),
    ],
    ids=["number", "bytes", "steps"],
)
def test_a_bound_on_all_native_files_is_told_of_the_wheel(
    bound: str, value: object, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / FILENAME
    path.write_bytes(wheel((f"demo/_{n}.so", thin(body=bytes(9999))) for n in range(3)))
    monkeypatch.setattr(f"pip_archguard.wheels.{bound}", value)

    (problem,) = read_wheel(path).problems

    assert (problem.path, problem.fault) == (FILENAME, Fault.BEYOND_BOUND)
    assert told in problem.reason
