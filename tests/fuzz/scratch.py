"""One folder of this process, for parsers that take a path."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path


@cache
def folder() -> Path:
    """Return a folder that goes when the process ends."""
    made = tempfile.mkdtemp(prefix="archguard-fuzz-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def file(name: str, content: bytes) -> Path:
    """Return a file with this content."""
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
