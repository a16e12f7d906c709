"""What was wrong with a wheel and what was taken instead, in few words."""

from __future__ import annotations

from collections.abc import Sequence

from pip_archguard.model.event import Replaced
from pip_archguard.model.finding import Finding
from pip_archguard.model.outcome import Origin
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.reports import wording
from pip_archguard.reports.reasons import because

_MOST_FILES = 3
"""How many files of one wheel are named; the others are counted."""


def weightiest(judgement: Judgement) -> list[Finding]:
    """Return the findings that the verdict rests on."""
    if judgement.verdict is Verdict.BROKEN:
        return [f for f in judgement.findings if f.severity is Severity.REFUSE]
    if judgement.verdict is Verdict.UNKNOWN:
        return [f for f in judgement.findings if f.reason is Reason.COULD_NOT_TELL]
    return [f for f in judgement.findings if f.severity is Severity.WARN]


def fault_of(judgement: Judgement, origin: Origin) -> str:
    """Say what is wrong with a distribution that is not used, or not as well as it could be."""
    subject = wording.subject(origin, judgement.facts.filename)
    found = in_short(weightiest(judgement))
    if judgement.verdict is Verdict.BROKEN:
        return f"{subject} cannot load: {found}"
    return f"{subject.rstrip(',')}: {found}"


def taken_instead(replaced: Replaced) -> str:
    """Say what took the place of something refused."""
    if not replaced.judged:
        return f"{wording.tick(replaced.choice.filename)}, its source: not built, so not judged"
    return wording.instead(replaced.remedy, replaced.choice)


def in_short(findings: Sequence[Finding]) -> str:
    """Say what was found in a few files, and in how many more."""
    named = [because(f) for f in findings[:_MOST_FILES]]
    more = len(findings) - _MOST_FILES
    if more > 0:
        named.append(f"and {more} more like {'it' if more == 1 else 'them'}")
    return "; ".join(named)
