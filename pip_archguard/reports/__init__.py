"""Events and verdicts in words."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.reports.clean import clean_text
    from pip_archguard.reports.text import render
else:
    __getattr__ = from_parts(__name__, clean=("clean_text",), text=("render",))

__all__ = ["clean_text", "render"]
