"""Pure judgement: what dyld and CPython would do with the facts of a wheel."""

from pip_archguard.rules.case import Check
from pip_archguard.rules.fallback import modules_at_fault
from pip_archguard.rules.judge import BUILD_CHECKS, CHECKS, judge

__all__ = ["BUILD_CHECKS", "CHECKS", "Check", "judge", "modules_at_fault"]
