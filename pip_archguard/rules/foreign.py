"""Native code of another operating system where this Python would import it."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import Binary, Format
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Finding, Reason, Severity
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.libraries import is_platform_wheel
from pip_archguard.rules.names import is_for_other_python, is_tagged, module_of


def check_foreign_extensions(facts: WheelFacts, target: Target) -> Iterator[Finding]:
    """Refuse an ELF or PE file under a name that the target's `import` would take.

    A name with a macOS tag is proof. `.abi3.so` and `.so` are names on Linux too, so
    there the file must hold its init function, and no Mach-O file the same module.
    """
    modules = {module_of(b.path, target) for b in facts.binaries if b.format is Format.MACH_O}
    for binary in facts.binaries:
        if binary.format is Format.MACH_O or is_for_other_python(binary.path, target):
            continue
        module = module_of(binary.path, target)
        if module is None or module in modules:
            continue
        certain = is_tagged(binary.path) and not binary.path.endswith(".abi3.so")
        if certain or binary.python_init:
            yield _refusal(Reason.FOREIGN_EXTENSION, binary, target)


def check_foreign_build(facts: WheelFacts, target: Target) -> Iterator[Finding]:
    """Refuse a wheel just built for this platform in which all native code is foreign."""
    if is_platform_wheel(facts) and all(b.format is not Format.MACH_O for b in facts.binaries):
        for binary in facts.binaries:
            yield _refusal(Reason.FOREIGN_BUILD, binary, target)


def _refusal(reason: Reason, binary: Binary, target: Target) -> Finding:
    return Finding(
        reason=reason,
        severity=Severity.REFUSE,
        path=binary.path,
        target=target,
        found=(str(binary.format),),
    )
