"""Pure judgement: what dyld and CPython would do with the facts of a wheel."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts
from pip_archguard.rules.judge import judge

if TYPE_CHECKING:
    from pip_archguard.rules.beyond import has_libraries, libraries_beyond, library_names
    from pip_archguard.rules.decisive import symbols_decide
    from pip_archguard.rules.fallback import loading_besides, modules_at_fault
    from pip_archguard.rules.site import Ground, Site, module_path, site_of
else:
    __getattr__ = from_parts(
        __name__,
        beyond=("has_libraries", "libraries_beyond", "library_names"),
        decisive=("symbols_decide",),
        fallback=("loading_besides", "modules_at_fault"),
        site=("Ground", "Site", "module_path", "site_of"),
    )

__all__ = [
    "Ground",
    "Site",
    "has_libraries",
    "judge",
    "libraries_beyond",
    "library_names",
    "loading_besides",
    "module_path",
    "modules_at_fault",
    "site_of",
    "symbols_decide",
]
