"""A file that an error names: where it lies here, and whose it is."""

from __future__ import annotations

import csv
import importlib.metadata
import os
import stat
import sys
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path

from pip_archguard.environment.conda import conda_packages
from pip_archguard.model.owner import Owner

_SITES = ("site-packages", "dist-packages")
_CONDA_FILES = 5_000
_MODULE_SUFFIXES = (".so", ".pyd", ".dylib", ".dll")

# What metadata that nobody vouches for make importlib raise.
UNREADABLE = (OSError, ValueError, TypeError, AttributeError, LookupError, csv.Error)


def is_here(path: str) -> bool:
    """Whether a path is that of a plain file on this machine.

    A share of the network is never asked for, for the text may be a stranger's.
    """
    if not Path(path).is_absolute() or path.startswith(("\\\\", "//")):
        return False
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - a path may be too long
    except (OSError, ValueError):
        return False


def owner_of(path: str) -> Owner | None:
    """Return the distribution whose RECORD, or conda's, lists a file that is here."""
    for each in dict.fromkeys((os.path.normpath(path), os.path.realpath(path))):
        site = site_of(Path(each))
        if site is not None:
            owner = _by_record(site, Path(each)) or _by_conda(site, Path(each))
            if owner is not None:
                return owner
    return None


def installed_release(project: str) -> str:
    """Return the version of a distribution in this environment; empty if there is none."""
    try:
        return field_of(importlib.metadata.distribution(project), "Version")
    except (importlib.metadata.PackageNotFoundError, *UNREADABLE):
        return ""


def file_of_module(module: str, asked_by: str = "") -> str:
    """Return the compiled file that has a module's name in this environment, for any Python.

    It is looked for beside the Python file that `asked_by` names, too: Windows tells only
    the last part of a module's name.
    """
    *packages, name = module.split(".")
    folders = [Path(entry or ".", *packages) for entry in sys.path]
    if asked_by and is_here(asked_by):
        folders.insert(0, Path(asked_by).parent)
    for folder in folders:
        with suppress(*UNREADABLE):
            for found in sorted(folder.glob(f"{name}.*")):
                if found.suffix in _MODULE_SUFFIXES:
                    return str(found.absolute())
    return ""


def site_of(path: Path) -> Path | None:
    """Return the folder of installed packages that a path leads into."""
    return next((p for p in path.parents if p.name in _SITES), None)


@lru_cache(maxsize=64)
def distribution_of(site: Path, path: Path) -> importlib.metadata.Distribution | None:
    """Return the distribution whose RECORD lists a file below its folder."""
    wanted = path.relative_to(site).as_posix()
    for dist in importlib.metadata.distributions(path=[str(site)]):
        with suppress(*UNREADABLE):
            if any(str(each) == wanted for each in dist.files or ()) and field_of(dist, "Name"):
                return dist
    return None


def field_of(dist: importlib.metadata.Distribution, name: str) -> str:
    """Return a field of the metadata, empty without one, for which importlib would warn."""
    return str(dist.metadata[name]) if name in dist.metadata else ""


def _by_record(site: Path, path: Path) -> Owner | None:
    dist = distribution_of(site, path)
    if dist is None:
        return None
    here = os.path.realpath(site) in {os.path.realpath(entry) for entry in sys.path if entry}
    installer = ""
    with suppress(*UNREADABLE):
        installer = (dist.read_text("INSTALLER") or "").strip()
    return Owner(
        project=field_of(dist, "Name"),
        release=field_of(dist, "Version"),
        known=True,
        here=here,
        installer=installer,
    )


def _by_conda(site: Path, path: Path) -> Owner | None:
    """Look a file up in the lists that conda keeps of what it installed."""
    prefix = next((p for p in site.parents if (p / "conda-meta").is_dir()), None)
    if prefix is None:
        return None
    wanted = path.relative_to(prefix).as_posix()
    for package in islice(conda_packages(prefix), _CONDA_FILES):
        if not isinstance(package, str) and wanted in package.files:
            return Owner(
                project=package.name,
                release=package.version,
                known=True,
                here=os.path.realpath(prefix) == os.path.realpath(sys.prefix),
                installer="conda",
            )
    return None
