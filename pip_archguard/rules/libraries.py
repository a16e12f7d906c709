"""Extension modules and dynamic libraries that dyld would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from pip_archguard.model.binary import Binary
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Finding, Reason, Severity
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import (
    PLATFORM_NAMES,
    arch_names,
    chosen_slice,
    is_for_macos,
    is_library,
)
from pip_archguard.rules.names import is_for_other_python, is_tagged, names_arch, role

ANY = "any"


def is_platform_wheel(facts: WheelFacts) -> bool:
    """Whether the wheel claims to be made for one platform (its tags name more than `any`)."""
    return facts.platforms != frozenset({ANY})


def check_libraries(facts: WheelFacts, target: Target) -> Iterator[Finding]:
    """Refuse a library that the target's process cannot load and that it would need.

    In a platform wheel that is each one, save those meant for another slice or for
    another architecture beside this one; in an `any` wheel, which may carry libraries
    for many machines, only when every library for a Mac lacks the architecture.
    """
    libraries = [
        b
        for b in facts.binaries
        if is_library(b) and b.problem is None and not is_for_other_python(b.path, target)
    ]
    if not is_platform_wheel(facts):
        libraries = [b for b in libraries if any(is_for_macos(s) for s in b.slices)]
    loads = [b for b in libraries if chosen_slice(b, target)]
    lacking = [b for b in libraries if not chosen_slice(b, target)]
    if not is_platform_wheel(facts) and loads:
        return
    for binary in lacking:
        if not _serves_other_slices(binary, facts, target) and not _has_twin(binary, loads):
            yield _refusal(binary, target)


def _serves_other_slices(library: Binary, facts: WheelFacts, target: Target) -> bool:
    """Whether only slices that this process never takes link the library.

    numpy 1.21.3 universal2 is made so: each slice links thin libraries of its own.
    """
    name = PurePosixPath(library.path).name
    linked_elsewhere = False
    for binary in facts.binaries:
        taken = chosen_slice(binary, target)
        for piece in binary.slices:
            if any(PurePosixPath(d.install_name).name == name for d in piece.dependencies):
                if piece is taken:
                    return False
                linked_elsewhere = True
    return linked_elsewhere


def _has_twin(library: Binary, loads: list[Binary]) -> bool:
    """Whether a library that does load stands beside this one for another architecture.

    A module's name is fixed, so another file never stands in for a tagged extension;
    a bare `.so` may be either, and counts only if the path names an architecture.
    """
    if is_tagged(library.path):
        return False
    if library.path.endswith(".so") and not names_arch(library.path):
        return False
    return any(role(library.path) == role(other.path) for other in loads)


def _refusal(binary: Binary, target: Target) -> Finding:
    if all(is_for_macos(s) for s in binary.slices):
        reason, found = Reason.WRONG_ARCHITECTURE, arch_names(binary)
    else:
        names = (
            PLATFORM_NAMES.get(s.platform or 1, f"platform {s.platform}") for s in binary.slices
        )
        reason, found = Reason.WRONG_PLATFORM, tuple(dict.fromkeys(names))
    return Finding(
        reason=reason, severity=Severity.REFUSE, path=binary.path, target=target, found=found
    )
