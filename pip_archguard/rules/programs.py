"""Helper programs that the target's machine cannot run natively."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.arch import Arch
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import arch_names, chosen_slice, is_program
from pip_archguard.rules.names import is_test_data, role


def check_programs(case: Case) -> Iterator[Finding]:
    """Warn of a program that needs Rosetta, or that cannot run; it is never imported."""
    target = case.target
    programs = [
        b for b in case.facts.binaries if is_program(b, target.system) and not is_test_data(b.path)
    ]
    native = {role(b.path) for b in programs if chosen_slice(b, target)}
    for binary in programs:
        if chosen_slice(binary, target) or role(binary.path) in native:
            continue
        translated = target.has_rosetta and any(s.arch is Arch.X86_64 for s in binary.slices)
        yield case.finding(
            Reason.NEEDS_ROSETTA if translated else Reason.FOREIGN_EXECUTABLE,
            Severity.WARN,
            binary.path,
            *arch_names(binary),
        )
