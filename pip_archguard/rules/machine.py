"""What the machine itself asks of code that has the right architecture."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.arch import Arch
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case

_UNKNOWN_SYSTEM = (0, 0)


def check_signatures(case: Case) -> Iterator[Finding]:
    """Refuse arm64 code without a signature, which no kernel of an Apple silicon Mac maps.

    An ad-hoc one is enough; every linker since Xcode 12 adds it (Apple, "Porting your
    macOS apps to Apple silicon").
    """
    if case.target.arch is not Arch.ARM64:
        return
    for binary, taken in case.loadable():
        if not taken.signed:
            yield case.finding(Reason.UNSIGNED, Severity.REFUSE, binary.path)


def check_arm64e(case: Case) -> Iterator[Finding]:
    """Warn of a library with arm64e code only, an ABI that Apple keeps for its own programs.

    dyld's `GradedArchs` lets an arm64 process take it; it changes between systems.
    """
    for binary, taken in case.loadable():
        if taken.arch is Arch.ARM64E and not any(s.arch is Arch.ARM64 for s in binary.slices):
            yield case.finding(Reason.ARM64E_ONLY, Severity.WARN, binary.path)


def check_min_os(case: Case) -> Iterator[Finding]:
    """Warn of libraries made for a macOS newer than the target's.

    dyld loads them all the same; what they call may not be there.
    """
    if case.target.os_version == _UNKNOWN_SYSTEM:
        return
    for binary, taken in case.loadable():
        if taken.min_os is not None and taken.min_os[:2] > case.target.os_version:
            wanted = ".".join(map(str, taken.min_os[:2]))
            yield case.finding(Reason.NEWER_MACOS, Severity.WARN, binary.path, wanted)
