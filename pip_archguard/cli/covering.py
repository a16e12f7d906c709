"""Writing a matrix, to a file as a whole or to standard output."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import Enum

from pip_archguard.cli.output import replace_file
from pip_archguard.cli.streams import write
from pip_archguard.errors import UnwritableFileError
from pip_archguard.model.coverage import BEGINNINGS, Coverage
from pip_archguard.model.result import Covered
from pip_archguard.reports.table import Look


def write_coverage(event: Covered, look: Look) -> UnwritableFileError | None:
    """Write it; return an error if the file that was asked for cannot be written."""
    text = _text(event, look)
    if event.file is None:
        write(sys.stdout, text)
        return None
    try:
        replace_file(event.file, text + "\n")
    except OSError as error:
        return UnwritableFileError(f"`{event.file}` cannot be written: {error.strerror or error}")
    return None


def _text(event: Covered, look: Look) -> str:
    """Return the text; a plain form until `reports` has those that are asked for."""
    del look
    return _plain(event.coverage).replace(
        "{\n", BEGINNINGS[event.form].partition("\n")[0] + "\n", 1
    )


def _plain(coverage: Coverage) -> str:
    return json.dumps(asdict(coverage), indent=2, default=_value)


def _value(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)
