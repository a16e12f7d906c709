"""The wheels that isolated builds install: setuptools and its like."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "ARCHGUARD_TEST_WHEELS"
"""Names a folder that has them already."""

_WANTED = ("setuptools", "wheel")
_SECONDS = 300


def find_backends(cache: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Return a folder with the wheels; download them, once, where none is named."""
    if named := environ.get(VARIABLE):
        return Path(named)
    kept = cache / "wheels"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            _download(Path(folder) / "wheels")
            try:
                (Path(folder) / "wheels").rename(kept)
            except OSError:  # another test process was first
                if not kept.exists():
                    raise
    return kept


def _download(folder: Path) -> None:
    options = ("--quiet", "--disable-pip-version-check", "--only-binary=:all:", "-d", str(folder))
    command = [sys.executable, "-m", "pip", "download", *options, *_WANTED]
    subprocess.run(command, timeout=_SECONDS, check=True)
