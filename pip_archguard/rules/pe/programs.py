"""Helper programs that the target's machine cannot run."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.arch import Arch
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import arch_names
from pip_archguard.rules.names import is_test_data
from pip_archguard.rules.pe.choice import is_program
from pip_archguard.rules.pe.libraries import finding
from pip_archguard.rules.pe.names import role

_RUNS = frozenset({Arch.X86_64, Arch.I386})
"""What runs on every Windows that Python 3.10 supports, save x86_64 on its 32-bit kind.

Windows on Arm emulates both ("How emulation works on Arm"); an x86_64 process may be one
of those itself, on a machine that runs programs for Arm as well, but that is not known.
"""


def check_programs(case: Case) -> Iterator[Finding]:
    """Tell of a program for Arm that another machine cannot run; it is never imported."""
    runs = {*_RUNS, case.target.arch}
    programs = [b for b in case.facts.binaries if is_program(b) and not is_test_data(b.path)]
    fitting = {role(b.path) for b in programs if any(s.arch in runs for s in b.slices)}
    for binary in programs:
        if role(binary.path) not in fitting:
            yield finding(
                case,
                Reason.FOREIGN_EXECUTABLE,
                Severity.INFO,
                binary.path,
                *arch_names(binary),
            )
