"""Facts and targets in, judgement out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.case import Check, case_of
from pip_archguard.rules.dependencies import check_dependencies
from pip_archguard.rules.fallback import spare_optional
from pip_archguard.rules.foreign import check_foreign_build, check_foreign_extensions
from pip_archguard.rules.hollow import check_hollow
from pip_archguard.rules.libraries import check_libraries
from pip_archguard.rules.machine import check_arm64e, check_min_os, check_signatures
from pip_archguard.rules.malformed import check_malformed, check_unreadable
from pip_archguard.rules.programs import check_programs
from pip_archguard.rules.site import Site
from pip_archguard.rules.symbols import check_imports, check_init
from pip_archguard.rules.tags import check_tags

CHECKS: tuple[Check, ...] = (
    check_libraries,
    check_malformed,
    check_hollow,
    check_init,
    check_imports,
    check_signatures,
    check_foreign_extensions,
    check_unreadable,
    check_dependencies,
    check_arm64e,
    check_min_os,
    check_programs,
)
"""Every check of a wheel; a new one is a function in a file of its subject, listed here."""

BUILD_CHECKS: tuple[Check, ...] = (check_foreign_build,)
"""Checks of a wheel that was built for this machine a moment ago."""


def judge(
    facts: WheelFacts,
    targets: Iterable[Target],
    *,
    built: bool = False,
    companions: Sequence[WheelFacts] = (),
    site: Site | None = None,
    strict_tags: bool = False,
) -> Judgement:
    """Judge a wheel for each target; all of them must be able to load it.

    `companions` are wheels that are installed with it, whose libraries it may link. In
    their place a `site` may hold all that is installed, itself too, so that many are judged
    without laying all of it out for each.
    Targets without rules of their own (see `Target.judged`) yield no finding. With
    `strict_tags` a tag that promises what the content lacks is refused.
    """
    judged = tuple(t for t in targets if t.judged)
    checks = CHECKS + BUILD_CHECKS if built else CHECKS
    cases = [case_of(facts, target, companions, site) for target in judged]
    findings = [finding for case in cases for check in checks for finding in check(case)]
    findings += check_tags(facts, judged, strict=strict_tags)
    return Judgement(facts=facts, findings=spare_optional(facts, findings))
