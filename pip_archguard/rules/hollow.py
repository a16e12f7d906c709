"""Slices whose header is right and whose code was left out."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import MANY_LOOKUPS, Binary, Slice
from pip_archguard.model.verdict import Finding, Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import chosen_slice
from pip_archguard.rules.linking import Image, Outcome
from pip_archguard.rules.names import module_of

SAMPLE = 3
"""How many symbol names a finding carries."""

# Clang calls per-register helpers of the Objective-C runtime (`_objc_retain_x19`) on
# arm64 alone, so an asymmetry in these names says nothing.
_PER_ARCH_RUNTIME = "_objc_"


def check_hollow(case: Case) -> Iterator[Finding]:
    """Refuse a slice that looks up names nobody has.

    A static library linked in for one architecture only leaves the other slice with
    undefined symbols bound by flat look-up (uamqp 1.6.1): dyld then fails with "symbol
    not found in flat namespace". A sibling slice without these look-ups is proof. Equal
    counts in both slices are names that the process has, such as those of system
    frameworks, unless there are many of them; so it is with a thin file, which has no
    sibling to compare with.
    """
    explained = _exported(case)
    images = {i.binary.path: i for i in case.loading.images}
    for binary, taken in case.loadable():
        missing = _unexplained(taken, explained)
        siblings = [
            _unexplained(s, explained)
            for s in binary.slices
            if s is not taken and s.flat_lookups is not None
        ]
        fewest = min(siblings, key=len) if siblings else None
        if fewest is not None and len(missing) > len(fewest):
            missing = tuple(name for name in missing if name not in fewest)
        elif not _is_hollow_alone(case, images[binary.path], missing):
            continue
        yield case.finding(
            Reason.HOLLOW_SLICE,
            Severity.REFUSE,
            binary.path,
            *missing[:SAMPLE],
            count=len(missing),
        )


def _exported(case: Case) -> frozenset[str]:
    """Return the names that libraries of the wheel offer to a process of the target."""
    taken = (chosen_slice(b, case.target) for b in case.loading.libraries)
    return frozenset(name for s in taken if s is not None for name in s.exports or ())


def _unexplained(piece: Slice, explained: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        name
        for name in piece.flat_lookups or ()
        if name not in explained and not name.startswith(_PER_ARCH_RUNTIME)
    )


def _is_hollow_alone(case: Case, image: Image, missing: tuple[str, ...]) -> bool:
    """Whether a file without a better sibling leaves too much open to be sound.

    Only files that `import` reaches count: what else looks names up may be opened by a
    program that has them. So may the names be in a library beyond the wheel. A file
    linked with `-flat_namespace` looks everything up so, the system's names too.
    """
    if len(missing) < MANY_LOOKUPS or not image.piece.two_level:
        return False
    open_ends = (Outcome.OUTSIDE, Outcome.NOWHERE)
    if any(n.link.outcome in open_ends and n.image.root == image.root for n in case.loading.needs):
        return False
    return _is_imported(image.root, case)


def _is_imported(root: Binary, case: Case) -> bool:
    return module_of(root.path, case.target) is not None
