"""The verdict on a wheel: what the findings about it add up to."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from pip_archguard.model.reason import Reason, Severity

if TYPE_CHECKING:  # most wheels have no finding
    from pip_archguard.model.finding import Finding
    from pip_archguard.model.target import Target
    from pip_archguard.model.wheel import WheelFacts


class Verdict(Enum):
    """What the findings add up to, worst last."""

    OK = "ok"
    WARNING = "warning"
    UNKNOWN = "unknown"
    BROKEN = "broken"


class Judgement(NamedTuple):
    """The verdict on one wheel or installed distribution, with its findings."""

    facts: WheelFacts
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings; `unknown` where something could not be judged."""
        return _worst(self.findings)

    def verdict_for(self, target: Target) -> Verdict:
        """The worst of the findings for one of the targets."""
        return _worst(tuple(f for f in self.findings if f.target == target))


def _worst(findings: tuple[Finding, ...]) -> Verdict:
    if any(f.severity is Severity.REFUSE for f in findings):
        return Verdict.BROKEN
    if any(f.reason is Reason.COULD_NOT_TELL for f in findings):
        return Verdict.UNKNOWN
    if any(f.severity is Severity.WARN for f in findings):
        return Verdict.WARNING
    return Verdict.OK
