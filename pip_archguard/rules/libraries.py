"""Extension modules and dynamic libraries that dyld would refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.naming import archs_named
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
from pip_archguard.rules.names import is_for_other_python, is_tagged, role

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
    if not is_platform_wheel(facts) and loads:
        return
    elsewhere = _linked_by_other_slices(libraries, target)
    by_role: defaultdict[str, list[PurePosixPath]] = defaultdict(list)
    for binary in loads:
        by_role[role(binary.path)].append(PurePosixPath(binary.path))
    for binary in libraries:
        if chosen_slice(binary, target) or binary.path in elsewhere:
            continue
        if not _is_for_another_machine(binary, target) and not _has_twin(binary, by_role):
            yield _refusal(binary, target)


def _linked_by_other_slices(libraries: list[Binary], target: Target) -> set[str]:
    """Return the libraries that only slices link which this process never takes.

    numpy 1.21.3 universal2 is made so: each slice links thin libraries of its own. What
    counts is a file that does load here, and the libraries that follow from it.
    """
    by_name = {PurePosixPath(b.path).name: b for b in libraries}
    taken: set[str] = set()
    other: set[str] = set()
    waiting: list[Slice] = []
    for binary in libraries:
        chosen = chosen_slice(binary, target)
        if chosen is not None:
            taken |= _links(chosen)
            waiting += [s for s in binary.slices if s is not chosen]
    while waiting:
        for name in _links(waiting.pop()) - other:
            other.add(name)
            if name in by_name and chosen_slice(by_name[name], target) is None:
                waiting += by_name[name].slices
    return {by_name[name].path for name in other - taken if name in by_name}


def _links(piece: Slice) -> set[str]:
    return {PurePosixPath(d.install_name).name for d in piece.dependencies}


def _is_for_another_machine(library: Binary, target: Target) -> bool:
    """Whether the path says that the library is for another architecture, and may be right.

    debugpy carries `attach_x86_64.dylib` and puts the name together for the machine it
    runs on, so on arm64 nobody asks for it. mip spells `cbc-c-darwin-x86-64.dylib` out.
    """
    named = archs_named(library.path)
    foreign = bool(named) and target.arch not in named
    return foreign and not library.named_in_source and not is_tagged(library.path)


def _has_twin(library: Binary, by_role: Mapping[str, Sequence[PurePosixPath]]) -> bool:
    """Whether a library that does load stands beside this one for another architecture.

    Either path must name an architecture, or they must lie in sibling folders. A
    module's name is fixed, so no other file stands in for an extension: neither for a
    tagged one nor, without an architecture in its path, for a bare `.so`.
    """
    if is_tagged(library.path):
        return False
    path = PurePosixPath(library.path)
    own = archs_named(library.path)
    return any(
        own
        or archs_named(str(other))
        or (path.suffix != ".so" and path.parents[1:2] == other.parents[1:2])
        for other in by_role.get(role(library.path), ())
    )


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
