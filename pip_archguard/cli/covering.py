"""Writing a matrix, to a file as a whole or to standard output."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import Enum

from pip_archguard.cli.output import replace_file
from pip_archguard.cli.streams import write
from pip_archguard.errors import UnwritableFileError
from pip_archguard.model.coverage import Coverage
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
    """Return the text; all forms are the plain one until `reports` has them."""
    del look
    return _plain(event.coverage)


def _plain(coverage: Coverage) -> str:
    cells = {
        project: {c.target.id: asdict(c.cell(project)) for c in coverage.columns}
        for project in coverage.projects
    }
    for by_target in cells.values():
        for cell in by_target.values():
            found = cell.pop("instead"), cell.pop("instead_release"), cell.pop("instead_filename")
            names = ("cover", "release", "filename")
            cell["instead"] = dict(zip(names, found, strict=True)) if found[0] else None
    targets = [{"id": c.target.id, "failure": c.failure or None} for c in coverage.columns]
    packages = [{"project": project, "cells": found} for project, found in cells.items()]
    document = {
        "version": "1",
        "sources": list(coverage.sources),
        "targets": targets,
        "packages": packages,
    }
    return json.dumps(document, indent=2, default=_value)


def _value(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)
