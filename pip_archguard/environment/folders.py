"""What lies in a folder: files, each but once, the links among them, and what was passed by."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from posixpath import basename, dirname, normpath, relpath

from pip_archguard.binaries import HEAD, identify
from pip_archguard.environment.conda_prefix import is_conda_prefix
from pip_archguard.model.audit import Skipped, SkipReason

MOST_FILES = 2_000_000
"""Files and folders looked at below one; the largest environments known have some 300,000."""

# Python reads these itself, so nothing in them reaches the system's loader.
_SOURCE = (".py", ".pyi", ".pyc")
_METADATA = (".dist-info", ".egg-info")
_LIBRARIES = (".so", ".dylib")


@dataclass(slots=True, kw_only=True)
class Tree:
    """What lies below `root`, an absolute path without links; all paths are relative to it.

    `files` are regular files, each by its own path; `links` lead from paths to paths, both
    within the folder; `outside` are links to files that lead out of it. `metadata` are the
    folders and files in which distributions are described, `eggs` folders `NAME.egg`.
    """

    root: Path
    files: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    metadata: list[str] = field(default_factory=list)
    eggs: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _folders: dict[str, str | None] = field(default_factory=dict)

    def skip(self, path: str, reason: SkipReason, detail: str = "") -> None:
        """Take note of something that is not looked into."""
        place = str(self.root / path) if path else str(self.root)
        self.skipped.append(Skipped(path=place, reason=reason, detail=detail))

    def has(self, path: str) -> bool:
        """Whether there is a file at this path."""
        return path in self.files or path in self.links or os.path.lexists(f"{self.root}/{path}")

    def through_links(self, path: str) -> str | None:
        """Return what a path leads to below folders that are links; None if nothing is there."""
        folder, name = dirname(path), basename(path)
        if folder not in self._folders:  # each is looked at but once
            full = f"{self.root}/{folder}"
            is_there = os.path.isdir(full)  # noqa: PTH112 - raises nothing, as `Path` would
            real = relpath(os.path.realpath(full), self.root) if is_there else None
            self._folders[folder] = real
        if (there := self._folders[folder]) is None:
            return None
        path = normpath(f"{there}/{name}")
        return self.links.get(path, path)


def walk(root: Path) -> Tree:
    """Return what lies in a folder.

    Links are followed within the folder only, and none is walked through, so that a loop of
    them does no harm. Other environments in it are left out, and so is what is hidden to
    Python for certain: byte code and the metadata of distributions.
    """
    tree = Tree(root=Path(os.path.realpath(root)))
    apart = ("pkgs", "envs") if is_conda_prefix(tree.root) else ()
    waiting = [""]
    left = MOST_FILES
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(tree.root / folder) as found:
                entries = list(islice(found, left + 1))
        except OSError as error:
            tree.skip(folder, SkipReason.UNREADABLE, error.strerror or "")
            continue
        inner = folder in apart or any(entry.name == "pyvenv.cfg" for entry in entries)
        if folder and inner:
            tree.skip(folder, SkipReason.OTHER_ENVIRONMENT)
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if _add(tree, entry, path):
                waiting.append(path)
        left -= len(entries)
        if left < 0:
            tree.skip("", SkipReason.TOO_MUCH)
            break
    return tree


def _add(tree: Tree, entry: os.DirEntry[str], path: str) -> bool:
    """Take note of what an entry is; return whether it is a folder to go into."""
    if entry.is_symlink():
        _add_link(tree, path)
    elif entry.is_dir():
        if entry.name.endswith(_METADATA):
            tree.metadata.append(path)
        elif entry.name != "__pycache__":
            if entry.name.endswith(".egg"):
                tree.eggs.append(path)
            return True
    elif entry.is_file():
        tree.files.add(path)
        if entry.name.endswith(".egg-info"):
            tree.metadata.append(path)
    return False


def _add_link(tree: Tree, path: str) -> None:
    full, prefix = tree.root / path, f"{tree.root}/"
    try:
        is_file = not os.path.isdir(full)  # noqa: PTH112 - raises nothing, as `Path` would
        full.stat()
    except FileNotFoundError:
        return  # it leads nowhere; that matters only if a package names it
    except (OSError, RuntimeError) as error:  # RuntimeError: how `pathlib` once told a loop
        tree.skip(path, SkipReason.LINK_LOOP, getattr(error, "strerror", None) or "")
        return
    target = os.path.realpath(full)
    if target.startswith(prefix):
        tree.links[path] = target.removeprefix(prefix)
    elif is_file:
        tree.outside.add(path)
    elif f"{target}/" != prefix:
        tree.skip(path, SkipReason.LINK_OUTSIDE, target)


def native_files(tree: Tree) -> Iterator[str]:
    """Yield the native files, told by their first bytes, sorted by path.

    What cannot be opened is skipped.
    """
    base = f"{tree.root}/"
    for path in sorted(tree.files):
        if path.endswith(_SOURCE):
            continue
        try:
            if identify(head_of(base + path)) is not None:
                yield path
        except OSError as error:
            tree.skip(path, SkipReason.UNREADABLE, error.strerror or "")


def content_of(path: Path, most: int) -> bytes:
    """Return so many bytes of a regular file; raises OSError, also for a pipe or a device."""
    if not os.path.isfile(path):  # noqa: PTH113 - raises nothing, as `Path` would
        raise FileNotFoundError(errno.ENOENT, "is no file", str(path))
    with path.open("rb") as stream:
        return stream.read(most)


def is_native(path: str) -> bool:
    """Whether a file is a native one; what cannot be read is none."""
    try:
        return not path.endswith(_SOURCE) and identify(head_of(path)) is not None
    except OSError:
        return False


def head_of(path: str) -> bytes:
    """Return the first bytes of a file; past `open`, which takes three times as long."""
    # Should it have become a pipe meanwhile, to open it must not wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        return os.read(descriptor, HEAD)
    finally:
        os.close(descriptor)


def tell_links_outside(tree: Tree, owned: set[str]) -> None:
    """Take note of the libraries that are links out of the folder, and that nobody owns."""
    for path in sorted(tree.outside - owned):
        if path.endswith(_LIBRARIES):
            tree.skip(path, SkipReason.LINK_OUTSIDE, os.path.realpath(tree.root / path))
