"""What a problem with a wheel, or with a file of it, weighs."""

from __future__ import annotations

from pip_archguard.model.problem import Fault, Problem
from pip_archguard.model.reason import Reason, Severity


def weight_of(problem: Problem) -> tuple[Reason, Severity]:
    """Return what is found by a problem: it could not be told, or should not be installed."""
    if problem.fault is Fault.AMBIGUOUS:
        return Reason.AMBIGUOUS, Severity.REFUSE
    return Reason.COULD_NOT_TELL, Severity.WARN
