"""The facts of wheels that were read before, kept on disk by the hash of the wheel.

One file for each wheel, written beside its place and moved there, so that whoever reads
it, in whatever process, finds all of it or nothing. What is read is taken for hostile:
the folder may be shared.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels.facts_entry import (
    MOST_STORED,
    PARSER_VERSION,
    is_sha256,
    packed,
    unpacked,
)
from pip_archguard.wheels.filename import parse_wheel_name
from pip_archguard.whole_file import replace_file

_USED_LATELY = 24 * 60 * 60
"""Seconds after which a use is noted again: that is a write, which most reads can spare."""

_SWEPT = 16
"""One in so many entries written has its folder looked through."""

_NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)  # Windows


class FactsCache:
    """Facts by the hash of the wheel; a folder that cannot be used is done without, silently.

    Verdicts are never kept, nor anything that depends on more than the wheel's own bytes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writable = True

    def get(self, sha256: str, filename: str) -> WheelFacts | None:
        """Return the facts of the wheel that has this hash, or None if they are not known.

        `sha256` has to be that of the file itself. What its name claims is taken from
        `filename`. An entry that does not hold up is dropped.
        """
        path = self._path(sha256)
        if path is None:
            return None
        try:
            name = parse_wheel_name(filename)
            stored, age = read_entry(path)
        except (OSError, UnreadableWheelError):
            return None
        try:
            binaries = unpacked(stored, sha256)
        except ValueError:
            with suppress(OSError):
                path.unlink()
            return None
        if age > _USED_LATELY:
            with suppress(OSError):
                os.utime(path)
        return WheelFacts(
            filename=name.filename,
            project=name.project,
            release=name.release,
            platforms=name.platforms,
            binaries=binaries,
        )

    def put(self, sha256: str, facts: WheelFacts) -> None:
        """Keep the facts of the wheel that has this hash.

        The caller has seen that it is a wheel (it has `.dist-info/WHEEL`). Facts with
        `problems` are passed over, for a disk or this Python may be to blame for those, and
        so are `optional_modules`, which depend on what else fails and on Python's version.
        """
        path = self._path(sha256)
        if path is None or facts.problems or not self._writable:
            return
        stored = packed(sha256, facts.binaries)
        if stored is not None:
            self.store(path, stored)

    def store(self, path: Path, stored: bytes) -> bool:
        """Write an entry to its place, whole or not at all; return whether that worked.

        Whoever is killed in between leaves a `.tmp`, which a later sweep takes away.
        """
        try:
            try:
                replace_file(path, stored)
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                replace_file(path, stored)
        except OSError:  # read-only, full, not ours: none of the next will fare better
            self._writable = False
            return False
        if os.urandom(1)[0] % _SWEPT == 0:
            from pip_archguard.wheels.facts_upkeep import sweep  # noqa: PLC0415 - seldom

            sweep(path.parent)
        return True

    def _path(self, sha256: str) -> Path | None:
        return entry_path(self._folder, sha256) if is_sha256(sha256) else None


def entry_path(folder: Path, sha256: str) -> Path:
    """Return where the entry of a wheel lies, for this version of the parser."""
    return folder / sha256[:2] / f"{sha256}-{PARSER_VERSION}.facts"


def read_entry(path: Path) -> tuple[bytes, float]:
    """Return a stored entry and the seconds since it was noted as used; raises OSError.

    Neither a link nor a pipe that lies in its place is followed or waited for.
    """
    handle = os.open(path, os.O_RDONLY | _NOT_FOLLOWED | _BINARY)
    with os.fdopen(handle, "rb", buffering=0) as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise FileNotFoundError
        return stream.read(MOST_STORED + 1) or b"", time.time() - status.st_mtime
