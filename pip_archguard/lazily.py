"""Packages that import a part of theirs when something in it is asked for (PEP 562).

A guarded install of pure Python packages needs but few of our modules, and a package that
imported all that it offers would load them all: that took as long as a fifth of pip's work
on one small wheel.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any


def from_parts(package: str, **parts: tuple[str, ...]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package that offers these names, each tuple by its module."""
    homes = {name: part for part, names in parts.items() for name in names}

    def getattr_(name: str) -> Any:
        if name not in homes:
            msg = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return getattr_
