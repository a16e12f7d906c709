"""Archives made to be read wrongly: the verdict on each, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.facts import mac
from builders.hostile_archives import ARCHIVES, FILENAME, Hostile
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.reports.reasons import because
from pip_archguard.wheels import judge_wheel, read_wheel

SMALL = {name: kind for name, kind in ARCHIVES.items() if not kind.large}
LARGE = {name: kind for name, kind in ARCHIVES.items() if kind.large}
QUICK = ("a list of 100,000 files", "long headers, again and again", "long and deep names")


def judged(kind: Hostile, folder: Path) -> Judgement:
    path = folder / FILENAME
    path.write_bytes(kind.make())
    return judge_wheel(path, read_wheel(path), (mac(),))


@pytest.mark.parametrize("name", [*SMALL, *QUICK])
def test_the_verdict_is_the_one_that_is_due(name: str, tmp_path: Path) -> None:
    kind = ARCHIVES[name]

    judgement = judged(kind, tmp_path)

    assert (judgement.verdict, [f.found for f in judgement.findings]) == (
        kind.verdict,
        [f.found for f in judgement.findings] if kind.told else [],
    )
    assert kind.told in "\n".join(map(because, judgement.findings))


@pytest.mark.parametrize("name", [n for n, k in SMALL.items() if k.verdict is Verdict.BROKEN])
def test_what_programs_may_unpack_differently_has_a_code_of_its_own(
    name: str, tmp_path: Path
) -> None:
    findings = judged(SMALL[name], tmp_path).findings

    assert {(f.reason, f.severity) for f in findings} >= {(Reason.AMBIGUOUS, Severity.REFUSE)}
