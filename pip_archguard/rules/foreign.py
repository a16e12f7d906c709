"""Native code of another operating system where this Python would import it."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import Binary
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import systems_named
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import is_native
from pip_archguard.rules.names import is_for_other_python, is_tagged, module_elsewhere, module_of


def check_foreign_extensions(case: Case) -> Iterator[Finding]:
    """Refuse a file of another system under a name that the target's `import` would take.

    A name with the target's own tag is proof. `.abi3.so` and `.so` are names on Macs and on
    Linux, so there the file must hold its init function, and no native file the same module.
    """
    target, binaries = case.target, case.facts.binaries
    modules = {module_of(b.path, target) for b in binaries if is_native(b, target.system)}
    for binary in binaries:
        if is_native(binary, target.system) or is_for_other_python(binary.path, target):
            continue
        module = module_of(binary.path, target)
        if module is None or module in modules:
            continue
        certain = is_tagged(binary.path) and not binary.path.endswith(".abi3.so")
        if certain or binary.python_init or any(s.exports_init for s in binary.slices):
            yield _refusal(Reason.FOREIGN_EXTENSION, binary, case)


def check_foreign_modules(case: Case) -> Iterator[Finding]:
    """Refuse a wheel for the target's system if its modules are for this Python elsewhere.

    `import` finds none of them. So it is where `bdist_wheel --plat-name` has given the name
    of one system to what was built on another.
    """
    for binary in _all_foreign(case):
        if module_elsewhere(binary.path, case.target) is not None:
            yield _refusal(Reason.FOREIGN_BUILD, binary, case)


def check_foreign_build(case: Case) -> Iterator[Finding]:
    """Refuse a wheel just built, or about to be published, in which all native code is foreign."""
    for binary in _all_foreign(case):
        yield _refusal(Reason.FOREIGN_BUILD, binary, case)


def _all_foreign(case: Case) -> tuple[Binary, ...]:
    """Return the native files of a wheel for the target's system that has none for it."""
    system, binaries = case.target.system, case.facts.binaries
    claimed = system in systems_named(case.facts.platforms)
    return () if not claimed or any(is_native(b, system) for b in binaries) else binaries


def _refusal(reason: Reason, binary: Binary, case: Case) -> Finding:
    return case.finding(reason, Severity.REFUSE, binary.path, str(binary.format))
