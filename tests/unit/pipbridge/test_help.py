"""What `--help` prints of our own commands fits into a terminal of 80 columns."""

from __future__ import annotations

import importlib
import inspect

import pytest

from pip_archguard.pipbridge.internals.registry import OWN

_INDENTED = 2
"""Columns that pip puts before a description."""

_BEFORE_A_SUMMARY = 30
"""Columns that pip leaves for names of commands."""


@pytest.mark.parametrize("name", OWN)
def test_help_breaks_no_line_twice(name: str) -> None:
    module, class_name, summary = OWN[name]
    command = getattr(importlib.import_module(module), class_name)

    assert len(summary) + _BEFORE_A_SUMMARY <= 80
    assert all(len(line) + _INDENTED < 80 for line in str(inspect.getdoc(command)).splitlines())
