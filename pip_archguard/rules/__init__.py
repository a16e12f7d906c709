"""Pure judgement: what dyld and CPython would do with the facts of a wheel."""

from pip_archguard.rules.judge import BUILD_CHECKS, CHECKS, Check, judge

__all__ = ["BUILD_CHECKS", "CHECKS", "Check", "judge"]
