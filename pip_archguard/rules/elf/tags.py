"""What the platform tags of a wheel for Linux promise, beside what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.case import case_of
from pip_archguard.rules.elf.linking import LdSoSearch

_PROMISE = re.compile(
    r"manylinux(?:_(?P<major>\d{1,4})_(?P<minor>\d{1,4})|(?P<year>1|2010|2014))_\w+"
)
_LEGACY = {"1": (2, 5), "2010": (2, 12), "2014": (2, 17)}  # PEPs 513, 571 and 599


def check_tags(facts: WheelFacts, targets: Sequence[Target], *, strict: bool) -> Iterator[Finding]:
    """Tell of a glibc that the tags promise to do with (PEP 600) and that the content is beyond.

    It does not concern the targets, so it is information only; `strict` refuses it. The
    architecture is one that the tags and the targets share, which other checks are about.
    """
    promised = min(_promises(facts.platforms), default=None)
    if promised is None:
        return
    loadable = case_of(facts, targets[0], LdSoSearch).loadable()
    newest = max((piece.glibc for _, piece in loadable if piece.glibc), default=promised)
    if newest > promised:
        yield Finding(
            reason=Reason.LYING_TAG,
            severity=Severity.REFUSE if strict else Severity.INFO,
            path=facts.filename,
            target=targets[0],
            found=(str(targets[0].arch), *(".".join(map(str, v)) for v in (promised, newest))),
        )


def _promises(tags: Iterable[str]) -> Iterator[tuple[int, int]]:
    for tag in tags:
        if match := _PROMISE.fullmatch(tag):
            year = match["year"]
            yield _LEGACY[year] if year else (int(match["major"]), int(match["minor"]))
