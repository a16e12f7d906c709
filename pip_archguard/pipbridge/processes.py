"""Work spread over processes, where it is enough to pay for their start."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, util
from pathlib import Path
from typing import Any, TypeVar

import pip_archguard

MOST_PROCESSES = 8

_SAFE_PATH = "PYTHONSAFEPATH"

NO_PROCESSES = (BrokenProcessPool, ImportError, NotImplementedError, OSError)
"""What is raised where processes cannot be had, or die."""

AHEAD = 8
"""Jobs handed to each process before the oldest result is taken, so that none is idle."""

_In = TypeVar("_In")
_Job = TypeVar("_Job")
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
    with importable():  # this may start the process that looks after the others
        pool = ProcessPoolExecutor(
            processes,
            mp_context=get_context("spawn"),
            initializer=signal.signal,
            initargs=(signal.SIGINT, signal.SIG_IGN),
        )

    def submit(batch: Sequence[_In]) -> Future[list[_Out]]:
        with importable():  # this may start a process
            return pool.submit(_each, work, batch)

    batches = (inputs[at : at + chunk] for at in range(0, len(inputs), chunk))
    try:
        for results in in_window(submit, Future.result, batches, processes * AHEAD):
            yield from results
    finally:
        pool.shutdown(cancel_futures=True)


def in_window(
    submit: Callable[[_In], _Job],
    result: Callable[[_Job], _Out],
    inputs: Iterable[_In],
    window: int,
) -> Iterator[_Out]:
    """Yield results in the order of the inputs, with no more than `window` jobs under way.

    Results that wait for a slow one before them are so bounded, too.
    """
    under_way: deque[_Job] = deque()
    for each in inputs:
        under_way.append(submit(each))
        if len(under_way) >= window:
            yield result(under_way.popleft())
    while under_way:
        yield result(under_way.popleft())


def _each(work: Callable[[_In], _Out], batch: Sequence[_In]) -> list[_Out]:
    return [work(each) for each in batch]


@contextmanager
def importable() -> Iterator[None]:
    """Hand our place on to new processes, which take over `sys.path`.

    It is not there when we were started from a checkout, or by our runner; and it comes
    first, for another version of ours may be installed. The current folder is no place to
    import from, as it is none for us.
    """
    place = str(Path(pip_archguard.__file__).parent.parent)
    before = list(sys.path)
    if place not in before:
        sys.path.insert(0, place)
    try:
        with _without_this_folder():
            yield
    finally:
        sys.path[:] = before


def own_flags() -> tuple[str, ...]:
    """Return the words by which another Python keeps to what this one may import from."""
    flags = sys.flags
    if flags.isolated:
        return ("-I",)
    safe = getattr(flags, "safe_path", False)  # from Python 3.11 on
    words = (("-E", flags.ignore_environment), ("-s", flags.no_user_site), ("-P", safe))
    return tuple(word for word, is_set in words if is_set)


@contextmanager
def _without_this_folder() -> Iterator[None]:
    """Have new processes find nothing in the current folder.

    `multiprocessing` starts them by `python -c`, which puts that folder first: a `pickle.py`
    in it would be run before they get the `sys.path` of this process.
    """
    if sys.version_info >= (3, 11):
        before = os.environ.get(_SAFE_PATH)
        os.environ[_SAFE_PATH] = "1"
        try:
            yield
        finally:
            os.environ.pop(_SAFE_PATH)
            if before is not None:
                os.environ[_SAFE_PATH] = before
        return
    words_for: Any = util
    flags = words_for._args_from_interpreter_flags
    words_for._args_from_interpreter_flags = lambda: ["-I", *flags()]
    try:
        yield
    finally:
        words_for._args_from_interpreter_flags = flags
