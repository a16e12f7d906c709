"""Keeping the facts cache within its bound: what is there, what goes first, what was left."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pip_archguard.wheels.facts_entry import PARSER_VERSION

MOST_BYTES = 128 * 1024 * 1024
"""What all entries may take, each counted as `LEAST_COUNTED` at least: 32,768 wheels or fewer.

Each of the 256 folders holds its share of this, and is looked through after one in 16
entries that are written there: then those that were used least lately go.
"""

LEAST_COUNTED = 4096
"""What a file takes on most disks, however small it is."""

_FOLDERS = 256
_SHARE = MOST_BYTES // _FOLDERS
_AFTER_SWEEP = 0.9
"""The part of its share that a folder keeps, so that the next entries find room."""

_ABANDONED = 60 * 60
"""Seconds after which a file half written is nobody's; writing one takes milliseconds."""

_FOLDER = re.compile(r"[0-9a-f]{2}", re.ASCII)
_ENTRY = re.compile(r"([0-9a-f]{64})-([0-9]{1,9})\.facts(\..*\.tmp)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of the cache: whose facts, by which version of the parser, how long, since when."""

    path: Path
    sha256: str
    version: int
    size: int
    used: float
    half_written: bool

    @property
    def current(self) -> bool:
        """Whether it is whole and of this version."""
        return self.version == PARSER_VERSION and not self.half_written

    @property
    def counted(self) -> int:
        """What it takes on the disk, more or less."""
        return max(self.size, LEAST_COUNTED)


def entries_of(folder: Path) -> Iterator[Entry]:
    """Yield all files of the cache, by their hashes; none if there is no folder.

    Raises OSError if it cannot be listed.
    """
    for name in sorted(_listed(folder)):
        if _FOLDER.fullmatch(name):
            yield from sorted(_in(folder / name), key=lambda entry: entry.path.name)


def sweep(folder: Path) -> None:
    """Take away from one of the folders what was abandoned, and what was used least lately.

    What cannot be taken away, or another process is taking away, is left.
    """
    with suppress(OSError):
        entries = list(_in(folder))
        now = time.time()
        for entry in entries:
            if entry.half_written and abs(now - entry.used) > _ABANDONED:
                _remove(entry)
        whole = [entry for entry in entries if not entry.half_written]
        taken = sum(entry.counted for entry in whole)
        if taken <= _SHARE:
            return
        for entry in sorted(whole, key=lambda each: each.used):
            _remove(entry)
            taken -= entry.counted
            if taken <= _SHARE * _AFTER_SWEEP:
                return


def purge(folder: Path) -> tuple[int, int]:
    """Take away all files of the cache; return how many entries that were, and their bytes.

    Only what the cache itself wrote goes, and folders that are empty then. Raises OSError
    for the first file that cannot be taken away.
    """
    entries = list(entries_of(folder))
    for entry in entries:
        entry.path.unlink(missing_ok=True)
    for name in _listed(folder):
        if _FOLDER.fullmatch(name):
            _remove_if_empty(folder / name)
    for each in (folder, folder.parent):
        _remove_if_empty(each)
    whole = [entry for entry in entries if not entry.half_written]
    return len(whole), sum(entry.size for entry in whole)


def _listed(folder: Path) -> list[str]:
    try:
        return [each.name for each in folder.iterdir()]
    except FileNotFoundError:
        return []


def _in(folder: Path) -> Iterator[Entry]:
    try:
        found = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with found:
        for each in found:
            match = _ENTRY.fullmatch(each.name)
            if match is None or match[1][:2] != folder.name:
                continue
            with suppress(OSError):  # another process has taken it away
                status = each.stat(follow_symlinks=False)
                yield Entry(
                    path=Path(each.path),
                    sha256=match[1],
                    version=int(match[2]),
                    size=status.st_size,
                    used=status.st_mtime,
                    half_written=match[3] is not None,
                )


def _remove(entry: Entry) -> None:
    with suppress(OSError):
        entry.path.unlink()


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
