"""Facts and targets in, judgement out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Severity
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.case import case_of
from pip_archguard.rules.fallback import spare_optional
from pip_archguard.rules.site import Site
from pip_archguard.rules.systems import rules_of


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
    `strict_tags` a tag that promises what the content lacks is refused, and so is a wheel of
    which all native code is for another system, as in one that was `built` here.
    """
    judged = tuple(t for t in targets if t.judged)
    findings: list[Finding] = []
    for target in judged:
        rules = rules_of(target.system)
        case = case_of(facts, target, rules.searching, companions, site)
        found = [finding for check in rules.checks for finding in check(case)]
        if built or strict_tags:
            refused = {finding.path for finding in found if finding.severity is Severity.REFUSE}
            more = (finding for check in rules.build_checks for finding in check(case))
            found += [finding for finding in more if finding.path not in refused]
        findings += found
    for system in dict.fromkeys(t.system for t in judged):
        alike = [t for t in judged if t.system is system]
        findings += rules_of(system).tags(facts, alike, strict=strict_tags)
    return Judgement(facts=facts, findings=spare_optional(facts, findings))
