"""Extension modules and dynamic libraries that dyld would refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from pip_archguard.model.binary import Binary
from pip_archguard.model.naming import archs_named
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Finding, Reason, Severity, Use
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import PLATFORM_NAMES, arch_names, chosen_slice, is_for_macos
from pip_archguard.rules.linking import Outcome
from pip_archguard.rules.names import is_tagged, is_test_data, role


def check_libraries(case: Case) -> Iterator[Finding]:
    """Refuse a library that the target's process cannot load and that it would need.

    What a library that loads does link is needed for certain. Of the others, in a
    platform wheel each one is, save those meant for another slice or for another
    architecture beside this one; in an `any` wheel, which may carry libraries for many
    machines, only when every library for a Mac lacks the architecture.
    """
    linked = dict(_unfit_dependencies(case))
    for path, needed_by in linked.items():
        binary = next(b for b in case.facts.binaries if b.path == path)
        yield _refusal(case, binary, needed_by)
    libraries = case.loading.libraries
    if not case.is_platform_wheel:
        libraries = tuple(b for b in libraries if any(is_for_macos(s) for s in b.slices))
    loads = [PurePosixPath(b.path) for b in libraries if chosen_slice(b, case.target)]
    if loads and not case.is_platform_wheel:
        return
    by_role: defaultdict[str, list[PurePosixPath]] = defaultdict(list)
    for found in loads:
        by_role[role(str(found))].append(found)
    for binary in libraries:
        if binary.path in linked or binary.path in case.loading.elsewhere:
            continue
        if chosen_slice(binary, case.target) is not None:
            continue
        if _is_for_another_machine(binary, case.target) or _has_twin(binary, by_role):
            continue
        if not (loads and is_test_data(binary.path)):
            yield _refusal(case, binary)


def _unfit_dependencies(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the wheel's own libraries that loaded files link, and what they are needed by."""
    own = {b.path for b in case.facts.binaries}
    for need in case.loading.needs:
        unfit = need.link.outcome is Outcome.UNFIT
        if unfit and need.link.binary is not None and need.link.binary.path in own:
            yield need.link.binary.path, need.image.root.path


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


def _refusal(case: Case, binary: Binary, needed_by: str = "") -> Finding:
    if all(is_for_macos(s) for s in binary.slices):
        reason, found = Reason.WRONG_ARCHITECTURE, arch_names(binary)
    else:
        names = (
            PLATFORM_NAMES.get(s.platform or 1, f"platform {s.platform}") for s in binary.slices
        )
        reason, found = Reason.WRONG_PLATFORM, tuple(dict.fromkeys(names))
    use = Use.LINKED if needed_by else None
    return case.finding(reason, Severity.REFUSE, binary.path, *found, use=use, needed_by=needed_by)
