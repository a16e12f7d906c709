"""Writing a matrix, to a file as a whole or to standard output."""

from __future__ import annotations

from pip_archguard.cli.streams import show
from pip_archguard.errors import UnwritableFileError
from pip_archguard.model.coverage import CoverForm
from pip_archguard.model.result import Covered
from pip_archguard.reports import (
    coverage_html,
    coverage_json,
    coverage_markdown,
    coverage_text,
)
from pip_archguard.reports.table import PLAIN, Look
from pip_archguard.whole_file import write_file


def write_coverage(event: Covered, look: Look) -> UnwritableFileError | None:
    """Write it; return an error if the file that was asked for cannot be written."""
    if event.file is None:
        return show(_text(event, look))
    try:
        write_file(event.file, _text(event, PLAIN) + "\n")
    except OSError as error:
        return UnwritableFileError(f"`{event.file}` cannot be written: {error.strerror or error}")
    return None


def _text(event: Covered, look: Look) -> str:
    match event.form:
        case CoverForm.TABLE:
            return coverage_text(event.coverage, look)
        case CoverForm.JSON:
            return coverage_json(event.coverage)
        case CoverForm.MARKDOWN:
            return coverage_markdown(event.coverage)
        case CoverForm.HTML:
            return coverage_html(event.coverage)
