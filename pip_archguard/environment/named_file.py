"""A file that an error names: whose it is, and what it holds as it lies here."""

from __future__ import annotations

import csv
import importlib.metadata
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path

from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.environment.conda import conda_packages
from pip_archguard.environment.installed import read_installed
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary
from pip_archguard.model.explanation import Looked
from pip_archguard.model.finding import Finding
from pip_archguard.model.owner import Owner
from pip_archguard.model.projects import normal_name
from pip_archguard.model.target import System, Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge

_SITES = ("site-packages", "dist-packages")
_CONDA_FILES = 5_000
_MODULE_SUFFIXES = (".so", ".pyd", ".dylib", ".dll")

# What the name of a module says of the Python it is for, as its whole suffix.
_TAGGED = re.compile(r"\.(?:cpython|pypy|graalpy)-?\d[\w-]*\.(?:so|pyd)$")

# What metadata that nobody vouches for make importlib raise.
_UNREADABLE = (OSError, ValueError, TypeError, AttributeError, LookupError, csv.Error)


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
        site = _site_of(Path(each))
        if site is not None:
            owner = _by_record(site, Path(each)) or _by_conda(site, Path(each))
            if owner is not None:
                return owner
    return None


def installed_release(project: str) -> str:
    """Return the version of a distribution in this environment; empty if there is none."""
    try:
        return _field(importlib.metadata.distribution(project), "Version")
    except (importlib.metadata.PackageNotFoundError, *_UNREADABLE):
        return ""


def file_of_module(module: str) -> str:
    """Return the compiled file that has a module's name in this environment, for any Python."""
    *packages, name = module.split(".")
    for entry in sys.path:
        folder = Path(entry or ".", *packages)
        with suppress(*_UNREADABLE):
            for found in sorted(folder.glob(f"{name}.*")):
                if found.suffix in _MODULE_SUFFIXES:
                    return str(found.absolute())
    return ""


def look_at(path: str, needed: tuple[str, ...], running: Target) -> Looked:
    """Read a file that is here, and judge it for the process that an error speaks of.

    `needed` are the architectures that the error says would do. The distribution it
    belongs to is read with it, so that what it links is there.
    """
    try:
        with Path(path).open("rb") as stream:
            binary = read_binary(Path(path).name, FileSource(stream))
    except (ArchGuardError, OSError) as error:
        return Looked(path=path, problem=str(error))
    if binary is None:
        return Looked(path=path)
    target = _target(path, needed, running)
    findings = () if target is None else _findings(Path(path), binary, target)
    return Looked(
        path=path,
        format=binary.format,
        archs=tuple(dict.fromkeys(str(s.arch) for s in binary.slices)),
        target=target,
        findings=tuple(findings),
        problem=binary.problem or "",
    )


def _target(path: str, needed: tuple[str, ...], running: Target) -> Target | None:
    """Return the Mac process that is spoken of, or this one; None where there are no rules."""
    arch = running.arch if running.system is System.MACOS else None
    if any(name.startswith("x86_64") for name in needed):
        arch = Arch.X86_64
    elif any(name.startswith("arm64") for name in needed):
        arch = Arch.ARM64
    if arch is None:
        return None
    tagged = _TAGGED.search(path)
    return Target(
        system=System.MACOS,
        arch=arch,
        os_version=running.os_version if running.system is System.MACOS else (0, 0),
        suffixes=(tagged[0] if tagged else ".so", ".abi3.so", ".so"),
    )


def _findings(path: Path, binary: Binary, target: Target) -> Iterator[Finding]:
    name, facts = _facts(path, binary)
    for finding in judge(facts, (target,)).findings:
        if name in (finding.path, finding.needed_by, *finding.modules):
            yield finding


def _facts(path: Path, binary: Binary) -> tuple[str, WheelFacts]:
    """Return the facts of the distribution that a file belongs to, or of the file alone."""
    site = _site_of(path)
    dist = _distribution(site, path) if site is not None else None
    if site is not None and dist is not None:
        facts = read_installed(
            project=normal_name(_field(dist, "Name")),
            release=_field(dist, "Version"),
            root=site,
            files=tuple(str(each) for each in dist.files or ()),
            platforms=("unknown",),
        )
        return path.relative_to(site).as_posix(), facts
    alone = WheelFacts(
        filename=path.name,
        project=path.name,
        release="",
        platforms=frozenset({"unknown"}),
        binaries=(binary,),
    )
    return binary.path, alone


def _site_of(path: Path) -> Path | None:
    return next((p for p in path.parents if p.name in _SITES), None)


@lru_cache(maxsize=64)
def _distribution(site: Path, path: Path) -> importlib.metadata.Distribution | None:
    wanted = path.relative_to(site).as_posix()
    for dist in importlib.metadata.distributions(path=[str(site)]):
        with suppress(*_UNREADABLE):
            if any(str(each) == wanted for each in dist.files or ()) and _field(dist, "Name"):
                return dist
    return None


def _field(dist: importlib.metadata.Distribution, name: str) -> str:
    """Return a field of the metadata, empty without one, for which importlib would warn."""
    return str(dist.metadata[name]) if name in dist.metadata else ""


def _by_record(site: Path, path: Path) -> Owner | None:
    dist = _distribution(site, path)
    if dist is None:
        return None
    here = os.path.realpath(site) in {os.path.realpath(entry) for entry in sys.path if entry}
    installer = ""
    with suppress(*_UNREADABLE):
        installer = (dist.read_text("INSTALLER") or "").strip()
    return Owner(
        project=_field(dist, "Name"),
        release=_field(dist, "Version"),
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
