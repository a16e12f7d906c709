"""What could not be read, and so not be judged."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import Format, Kind
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Finding, Reason, Severity
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import chosen_slice, is_library
from pip_archguard.rules.libraries import is_platform_wheel

_NEVER_LOADED = frozenset({Kind.OBJECT, Kind.DSYM, Kind.ARCHIVE, Kind.EXECUTABLE})


def check_unreadable(facts: WheelFacts, target: Target) -> Iterator[Finding]:
    """Say what could not be judged, unless the wheel is fine without that file."""
    for problem in facts.problems:
        yield _unknown(problem.path, problem.reason, target)
    if not is_platform_wheel(facts) and any(
        is_library(b) and b.problem is None and chosen_slice(b, target) for b in facts.binaries
    ):
        return
    for binary in facts.binaries:
        if binary.format is not Format.MACH_O or binary.problem is None:
            continue
        if binary.slices and all(s.kind in _NEVER_LOADED for s in binary.slices):
            continue
        yield _unknown(binary.path, binary.problem, target)


def _unknown(path: str, problem: str, target: Target) -> Finding:
    return Finding(
        reason=Reason.COULD_NOT_TELL,
        severity=Severity.WARN,
        path=path,
        target=target,
        found=(problem,),
    )
