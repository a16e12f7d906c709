"""Resolving for the targets of a matrix: in processes of this machine, or on workers elsewhere.

A worker counts only where it saw all that this machine would see. What it could not do, or
not see, is done here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pip
from pip._internal.index import collector
from pip._internal.locations import USER_CACHE_DIR
from pip._internal.utils.filesystem import check_path_owner

from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.covering import Resolved
from pip_archguard.model.event import Listener
from pip_archguard.model.result import Counted, Progressed
from pip_archguard.pipbridge.alone import alone, each_alone
from pip_archguard.pipbridge.executors import Executor
from pip_archguard.pipbridge.internals.coverage_resolving import Job, resolve
from pip_archguard.pipbridge.processes import MOST_PROCESSES, usable_cpus

_ABSENT = frozenset({404, 410})
"""An index says so of a project that it does not have: nothing is wrong with the worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A job for a worker: names of files are those in `folder`, and `pip` is the version here."""

    job: Job
    folder: str
    pip: str


def resolve_all(
    jobs: Sequence[Job], executor: Executor | None, listener: Listener
) -> list[Resolved]:
    """Return what is taken for each, resolved in a process of its own wherever that is.

    Raises UnreadableInputError if one cannot read what was asked for, or dies.
    """
    found: dict[int, Resolved] = {}
    for source in (_elsewhere(jobs, executor), _here(jobs, found)):
        for number, result in source:
            if isinstance(result, UnreadableInputError):
                raise result
            found[number] = result
            listener.tell(Progressed(done=len(found), total=len(jobs), of=Counted.TARGETS))
    return [found[number] for number in range(len(jobs))]


def _elsewhere(
    jobs: Sequence[Job], executor: Executor | None
) -> Iterator[tuple[int, Resolved | UnreadableInputError]]:
    """Yield what the executor can do; whatever failed there, this machine may be able to do."""
    if executor is None:
        return
    sent = [Sent(job=job, folder=str(Path.cwd()), pip=pip.__version__) for job in jobs]
    for number, result in enumerate(executor.carry_out(on_worker, sent)):
        if isinstance(result, Resolved) and not result.failure:
            yield number, result


def _here(
    jobs: Sequence[Job], found: dict[int, Resolved]
) -> Iterator[tuple[int, Resolved | UnreadableInputError]]:
    """Yield what is not found yet, as many at once as there are processors."""
    left = [number for number in range(len(jobs)) if number not in found]
    at_once = min(len(usable_cpus()), MOST_PROCESSES)
    try:
        for at, result in each_alone(resolve, [jobs[number] for number in left], at_once):
            if result is None:
                name = jobs[left[at]].place.column.id
                msg = f"the process that resolved for `{name}` ended before it was done"
                raise UnreadableInputError(msg)
            yield left[at], result
    except OSError as error:
        msg = f"no process can be started to resolve in: {error}"
        raise UnreadableInputError(msg) from error


def on_worker(sent: Sent) -> Resolved | UnreadableInputError:
    """Resolve in a process of its own, so that a worker stays as it is.

    Returns an error where another machine may find something else.
    """
    if sent.pip != pip.__version__:
        msg = f"the worker has pip {pip.__version__}, and not {sent.pip}"
        return UnreadableInputError(msg)
    try:
        return alone(_in_its_folder, sent)
    except OSError as error:
        msg = f"the worker cannot resolve: {error}"
        return UnreadableInputError(msg)


def _in_its_folder(sent: Sent) -> Resolved | UnreadableInputError:
    """Resolve in a process that does nothing else; the cache is that of the machine it is on."""
    os.chdir(sent.folder)
    options = sent.job.options
    if options.cache_dir:
        options.cache_dir = USER_CACHE_DIR if check_path_owner(USER_CACHE_DIR) else None
    unseen = _watch_sources()
    result = resolve(sent.job)
    if unseen:
        msg = f"the worker cannot read `{unseen[0]}`"
        return UnreadableInputError(msg)
    return result


def _watch_sources() -> list[str]:
    """Return a list that will name what pip passes over: folders and pages it cannot read."""
    unseen: list[str] = []
    module: Any = collector
    build_source: Callable[..., Any] = module.build_source
    get_page: Callable[..., Any] = module._get_simple_response

    def watched_source(location: str, **more: Any) -> Any:
        found = build_source(location, **more)
        if found[1] is None:
            unseen.append(location)
        return found

    def watched_page(url: str, *args: Any, **more: Any) -> Any:
        try:
            return get_page(url, *args, **more)
        except Exception as error:
            response = getattr(error, "response", None)
            if getattr(response, "status_code", None) not in _ABSENT:
                unseen.append(url)
            raise

    module.build_source = watched_source
    module._get_simple_response = watched_page
    return unseen
