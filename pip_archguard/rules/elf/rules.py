"""The rules of Linux: what ld.so makes of ELF files."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.dependencies import TOO_MANY
from pip_archguard.rules.elf.c_library import check_c_library, check_glibc
from pip_archguard.rules.elf.linking import LdSoSearch
from pip_archguard.rules.elf.programs import check_programs
from pip_archguard.rules.elf.tags import check_tags
from pip_archguard.rules.foreign import (
    check_foreign_build,
    check_foreign_extensions,
    check_foreign_modules,
)
from pip_archguard.rules.libraries import check_libraries
from pip_archguard.rules.malformed import check_malformed, check_unreadable
from pip_archguard.rules.ruleset import Rules


def check_complete(case: Case) -> Iterator[Finding]:
    """Say so where the searches for libraries were broken off."""
    if not case.loading.complete:
        yield case.finding(Reason.COULD_NOT_TELL, Severity.WARN, case.facts.filename, TOO_MANY)


RULES = Rules(
    checks=(
        check_libraries,
        check_malformed,
        check_c_library,
        check_glibc,
        check_foreign_extensions,
        check_foreign_modules,
        check_unreadable,
        check_complete,
        check_programs,
    ),
    build_checks=(check_foreign_build,),
    tags=check_tags,
    searching=LdSoSearch,
)
