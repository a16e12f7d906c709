"""Extension modules and DLLs that a process on Windows would refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity, Use
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import arch_names
from pip_archguard.rules.names import is_test_data
from pip_archguard.rules.pe.choice import chosen_slice
from pip_archguard.rules.pe.loading import Loading, load
from pip_archguard.rules.pe.names import (
    archs_named,
    is_module_name,
    is_of_the_process,
    is_only_imported,
    is_tagged,
    role,
)

_HYBRID = "it is arm64ec code, which x86_64 programs can load only on Windows on Arm"


def check_libraries(case: Case) -> Iterator[Finding]:
    """Refuse a library that the target's process cannot load and that it would need.

    What lies beside a library that loads and is imported by it is needed for certain. Of
    the others, in a platform wheel each one is, save those for another machine beside
    this one; in an `any` wheel only when every library for Windows is of another machine.
    """
    loading = load(case)
    linked = {binary.path for binary in loading.unfit}
    for binary in loading.unfit:
        if binary.slices and binary.problem is None:
            yield _refusal(case, loading, binary)
    twins = _Twins(b.path for b in loading.libraries if chosen_slice(b, case.target))
    if twins.any and not case.is_platform_wheel:
        return
    for binary in loading.libraries:
        if binary.path in linked or binary.path in loading.spared:
            continue
        if chosen_slice(binary, case.target) is not None or twins.has_one_of(binary.path):
            continue
        name = PurePosixPath(binary.path).name
        idle = is_only_imported(name) and binary.path not in loading.asked
        if idle or is_of_the_process(name):
            continue
        several = twins.any or not case.is_platform_wheel
        if several and _is_for_another_machine(binary, case):
            continue
        if twins.any and is_test_data(binary.path):
            continue
        yield _refusal(case, loading, binary)
    if case.is_platform_wheel and not twins.any:
        for binary in loading.strangers:
            yield _refusal(case, loading, binary)


def check_hybrids(case: Case) -> Iterator[Finding]:
    """Say that ARM64EC code for an x86_64 process depends on the machine, which is not known."""
    libraries = load(case).libraries
    chosen = {b.path: s for b in libraries if (s := chosen_slice(b, case.target)) is not None}
    twins = _Twins(path for path, piece in chosen.items() if piece.arch is not Arch.ARM64EC)
    if twins.any and not case.is_platform_wheel:
        return
    for path, piece in chosen.items():
        if piece.arch is Arch.ARM64EC and not twins.has_one_of(path):
            yield finding(case, Reason.COULD_NOT_TELL, Severity.WARN, path, _HYBRID)


def finding(case: Case, reason: Reason, severity: Severity, path: str, *found: str) -> Finding:
    """Return a finding on a file that nothing else in the wheel imports."""
    return Finding(
        reason=reason,
        severity=severity,
        path=path,
        target=case.target,
        found=found,
        use=Use.IMPORTED if is_module_name(path) else Use.OPENED,
    )


def _is_for_another_machine(library: Binary, case: Case) -> bool:
    named = archs_named(library.path)
    foreign = bool(named) and case.target.arch not in named
    return foreign and not is_module_name(library.path)


class _Twins:
    """The libraries that load, to be found by one that stands for another machine.

    They go by names that differ by the machine alone, or by one name in sibling folders.
    A module's name is fixed: a tagged one has no twin, a bare one only where a folder
    names the machine.
    """

    def __init__(self, loading: Iterable[str]) -> None:
        self.any = False
        self._places: defaultdict[str, set[PurePosixPath]] = defaultdict(set)
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        for path in loading:
            self.any = True
            self._places[role(path)].update(PurePosixPath(path).parents[1:2])
            self._names[role(path)].add(PurePosixPath(path).name.lower())

    def has_one_of(self, lacking: str) -> bool:
        """Whether such a library stands beside this one, which does not load."""
        name, path = role(lacking), PurePosixPath(lacking)
        if name not in self._places or is_tagged(lacking):
            return False
        if is_module_name(lacking):
            return bool(archs_named(str(path.parent)))
        differs = path.name.lower() not in self._names[name]
        return differs or not self._places[name].isdisjoint(path.parents[1:2])


def _refusal(case: Case, loading: Loading, binary: Binary) -> Finding:
    importers = loading.importers.get(binary.path, ())
    return Finding(
        reason=Reason.WRONG_ARCHITECTURE,
        severity=Severity.REFUSE,
        path=binary.path,
        target=case.target,
        found=arch_names(binary),
        use=(
            Use.LINKED if importers else Use.IMPORTED if is_module_name(binary.path) else Use.OPENED
        ),
        needed_by=importers[0] if importers else "",
        modules=loading.modules_of(binary.path, case.target),
    )
