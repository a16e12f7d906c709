"""Programs of this machine that we start ourselves."""

from __future__ import annotations

import shutil
from pathlib import Path


def program(name: str) -> str | None:
    """Return where PATH has a program; never one that lies in the current folder.

    Windows looks there first, and so does a PATH with `.` in it; but what is there may have
    come with what is to be looked at.
    """
    found = shutil.which(name)
    return found if found and Path(found).is_absolute() else None
