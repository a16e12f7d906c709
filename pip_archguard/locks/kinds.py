"""Which files say what is needed, told by their names, and what reads a lock of each kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from pip_archguard.locks.fields import Table
from pip_archguard.locks.markers import Wanted
from pip_archguard.locks.pins import Pinned
from pip_archguard.locks.poetry import pinned_in_poetry_lock
from pip_archguard.locks.pylock import pinned_in_pylock
from pip_archguard.locks.uv import pinned_in_uv_lock

_PYLOCK = re.compile(r"pylock(?:\.[^./\\]+)?\.toml")  # PEP 751


class FileKind(Enum):
    """A file that says what is needed, told by its name."""

    PROJECT = "pyproject.toml"
    PYLOCK = "pylock.toml"
    UV = "uv.lock"
    POETRY = "poetry.lock"


READERS: dict[FileKind, Callable[[Table, Wanted], tuple[Pinned, ...] | str]] = {
    FileKind.PYLOCK: pinned_in_pylock,
    FileKind.UV: pinned_in_uv_lock,
    FileKind.POETRY: pinned_in_poetry_lock,
}
"""What each lock pins for a target, or why it has nothing for it."""


def kind_of(path: Path) -> FileKind | None:
    """Return what a file is by its name, None if it says nothing of what is needed."""
    if _PYLOCK.fullmatch(path.name):
        return FileKind.PYLOCK
    try:
        return FileKind(path.name)
    except ValueError:
        return None
