"""Which `pip` a shell finds, and whose it is."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig


def pip_on_path() -> tuple[str, bool]:
    """Return the `pip` that PATH leads to, and whether it is the running environment's.

    Without any on PATH, the first is empty.
    """
    path = shutil.which("pip") or shutil.which("pip3")
    if path is None:
        return "", True
    ours = {os.path.realpath(sysconfig.get_path("scripts")), os.path.realpath(_beside_python())}
    return path, os.path.realpath(os.path.dirname(path)) in ours  # noqa: PTH120 - as `which` gives it


def _beside_python() -> str:
    return os.path.dirname(sys.executable)  # noqa: PTH120 - no link is to be followed
