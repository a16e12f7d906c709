"""Slices whose header is right and whose code was left out."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Finding, Reason, Severity
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import LOADABLE, chosen_slice
from pip_archguard.rules.names import is_for_other_python

SAMPLE = 3
"""How many symbol names a finding carries."""

# Clang calls per-register helpers of the Objective-C runtime (`_objc_retain_x19`) on
# arm64 alone, so an asymmetry in these names says nothing.
_PER_ARCH_RUNTIME = "_objc_"


def check_hollow(facts: WheelFacts, target: Target) -> Iterator[Finding]:
    """Refuse a slice that looks up names nobody has, which its sibling slice does not.

    A static library linked in for one architecture only leaves the other slice with
    undefined symbols bound by flat look-up (uamqp 1.6.1): dyld then fails with "symbol
    not found in flat namespace". Equal counts in both slices are names that the
    process has, such as those of system frameworks.
    """
    for binary in facts.binaries:
        taken = chosen_slice(binary, target)
        if taken is None or taken.flat_lookups is None or taken.kind not in LOADABLE:
            continue
        if is_for_other_python(binary.path, target):
            continue
        siblings = [
            s.flat_lookups for s in binary.slices if s is not taken and s.flat_lookups is not None
        ]
        if not siblings:
            continue
        fewest = min(map(frozenset, siblings), key=len)
        missing = tuple(
            name
            for name in taken.flat_lookups
            if name not in fewest and not name.startswith(_PER_ARCH_RUNTIME)
        )
        if missing and len(taken.flat_lookups) > len(fewest):
            yield Finding(
                reason=Reason.HOLLOW_SLICE,
                severity=Severity.REFUSE,
                path=binary.path,
                target=target,
                found=missing[:SAMPLE],
                count=len(missing),
            )
