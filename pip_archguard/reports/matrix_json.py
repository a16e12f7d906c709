"""The matrix for machines, in the form of `schema-1.json`."""

from __future__ import annotations

from typing import Any

from pip_archguard.model.coverage import Cell, Column, Coverage
from pip_archguard.reports.json_form import VERSION, dump, finding_form, targets
from pip_archguard.reports.matrix_rows import Row, rows_of


def coverage_json(coverage: Coverage) -> str:
    """Return the whole document, without a final newline."""
    return dump(
        {
            "version": VERSION,
            "sources": list(coverage.sources),
            "targets": [_target(column) for column in coverage.columns],
            "packages": [_package(row) for row in rows_of(coverage)],
        }
    )


def _target(column: Column) -> dict[str, Any]:
    of = column.target
    return {
        "id": of.id,
        "machine": of.machine,
        "python": of.python,
        "processes": targets(of.targets),
        "failure": column.failure or None,
    }


def _package(row: Row) -> dict[str, Any]:
    cells = zip(row.columns, row.cells, strict=True)
    return {
        "project": row.project,
        "cover": row.worst.value,
        "cells": {column.target.id: _cell(cell) for column, cell in cells},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    instead = cell.instead and {
        "cover": cell.instead.value,
        "release": cell.instead_release or None,
        "filename": cell.instead_filename or None,
    }
    return {
        "cover": cell.cover.value,
        "release": cell.release or None,
        "filename": cell.filename or None,
        "findings": [finding_form(finding) for finding in cell.findings],
        "instead": instead,
        "dependencies_known": cell.dependencies_known,
        "required_by": list(cell.required_by),
        "note": cell.note or None,
    }
