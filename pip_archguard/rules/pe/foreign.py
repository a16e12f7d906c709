"""Native code of another operating system where Python on Windows would import it."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import Format
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.pe.libraries import finding
from pip_archguard.rules.pe.names import module_of


def check_foreign_extensions(case: Case) -> Iterator[Finding]:
    """Refuse an ELF or Mach-O file under a name that the target's `import` would take."""
    for binary in case.facts.binaries:
        if binary.format is not Format.PE and module_of(binary.path, case.target) is not None:
            found = str(binary.format)
            yield finding(case, Reason.FOREIGN_EXTENSION, Severity.REFUSE, binary.path, found)
