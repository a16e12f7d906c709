"""The rules of macOS: what dyld and its kernel make of Mach-O files."""

from __future__ import annotations

from pip_archguard.rules.dependencies import check_dependencies
from pip_archguard.rules.foreign import (
    check_foreign_build,
    check_foreign_extensions,
    check_foreign_modules,
)
from pip_archguard.rules.hollow import check_hollow
from pip_archguard.rules.libraries import check_libraries
from pip_archguard.rules.linking import DyldSearch
from pip_archguard.rules.machine import check_arm64e, check_min_os, check_signatures
from pip_archguard.rules.malformed import check_malformed, check_unreadable
from pip_archguard.rules.programs import check_programs
from pip_archguard.rules.ruleset import Rules
from pip_archguard.rules.symbols import check_imports, check_init
from pip_archguard.rules.tags import check_tags

RULES = Rules(
    checks=(
        check_libraries,
        check_malformed,
        check_hollow,
        check_init,
        check_imports,
        check_signatures,
        check_foreign_extensions,
        check_foreign_modules,
        check_unreadable,
        check_dependencies,
        check_arm64e,
        check_min_os,
        check_programs,
    ),
    build_checks=(check_foreign_build,),
    tags=check_tags,
    searching=DyldSearch,
)
