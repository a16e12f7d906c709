"""Events and verdicts in words."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.reports.clean import clean_text
    from pip_archguard.reports.matrix_html import coverage_html
    from pip_archguard.reports.matrix_json import coverage_json
    from pip_archguard.reports.matrix_markdown import coverage_markdown
    from pip_archguard.reports.matrix_text import coverage_text
    from pip_archguard.reports.text import render
else:
    __getattr__ = from_parts(
        __name__,
        clean=("clean_text",),
        matrix_html=("coverage_html",),
        matrix_json=("coverage_json",),
        matrix_markdown=("coverage_markdown",),
        matrix_text=("coverage_text",),
        text=("render",),
    )

__all__ = [
    "clean_text",
    "coverage_html",
    "coverage_json",
    "coverage_markdown",
    "coverage_text",
    "render",
]
