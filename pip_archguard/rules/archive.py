"""What a problem with a wheel, or with a file of it, weighs."""

from __future__ import annotations

from pip_archguard.model.problem import Fault, Problem
from pip_archguard.model.verdict import Reason, Severity


def weight_of(problem: Problem) -> tuple[Reason, Severity]:
    """Return what is found by a problem: it could not be told, or should not be installed."""
    match problem.fault:
        case Fault.UNREADABLE | Fault.BEYOND_BOUND:
            return Reason.COULD_NOT_TELL, Severity.WARN
        case Fault.AMBIGUOUS:
            return Reason.AMBIGUOUS, Severity.REFUSE
