"""Helper programs that the target's machine cannot run by itself."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.arch import Arch
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import System
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import arch_names, chosen_slice, is_program
from pip_archguard.rules.names import is_test_data, role

# Processors of the second kind run, as a rule, programs of the first.
_ALSO_RUNS = {Arch.X86_64: Arch.I386, Arch.ARM64: Arch.ARM}


def check_programs(case: Case) -> Iterator[Finding]:
    """Warn of a program that the machine runs under qemu at best; it is never imported.

    In an `any` wheel, which may carry programs for many machines, and of a machine nobody
    knows, for which firmware is made, it is no more than information.
    """
    target = case.target
    programs = [
        b for b in case.facts.binaries if is_program(b, System.LINUX) and not is_test_data(b.path)
    ]
    native = {role(b.path) for b in programs if chosen_slice(b, target)}
    for binary in programs:
        archs = {piece.arch for piece in binary.slices}
        runs = chosen_slice(binary, target) or _ALSO_RUNS.get(target.arch) in archs
        if runs or role(binary.path) in native:
            continue
        told = case.is_platform_wheel and Arch.OTHER not in archs
        yield case.finding(
            Reason.FOREIGN_EXECUTABLE,
            Severity.WARN if told else Severity.INFO,
            binary.path,
            *arch_names(binary),
        )
