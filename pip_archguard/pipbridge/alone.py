"""Work of which each piece has a process of its own, so that none sees what another changed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from pip_archguard.pipbridge.processes import importable

_In = TypeVar("_In")
_Out = TypeVar("_Out")


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
        for _, process in running.values():
            process.terminate()


def _work(work: Callable[[_In], _Out], given: _In, pipe: Any) -> None:
    """Run in the other process; an interrupt is left to the one that waits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send(work(given))


def _received(pipe: Any) -> _Out | None:
    try:
        result: _Out = pipe.recv()
    except EOFError:
        return None
    finally:
        pipe.close()
    return result
