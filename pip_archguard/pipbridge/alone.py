"""Work of which each piece has a process of its own, so that none sees what another changed."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Generator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from pip_archguard.pipbridge.processes import importable

_In = TypeVar("_In")
_Out = TypeVar("_Out")

_PATIENCE = 5
"""Seconds in which a process that was told to end may tidy up."""


def each_alone(
    work: Callable[[_In], _Out], inputs: Sequence[_In], at_once: int
) -> Generator[tuple[int, _Out | None], None, None]:
    """Yield which input is done, and its result, as they come; None if its process died.

    No more than `at_once` run at any time. Raises OSError where processes cannot be had.
    """
    context = get_context("spawn")
    running: dict[Any, tuple[int, SpawnProcess]] = {}
    waiting = list(reversed(range(len(inputs))))
    try:
        while waiting or running:
            while waiting and len(running) < max(at_once, 1):
                number = waiting.pop()
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(work, inputs[number], theirs))
                with importable():
                    process.start()
                theirs.close()
                running[ours] = (number, process)
            for pipe in wait(list(running)):
                number, process = running.pop(pipe)
                yield number, _received(pipe)
                process.join()
    finally:
        _end([process for _, process in running.values()])


def _end(processes: Sequence[SpawnProcess]) -> None:
    """End processes, and wait for that: at Python's own end an interrupt shows a traceback."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(_PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()


def _work(work: Callable[[_In], _Out], given: _In, pipe: Any) -> None:
    """Run in the other process; an interrupt is left to the one that waits.

    That one may end this process, which then takes its temporary files away.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    pipe.send(work(given))


def _received(pipe: Any) -> _Out | None:
    try:
        result: _Out = pipe.recv()
    except EOFError:
        return None
    finally:
        pipe.close()
    return result
