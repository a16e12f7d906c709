"""The facts of installed files that were read before, kept on disk for each environment.

One file for each, in a folder of the facts cache, written whole and moved to its place. An
entry is that of a package, by a hash of the state that its files were in (see
`environment.state`), in the form that the entries of wheels have, with their checks.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pip_archguard.wheels.facts_entry import (
    MOST_STORED,
    PARSER_VERSION,
    is_sha256,
    packed,
    unpacked,
)
from pip_archguard.whole_file import replace_file

if TYPE_CHECKING:
    from pip_archguard.model.binary import Binary

FOLDER = "installed"
SUFFIX = ".installed"

MOST_FILE = 16 * 1024 * 1024
"""Bytes of one environment; one with 3,332 native files in 200 packages takes 0.3 MB."""

MOST_BYTES = 64 * 1024 * 1024
"""What all environments may take; those that were used least lately go."""

_MAGIC = b"pip-archguard installed\n"
_STATE = 64
_LENGTH = 4
_USED_LATELY = 24 * 60 * 60
_ABANDONED = 60 * 60
_NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class InstalledFacts:
    """What is known of the packages of one environment; a folder of no use is done without."""

    def __init__(self, folder: Path, root: str) -> None:
        self._path = _file_of(folder, root)
        self._known = dict(_entries(_content(self._path)))
        self._used: dict[str, bytes] = {}
        self._new = False

    def get(self, state: str) -> tuple[Binary, ...] | None:
        """Return the native files of a package in this state, or None if it was never read."""
        stored = self._known.get(state)
        if stored is None:
            return None
        try:
            binaries = unpacked(stored, state)
        except ValueError:
            return None
        self._used[state] = stored
        return binaries

    def put(self, state: str, binaries: tuple[Binary, ...]) -> None:
        """Keep the native files of a package that was read in this state, and whole."""
        stored = packed(state, binaries)
        if stored is not None:
            self._used[state] = stored
            self._new = True

    def save(self) -> None:
        """Write what was asked for or read now, if something is new; the rest goes."""
        if not self._new:
            return
        content = _MAGIC + b"".join(
            state.encode("ascii") + len(stored).to_bytes(_LENGTH, "big") + stored
            for state, stored in self._used.items()
        )
        if len(content) <= MOST_FILE:
            with suppress(OSError):  # read-only, full, not ours: the next audit reads again
                self._path.parent.mkdir(parents=True, exist_ok=True)
                replace_file(self._path, content)
                _sweep(self._path.parent)


def environments_of(folder: Path) -> list[tuple[Path, int]]:
    """Return the files of all environments, and what each takes; raises OSError."""
    try:
        with os.scandir(folder / FOLDER) as entries:
            return sorted(
                (Path(entry.path), entry.stat(follow_symlinks=False).st_size)
                for entry in entries
                if SUFFIX in entry.name and entry.is_file(follow_symlinks=False)
            )
    except FileNotFoundError:  # none was ever written, or another process purges them
        return []


def purge_installed(folder: Path) -> tuple[int, int]:
    """Take them all away; return how many environments that were, and their bytes."""
    found = environments_of(folder)
    for path, _ in found:
        path.unlink(missing_ok=True)
    with suppress(OSError):
        (folder / FOLDER).rmdir()
    whole = [(path, size) for path, size in found if path.suffix == SUFFIX]
    return len(whole), sum(size for _, size in found)


def _file_of(folder: Path, root: str) -> Path:
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()
    return folder / FOLDER / f"{name[:32]}-{PARSER_VERSION}{SUFFIX}"


def _content(path: Path) -> bytes:
    """Return a whole file, nothing if there is none of a size that was ever written."""
    try:
        handle = os.open(path, os.O_RDONLY | _NOT_FOLLOWED)
        with os.fdopen(handle, "rb", buffering=0) as stream:
            content = stream.read(MOST_FILE + 1) or b""
            if time.time() - os.fstat(handle).st_mtime > _USED_LATELY:
                os.utime(path)
    except OSError:
        return b""
    return content if len(content) <= MOST_FILE else b""


def _entries(content: bytes) -> list[tuple[str, bytes]]:
    """Return the entries as they are stored, up to the first that is cut short."""
    found: list[tuple[str, bytes]] = []
    at = len(_MAGIC)
    if not content.startswith(_MAGIC):
        return found
    while at < len(content):
        state = content[at : at + _STATE].decode("ascii", "replace")
        start = at + _STATE + _LENGTH
        size = int.from_bytes(content[at + _STATE : start], "big")
        at = start + size
        if not is_sha256(state) or size > MOST_STORED or at > len(content):
            break
        found.append((state, content[start:at]))
    return found


def _sweep(folder: Path) -> None:
    """Take away what was abandoned half written, and what is beyond the bound."""
    now = time.time()
    kept = []
    for path, size in environments_of(folder.parent):
        with suppress(OSError):  # another process has taken it away
            used = path.stat().st_mtime
            if path.suffix == SUFFIX:
                kept.append((used, path, size))
            elif abs(now - used) > _ABANDONED:
                path.unlink()
    taken = sum(size for _, _, size in kept)
    for _, path, size in sorted(kept):
        if taken <= MOST_BYTES:
            return
        with suppress(OSError):
            path.unlink()
        taken -= size
