"""Folders that bring their own program along: app bundles, frozen programs, conda prefixes."""

from __future__ import annotations

import os
import plistlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from xml.parsers.expat import ExpatError

from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.environment.conda_prefix import is_conda_prefix
from pip_archguard.environment.folders import Tree, content_of
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.audit import FolderKind
from pip_archguard.model.binary import Format, Kind

_PLIST = "Contents/Info.plist"
_MACOS = "Contents/MacOS"
_MOST_PLIST = 1024 * 1024
_LIBRARIES = (".so", ".dylib", ".o", ".a")
_MOST_PROGRAMS = 64
"""Files tried for being the program of a folder; a frozen folder has one."""


def kind_of(tree: Tree, program: str | None) -> FolderKind:
    """Return what a folder is, told by what lies in it."""
    if is_conda_prefix(tree.root):
        return FolderKind.CONDA
    if program is not None and not _is_venv(tree.root):
        return FolderKind.APP
    return FolderKind.SITE


def program_of(tree: Tree, native: Iterable[str]) -> str | None:
    """Return the program in whose process the files of a folder are loaded, None if none is.

    Of an app bundle, CFBundleExecutable names it (Apple, "Information Property List"); of a
    conda prefix or a virtual environment it is Python; else it is the only program that
    lies right in the folder, as PyInstaller and Nuitka leave it.
    """
    files = [*native, *sorted(tree.outside)]
    named = _named_in_plist(tree)
    if named is not None and (named in files or tree.links.get(named) in files):
        return tree.links.get(named, named)
    if is_conda_prefix(tree.root) or _is_venv(tree.root):
        python = tree.links.get("bin/python", "bin/python")
        return python if python in files else None
    folder = _MACOS if os.path.isdir(tree.root / _MACOS) else "."  # noqa: PTH112 - see below
    beside = [p for p in files if _is_in(p, folder) and not p.endswith(_LIBRARIES)]
    programs = [p for p in beside[:_MOST_PROGRAMS] if _is_program(tree.root / p)]
    if len(programs) > 1:
        programs = [p for p in programs if PurePosixPath(p).stem == _stem(tree.root)]
    return programs[0] if len(programs) == 1 else None


def _is_venv(root: Path) -> bool:
    return os.path.isfile(root / "pyvenv.cfg")  # noqa: PTH113 - `Path` raises for long names


def _stem(root: Path) -> str:
    """Return `app` for `app`, `app.dist` and `app.app`."""
    return root.name.removesuffix(".dist").removesuffix(".app")


def _is_in(path: str, folder: str) -> bool:
    return str(PurePosixPath(path).parent) == folder


def _named_in_plist(tree: Tree) -> str | None:
    try:
        content = plistlib.loads(content_of(tree.root / _PLIST, _MOST_PLIST))
    except (OSError, ValueError, ExpatError, RecursionError, TypeError, AttributeError, IndexError):
        return None
    name = content.get("CFBundleExecutable") if isinstance(content, dict) else None
    if not isinstance(name, str) or not name or "/" in name or "\0" in name:
        return None
    return f"{_MACOS}/{name}"


def _is_program(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            binary = read_binary(path.name, FileSource(stream), symbols=False)
    except (ArchGuardError, OSError):
        return False
    if binary is None or binary.format is not Format.MACH_O:
        return False
    return any(s.kind is Kind.EXECUTABLE for s in binary.slices)
