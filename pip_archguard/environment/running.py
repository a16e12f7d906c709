"""The folders that the running environment is made of."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from pathlib import Path

from pip_archguard.environment.conda_prefix import is_conda_prefix

_SITES = ("site-packages", "dist-packages")


def own_folders() -> tuple[Path, ...]:
    """Return where distributions of the running environment lie, each folder once.

    These are its site-packages, pure and native, that of the user where Python reads it,
    and what else of that kind is on `sys.path`. A conda environment is its whole prefix, for
    conda's libraries lie beside site-packages.
    """
    named = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    if site.ENABLE_USER_SITE:
        named.append(site.getusersitepackages())
    named += [path for path in sys.path if Path(path).name in _SITES]
    if is_conda_prefix(Path(sys.prefix)):
        named.insert(0, sys.prefix)
    order = {os.path.realpath(path): at for at, path in reversed(list(enumerate(sys.path)))}
    paths = dict.fromkeys(os.path.realpath(each) for each in named if each)
    found: list[str] = []
    # A prefix first, then as Python looks for modules.
    for path in sorted(paths, key=lambda path: order.get(path, -1)):
        inside = any(path.startswith(f"{other}/") for other in found)
        # `Path.is_dir` raises for what may not be looked at.
        if not inside and os.path.isdir(path):  # noqa: PTH112
            found.append(path)
    return tuple(map(Path, found))


def own_archives() -> tuple[Path, ...]:
    """Return the files on `sys.path`: zipped libraries."""
    return tuple(Path(path) for path in sys.path if os.path.isfile(path))  # noqa: PTH113
