"""Extension modules and dynamic libraries that the target's loader would refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pip_archguard.model.binary import Binary
from pip_archguard.model.finding import Finding
from pip_archguard.model.naming import archs_named, machines_named
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import System, Target
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import arch_names, chosen_slice, is_for, platform_names
from pip_archguard.rules.linking import Outcome
from pip_archguard.rules.names import is_tagged, is_test_data, role


def check_libraries(case: Case) -> Iterator[Finding]:
    """Refuse a library that the target's process cannot load and that it would need.

    What a library that loads does link is needed for certain. Of the others, in a
    platform wheel each one is, save those meant for another slice or for another
    architecture beside this one; in an `any` wheel, which may carry libraries for many
    machines, only when every library for its system lacks the architecture.
    """
    linked = {binary.path: binary for binary in _unfit_dependencies(case)}
    others = (binary for path, binary in linked.items() if not case.owns(path))
    for binary in (*case.facts.binaries, *others):
        if binary.path in linked and binary.problem is None:
            yield _refusal(case, binary)
    libraries = case.loading.libraries
    if not case.is_platform_wheel:
        system = case.target.system
        libraries = tuple(b for b in libraries if any(is_for(system, s) for s in b.slices))
    twins = _Twins(b.path for b in libraries if chosen_slice(b, case.target))
    if twins.any and not case.is_platform_wheel:
        return
    for binary in libraries:
        if binary.path in linked or binary.path in case.loading.elsewhere:
            continue
        if chosen_slice(binary, case.target) is not None or twins.has_one_of(binary.path):
            continue
        if not case.is_platform_wheel or twins.any:
            if _is_for_another_machine(binary, case.target):
                continue
            if twins.any and is_test_data(binary.path):
                continue
        yield _refusal(case, binary)


def _unfit_dependencies(case: Case) -> Iterator[Binary]:
    """Yield the libraries that loaded files link for certain, and that do not load.

    Those of a companion are the companion's fault, which may yet be replaced; where all is
    installed already, what links them fails all the same.
    """
    for need in case.loading.needs:
        binary = need.link.binary
        certain = need.link.outcome is Outcome.UNFIT and need.link.exact
        if certain and binary is not None and (case.in_place or case.owns(binary.path)):
            yield binary


def _is_for_another_machine(library: Binary, target: Target) -> bool:
    """Whether the path says that the library is for another architecture, and may be right.

    debugpy carries `attach_x86_64.dylib` and puts the name together for the machine it
    runs on, so on arm64 nobody asks for it. mip spells `cbc-c-darwin-x86-64.dylib` out.
    """
    linux = target.system is System.LINUX
    named = machines_named(library.path) if linux else archs_named(library.path)
    foreign = bool(named) and target.arch not in named
    return foreign and not library.named_in_source and not is_tagged(library.path)


class _Twins:
    """The libraries that load, to be found by one that stands for another architecture.

    Either path must name an architecture, or they must lie in sibling folders. A
    module's name is fixed, so no other file stands in for an extension: neither for a
    tagged one nor, without an architecture in its path, for a bare `.so`.
    """

    def __init__(self, loading: Iterable[str]) -> None:
        self.any = False
        self._places: defaultdict[str, set[str]] = defaultdict(set)
        self._named: set[str] = set()
        for path in loading:
            self.any = True
            self._places[role(path)].update(_above(path))
            if archs_named(path):
                self._named.add(role(path))

    def has_one_of(self, lacking: str) -> bool:
        """Whether such a library stands beside this one, which does not load."""
        name = role(lacking)
        if name not in self._places or is_tagged(lacking):
            return False
        if name in self._named or archs_named(lacking):
            return True
        return not lacking.endswith(".so") and not self._places[name].isdisjoint(_above(lacking))


def _above(path: str) -> tuple[str, ...]:
    """Return the folder in which that of a file lies, if there is one."""
    folder, inside, _ = path.rpartition("/")
    return (folder.rpartition("/")[0],) if inside else ()


def _refusal(case: Case, binary: Binary) -> Finding:
    if all(is_for(case.target.system, piece) for piece in binary.slices):
        reason, found = Reason.WRONG_ARCHITECTURE, arch_names(binary)
    else:
        reason, found = Reason.WRONG_PLATFORM, platform_names(binary)
    return case.finding(reason, Severity.REFUSE, binary.path, *found)
