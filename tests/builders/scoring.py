"""How right verdicts on the corpus are, counted the same way for every judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from builders.corpus import CorpusWheel, Expected
from pip_archguard.hosts import named_targets
from pip_archguard.model.arch import Arch
from pip_archguard.model.reason import Reason
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels import judge_wheel

ARCHS = (Arch.ARM64, Arch.X86_64)
"""Those of the simulated hosts."""

_HERE = Target(system=System.LINUX, arch=Arch.X86_64, python="cp311")


class Answer(Enum):
    """What a judge says of a wheel on a host."""

    REFUSED = "refused"
    DEGRADED = "degraded"
    TAKEN = "taken"
    UNKNOWN = "unknown"


class Outcome(Enum):
    """How an answer compares with what was expected; best first."""

    RIGHT = "right"
    UNKNOWN = "could not tell"
    FALSE_ALARM = "false alarm"
    MISS = "miss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One wheel on one host, for a judge to answer."""

    path: Path
    wheel: CorpusWheel
    facts: WheelFacts
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """An outcome, and the words of the judge for why."""

    look: Look
    outcome: Outcome
    evidence: str


Judge = Callable[[Look], tuple[Answer, str]]
"""Answers a look, and says why in a few words."""


def looks(wheel: CorpusWheel, path: Path, facts: WheelFacts) -> Iterator[Look]:
    """Yield the wheel on each host that would take it."""
    for host in wheel.hosts:
        (target,) = named_targets(_HERE, platforms=[host], python_version=wheel.python)
        yield Look(path=path, wheel=wheel, facts=facts, target=target)


def judge_by_archguard(look: Look) -> tuple[Answer, str]:
    """Answer as pip-archguard does."""
    judgement = judge_wheel(look.path, look.facts, [look.target])
    return _answer(judgement), "; ".join(
        f"{f.severity.value} {f.reason.value} {f.path} {', '.join(f.found)}"
        for f in judgement.findings
    )


def _answer(judgement: Judgement) -> Answer:
    match judgement.verdict:
        case Verdict.BROKEN:
            return Answer.REFUSED
        case Verdict.UNKNOWN:
            return Answer.UNKNOWN
        case Verdict.WARNING if any(f.reason is Reason.DEGRADED for f in judgement.findings):
            return Answer.DEGRADED
        case Verdict.WARNING | Verdict.OK:
            return Answer.TAKEN


def score(judge: Judge, found: Iterable[Look], *, knows_degraded: bool = False) -> list[Score]:
    """Ask a judge about each look.

    A wheel that works without its extension is right to be taken and to be refused where
    the judge has no third answer; one that has (`knows_degraded`) must give it.
    """
    scores = []
    for look in found:
        answer, evidence = judge(look)
        outcome = _outcome(answer, look.wheel.expected[look.target.arch], strict=knows_degraded)
        scores.append(Score(look=look, outcome=outcome, evidence=evidence))
    return scores


def _outcome(answer: Answer, expected: Expected, *, strict: bool) -> Outcome:
    if answer is Answer.UNKNOWN:
        return Outcome.UNKNOWN
    match expected:
        case Expected.BROKEN:
            return Outcome.RIGHT if answer is Answer.REFUSED else Outcome.MISS
        case Expected.SOUND:
            return Outcome.RIGHT if answer is Answer.TAKEN else Outcome.FALSE_ALARM
        case Expected.DEGRADED:
            if not strict or answer is Answer.DEGRADED:
                return Outcome.RIGHT
            return Outcome.FALSE_ALARM if answer is Answer.REFUSED else Outcome.MISS


def worst_by_wheel(scores: Iterable[Score], arch: Arch) -> dict[str, Score]:
    """Return for each wheel its worst score on the hosts of an architecture."""
    order = list(Outcome)
    worst: dict[str, Score] = {}
    for each in scores:
        name = each.look.wheel.filename
        if each.look.target.arch is arch and (
            name not in worst or order.index(each.outcome) > order.index(worst[name].outcome)
        ):
            worst[name] = each
    return worst
