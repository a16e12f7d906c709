"""What the Python source in a wheel says about the native files beside it."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.sources.bounds import PARSED_LENGTH
    from pip_archguard.sources.fallback import optional_modules
    from pip_archguard.sources.imports import UNPARSEABLE, tree_of
    from pip_archguard.sources.named import mark_named_in_source
    from pip_archguard.sources.opened import optional_in
else:
    __getattr__ = from_parts(
        __name__,
        bounds=("PARSED_LENGTH",),
        fallback=("optional_modules",),
        imports=("UNPARSEABLE", "tree_of"),
        named=("mark_named_in_source",),
        opened=("optional_in",),
    )

__all__ = [
    "PARSED_LENGTH",
    "UNPARSEABLE",
    "mark_named_in_source",
    "optional_in",
    "optional_modules",
    "tree_of",
]
