"""Facts and targets in, judgement out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Finding, Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.foreign import check_foreign_build, check_foreign_extensions
from pip_archguard.rules.hollow import check_hollow
from pip_archguard.rules.libraries import check_libraries
from pip_archguard.rules.programs import check_programs
from pip_archguard.rules.unreadable import check_unreadable

Check = Callable[[WheelFacts, Target], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    check_libraries,
    check_hollow,
    check_foreign_extensions,
    check_programs,
    check_unreadable,
)
"""Every check of a wheel; a new one is a function in a file of its own, listed here."""

BUILD_CHECKS: tuple[Check, ...] = (check_foreign_build,)
"""Checks of a wheel that was built for this machine a moment ago."""


def judge(facts: WheelFacts, targets: Iterable[Target], *, built: bool = False) -> Judgement:
    """Judge a wheel for each target; all of them must be able to load it.

    Targets without rules of their own (see `Target.judged`) yield no finding.
    """
    checks = CHECKS + BUILD_CHECKS if built else CHECKS
    return Judgement(
        facts=facts,
        findings=tuple(
            finding
            for target in targets
            if target.judged
            for check in checks
            for finding in check(facts, target)
        ),
    )
