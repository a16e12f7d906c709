"""Native code of another operating system where this Python would import it."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import Binary
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import is_native
from pip_archguard.rules.names import is_for_other_python, is_tagged, module_of


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


def check_foreign_build(case: Case) -> Iterator[Finding]:
    """Refuse a wheel just built for this platform in which all native code is foreign."""
    system = case.target.system
    if case.is_platform_wheel and not any(is_native(b, system) for b in case.facts.binaries):
        for binary in case.facts.binaries:
            yield _refusal(Reason.FOREIGN_BUILD, binary, case)


def _refusal(reason: Reason, binary: Binary, case: Case) -> Finding:
    return case.finding(reason, Severity.REFUSE, binary.path, str(binary.format))
