"""The facts of all packages of an environment, read in several processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath, relpath

from pip_archguard.environment import Job, Package, Survey, facts_of, read_job, state_of
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.processes import (
    MOST_PROCESSES,
    NO_PROCESSES,
    in_processes,
    usable_cpus,
)
from pip_archguard.wheels import InstalledFacts

LEAST_FOR_PROCESSES = 2_400
"""Native files to be read, 0.4 ms each, below which a second process, which takes 0.5 s to
start, saves nothing.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPackage:
    """A package with its facts, whose paths are relative to the root of its environment."""

    package: Package
    facts: WheelFacts
    survey: Survey
    prefix: str


def read_packages(
    group: Sequence[Survey], processes: int | None, known: Path | None = None
) -> Iterator[ReadPackage]:
    """Read the packages; where processes cannot be had, or die, this one reads what is left.

    What an earlier audit has read is taken from the folder `known`, where the files are as
    they were then, and what is read now is put there.
    """
    work = [(survey, package) for survey in group for package in survey.packages]
    jobs = [_job(survey, package) for survey, package in work]
    facts = list(
        _facts(jobs, processes or _processes(jobs))
        if known is None
        else _facts_kept(jobs, processes, known)
    )
    root = str(group[0].root)
    for (survey, package), found in zip(work, facts, strict=True):
        prefix = relpath(str(survey.root), root)
        moved = found if prefix == "." else _moved(found, f"{prefix}/")
        yield ReadPackage(package=package, facts=moved, survey=survey, prefix=prefix)


def _facts_kept(jobs: Sequence[Job], processes: int | None, folder: Path) -> Iterator[WheelFacts]:
    kept = {root: InstalledFacts(folder, root) for root in {job.root for job in jobs}}
    states = [state_of(job) for job in jobs]
    found: dict[int, WheelFacts] = {}
    for index, (job, state) in enumerate(zip(jobs, states, strict=True)):
        binaries = None if state is None else kept[job.root].get(state)
        if binaries is not None:
            found[index] = facts_of(job, binaries)
    lacking = [index for index in range(len(jobs)) if index not in found]
    left = [jobs[index] for index in lacking]
    for index, facts in zip(lacking, _facts(left, processes or _processes(left)), strict=True):
        found[index] = facts
        job, state = jobs[index], states[index]
        # A file that changed while it was read is not known in either state.
        if state is not None and not facts.problems and state_of(job) == state:
            kept[job.root].put(state, facts.binaries)
    for each in kept.values():
        each.save()
    yield from (found[index] for index in range(len(jobs)))


def _facts(jobs: Sequence[Job], processes: int) -> Iterator[WheelFacts]:
    found: dict[int, WheelFacts] = {}
    if processes > 1:
        # The longest first, so that none is left alone with the last one.
        order = sorted(range(len(jobs)), key=lambda i: -len(jobs[i].native))
        with suppress(*NO_PROCESSES):
            results = in_processes(read_job, [jobs[i] for i in order], processes, chunk=4)
            found.update(zip(order, results, strict=True))
    for index, job in enumerate(jobs):
        yield found[index] if index in found else read_job(job)


def _processes(jobs: Sequence[Job]) -> int:
    if sum(len(job.native) for job in jobs) < LEAST_FOR_PROCESSES:
        return 1
    return min(len(usable_cpus()), MOST_PROCESSES)


def _job(survey: Survey, package: Package) -> Job:
    release = f" {package.release}" if package.release else ""
    place = package.location
    sources = (name for name in package.files if name.endswith(".py")) if package.native else ()
    return Job(
        root=str(survey.root),
        name=f"{package.name}{release}",
        project=package.project,
        release=package.release,
        platforms=package.platforms,
        native=package.native,
        sources=tuple(normpath(f"{place}/{name}") if place else name for name in sources),
    )


def _moved(facts: WheelFacts, prefix: str) -> WheelFacts:
    """Return facts whose paths begin elsewhere."""
    return facts._replace(
        binaries=tuple(b._replace(path=normpath(prefix + b.path)) for b in facts.binaries),
        problems=tuple(p._replace(path=normpath(prefix + p.path)) for p in facts.problems),
    )
