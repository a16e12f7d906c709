"""A file that an error names: what it holds as it lies here, and whether it would load."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.environment.installed import read_installed
from pip_archguard.environment.named_file import distribution_of, field_of, is_here, site_of
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary
from pip_archguard.model.explanation import Looked
from pip_archguard.model.finding import Finding
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.projects import normal_name
from pip_archguard.model.target import System, Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge
from pip_archguard.rules.choice import LOADABLE, chosen_slice
from pip_archguard.rules.names import is_for_other_python, module_of
from pip_archguard.rules.pe import choice as pe_choice
from pip_archguard.rules.pe import names as pe_names

# What the name of a module says of the Python it is for, as its whole suffix.
_TAGGED = re.compile(r"\.(?:cpython-?|pypy|graalpy|cp)\d[\w-]*\.(?:so|pyd)$")
_BARE = {System.WINDOWS: (".pyd",)}
# API sets of Windows: names without files.
_VIRTUAL = ("api-ms-win-", "ext-ms-win-")
_ANY_BARE = (".abi3.so", ".so")


def look_at(path: str, error: LoadError, running: Target) -> Looked:
    """Read a file that is here, and judge it for the process that an error speaks of.

    The distribution it belongs to is read with it, so that what it links is there.
    """
    try:
        with Path(path).open("rb") as stream:
            binary = read_binary(Path(path).name, FileSource(stream))
    except (ArchGuardError, OSError) as problem:
        return Looked(path=path, problem=str(problem))
    if binary is None:
        return Looked(path=path)
    target = _target(path, error, running)
    findings = () if target is None else _findings(Path(path), binary, target)
    return Looked(
        path=path,
        format=binary.format,
        archs=tuple(dict.fromkeys(str(s.arch) for s in binary.slices)),
        target=target,
        fits=target is not None and _fits(binary, target),
        findings=tuple(findings),
        problem=binary.problem or "",
        absent=tuple(_absent(Path(path), binary, error)),
        for_other_python=error.cause is Cause.MISSING_MODULE and _is_foreign(path, running),
    )


def file_that_links(library: str, asked_by: str) -> str:
    """Return the file that links a library, of the distribution that a Python file belongs to.

    Where glibc cannot find a library it does not say who asked for it. Empty if that
    cannot be told.
    """
    path = Path(asked_by)
    site = site_of(path)
    if site is None or not is_here(asked_by):
        return ""
    facts = _installed(site, path)
    for binary in facts.binaries if facts is not None else ():
        if any(library == d.install_name for s in binary.slices for d in s.dependencies):
            return str(site / binary.path)
    return ""


def _target(path: str, error: LoadError, running: Target) -> Target | None:
    """Return the process that is spoken of; None where nothing tells of it.

    A message of macOS may name the architecture of the process. One of Linux or Windows
    does not, so it is taken for this process, if that runs on the same system.
    """
    tagged = _TAGGED.search(path) if error.cause is not Cause.MISSING_MODULE else None
    if error.system is System.MACOS or running.system is System.MACOS:
        return _mac(error, running, tagged[0] if tagged else ".so")
    if error.system not in (running.system, System.OTHER) or not running.judged:
        return None
    if tagged is None or not _is_foreign(path, running):
        return running
    return running._replace(suffixes=(tagged[0], *_BARE.get(running.system, _ANY_BARE)), python="")


def _mac(error: LoadError, running: Target, suffix: str) -> Target | None:
    if error.system not in (System.MACOS, System.OTHER):
        return None
    here = running.system is System.MACOS
    arch = running.arch if here else None
    if any(name.startswith("x86_64") for name in error.need):
        arch = Arch.X86_64
    elif any(name.startswith("arm64") for name in error.need):
        arch = Arch.ARM64
    if arch is None:
        return None
    return Target(
        system=System.MACOS,
        arch=arch,
        os_version=running.os_version if here else (0, 0),
        suffixes=(suffix, *_ANY_BARE),
    )


def _fits(binary: Binary, target: Target) -> bool:
    chosen = pe_choice.chosen_slice if target.system is System.WINDOWS else chosen_slice
    piece = chosen(binary, target)
    return piece is not None and piece.kind in LOADABLE


def _is_foreign(path: str, running: Target) -> bool:
    """Whether a file has the name of a module for another Python, or for another system."""
    if running.system is System.WINDOWS:
        return pe_names.module_of(path, running) is None
    return is_for_other_python(path, running) or module_of(path, running) is None


def _absent(path: Path, binary: Binary, error: LoadError) -> Iterator[str]:
    """Yield the DLLs that a file imports and that are nowhere; Windows does not name them.

    It looks beside the file, beside Python, and in its own folder; packages add folders of
    their own, so what lies anywhere in the distribution is there.
    """
    if error.system is not System.WINDOWS or error.cause is not Cause.MISSING_LIBRARY:
        return
    root = os.environ.get("SYSTEMROOT", "")
    folders = (path.parent, Path(sys.base_prefix), *([Path(root, "System32")] if root else []))
    site = site_of(path)
    dist = distribution_of(site, path) if site is not None else None
    own = {each.name.lower() for each in (dist.files if dist is not None else None) or ()}
    names = (d.install_name for s in binary.slices for d in s.dependencies)
    for name in dict.fromkeys(names):
        if name.lower().startswith(_VIRTUAL) or name.lower() in own or "/" in name or "\\" in name:
            continue
        if not any(is_here(str(folder / name)) for folder in folders):
            yield name


def _findings(path: Path, binary: Binary, target: Target) -> Iterator[Finding]:
    name, facts = _facts(path, binary)
    for finding in judge(facts, (target,)).findings:
        if name in (finding.path, finding.needed_by, *finding.modules):
            yield finding


def _facts(path: Path, binary: Binary) -> tuple[str, WheelFacts]:
    """Return the facts of the distribution that a file belongs to, or of the file alone."""
    site = site_of(path)
    facts = _installed(site, path) if site is not None else None
    if site is not None and facts is not None:
        return path.relative_to(site).as_posix(), facts
    alone = WheelFacts(
        filename=path.name,
        project=path.name,
        release="",
        platforms=frozenset({"unknown"}),
        binaries=(binary,),
    )
    return binary.path, alone


def _installed(site: Path, path: Path) -> WheelFacts | None:
    dist = distribution_of(site, path)
    if dist is None:
        return None
    return read_installed(
        project=normal_name(field_of(dist, "Name")),
        release=field_of(dist, "Version"),
        root=site,
        files=tuple(str(each) for each in dist.files or ()),
        platforms=("unknown",),
    )
