"""Conda environments: what their packages are made for, and what conda is told to install."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

from pip_archguard.environment.conda import CondaPackage, conda_packages
from pip_archguard.environment.conda_prefix import is_conda_prefix
from pip_archguard.model.doctor import Conda, Setting

_MOST_PACKAGES = 5_000
_MOST_CHARACTERS = 1024 * 1024

# Of conda's YAML only this line matters here.
_CONFIGURED = re.compile(r"^subdir\s{0,8}:\s{0,8}['\"]?([\w-]{1,40})", re.MULTILINE)


def conda_setups(environ: Mapping[str, str]) -> tuple[Conda, ...]:
    """Return the conda environment of this Python, and one that is activated beside it."""
    ours = next((p for p in (sys.prefix, sys.base_prefix) if _is_conda(p)), "")
    activated = environ.get("CONDA_PREFIX", "")
    found = {os.path.realpath(prefix): prefix for prefix in (ours, activated) if _is_conda(prefix)}
    return tuple(
        Conda(
            prefix=prefix,
            is_ours=bool(ours) and os.path.realpath(ours) == real,
            subdirs=tuple(sorted(_subdirs(Path(prefix)).items())),
            configured=tuple(_configured(Path(prefix), environ)),
        )
        for real, prefix in found.items()
    )


def _is_conda(prefix: str) -> bool:
    return bool(prefix) and is_conda_prefix(Path(prefix))


def _subdirs(prefix: Path) -> Counter[str]:
    """Count the packages by the platform they are made for, those for any left out."""
    packages = islice(conda_packages(prefix), _MOST_PACKAGES)
    subdirs = (each.subdir for each in packages if isinstance(each, CondaPackage))
    return Counter(subdir for subdir in subdirs if subdir not in ("", "noarch"))


def _configured(prefix: Path, environ: Mapping[str, str]) -> Iterator[Setting]:
    """Yield what conda is told to install for, first what holds (conda's `SEARCH_PATH`)."""
    if subdir := environ.get("CONDA_SUBDIR"):
        yield Setting(name="CONDA_SUBDIR", value=subdir)
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or prefix)
    places = [prefix / ".condarc", home / ".condarc", home / ".conda" / ".condarc"]
    if named := environ.get("CONDARC"):
        places.insert(0, Path(named))
    for place in dict.fromkeys(places):
        with suppress(OSError, ValueError):
            with place.open(encoding="utf-8") as stream:
                match = _CONFIGURED.search(stream.read(_MOST_CHARACTERS))
            if match:
                yield Setting(name=str(place), value=match[1])
