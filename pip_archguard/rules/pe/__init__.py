"""What Windows and CPython on it would do with the PE files of a wheel."""

from pip_archguard.rules.case import Check
from pip_archguard.rules.pe.foreign import check_foreign_build, check_foreign_extensions
from pip_archguard.rules.pe.libraries import check_hybrids, check_libraries
from pip_archguard.rules.pe.malformed import check_init, check_malformed, check_unreadable
from pip_archguard.rules.pe.programs import check_programs

__all__ = ["BUILD_CHECKS", "CHECKS"]

CHECKS: tuple[Check, ...] = (
    check_libraries,
    check_malformed,
    check_foreign_extensions,
    check_hybrids,
    check_unreadable,
    check_init,
    check_programs,
)
"""Every check of a wheel for a Windows target."""

BUILD_CHECKS: tuple[Check, ...] = (check_foreign_build,)
"""Checks of a wheel that was built for this machine a moment ago."""
