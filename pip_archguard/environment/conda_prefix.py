"""What makes a folder an environment of conda's: the folder in which conda keeps its lists."""

from __future__ import annotations

import os
from pathlib import Path

_LISTS = "conda-meta"


def is_conda_prefix(folder: Path) -> bool:
    """Whether conda keeps an environment in a folder."""
    return os.path.isdir(folder / _LISTS)  # noqa: PTH112 - `Path` raises for what is too long


def package_lists(prefix: Path) -> list[Path]:
    """Return the files in which conda says what it has installed, one a package."""
    try:
        return sorted((prefix / _LISTS).glob("*.json"))
    except OSError:
        return []
