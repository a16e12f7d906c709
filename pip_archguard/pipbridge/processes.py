"""Work spread over processes, where it is enough to pay for their start."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pip_archguard

MOST_PROCESSES = 8

NO_PROCESSES = (BrokenProcessPool, ImportError, NotImplementedError, OSError)
"""What is raised where processes cannot be had, or die."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def usable_cpus() -> Sequence[int]:
    """Return the processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    return tuple(affinity(0)) if affinity else range(os.cpu_count() or 1)


def in_processes(
    work: Callable[[_In], _Out], inputs: Sequence[_In], processes: int, *, chunk: int = 1
) -> Iterator[_Out]:
    """Yield the result for each input, in their order; `chunk` of them travel together.

    Raises one of NO_PROCESSES, perhaps after some results.
    """
    pool = ProcessPoolExecutor(
        processes,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        with importable():
            results = pool.map(work, inputs, chunksize=chunk)  # starts the processes
        yield from results
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def importable() -> Iterator[None]:
    """Hand our place on to new processes, which take over `sys.path`.

    It is not there when we were started from a checkout, or by our runner; and it comes
    first, for another version of ours may be installed.
    """
    place = str(Path(pip_archguard.__file__).parent.parent)
    before = list(sys.path)
    if place not in before:
        sys.path.insert(0, place)
    try:
        yield
    finally:
        sys.path[:] = before
