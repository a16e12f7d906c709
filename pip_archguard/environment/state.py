"""Whether installed files are those that were read before, told as git tells it of its index."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator

from pip_archguard.environment.reading import Job
from pip_archguard.model.naming import arch_named_tail

RACY = 2_000_000_000
"""Nanoseconds for which a file that was changed is not told from itself.

Another change may still fall into the same tick of the file system's clock, the coarsest of
which (FAT) goes by 2 s: what git calls racily clean.
"""

_KNOWN_HERE = os.name == "posix"
"""On Windows `st_ctime` is when a file was made, so a change that hides its time is not seen."""


def state_of(job: Job) -> str | None:
    """Return what all files have that the facts of a package depend on, as a sha256.

    It differs as soon as one of them is another or was written to: its path, size, inode,
    and times of change count (`st_mtime_ns`, `st_ctime_ns`; nobody can set the second). None
    where one cannot be looked at, or was changed a moment ago.
    """
    if not _KNOWN_HERE or not job.native:
        return None
    digest = hashlib.sha256()
    latest = time.time_ns() - RACY
    for path in _read(job):
        try:
            status = os.stat(f"{job.root}/{path}")  # noqa: PTH116 - `Path` takes twice as long
        except (OSError, ValueError):
            return None
        if status.st_ctime_ns > latest or not stat.S_ISREG(status.st_mode):
            return None
        told = (status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
        digest.update(f"{told}{path}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _read(job: Job) -> Iterator[str]:
    """Yield what is read for the facts: Python source only beside a name of an architecture."""
    yield from job.native
    if any(arch_named_tail(path) is not None for path in job.native):
        yield from job.sources
