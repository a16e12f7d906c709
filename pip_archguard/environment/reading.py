"""Reading the native files of one package, in any process: this module is quick to import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pip_archguard.environment.installed import read_installed
from pip_archguard.model.binary import Binary
from pip_archguard.model.wheel import WheelFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to read: native files and Python sources, by paths below `root`."""

    root: str
    name: str
    project: str
    release: str
    platforms: frozenset[str]
    native: tuple[str, ...]
    sources: tuple[str, ...]


def facts_of(job: Job, binaries: tuple[Binary, ...]) -> WheelFacts:
    """Return the facts of a package whose files were read before."""
    return WheelFacts(
        filename=job.name or f"{job.project} {job.release}",
        project=job.project,
        release=job.release,
        platforms=job.platforms,
        binaries=binaries,
    )


def read_job(job: Job) -> WheelFacts:
    """Return the facts of a package; what cannot be read is named in its problems."""
    return read_installed(
        project=job.project,
        release=job.release,
        root=Path(job.root),
        files=job.native,
        platforms=job.platforms,
        name=job.name,
        sources=job.sources,
    )
