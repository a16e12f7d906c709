"""Work of which each piece has a process of its own, so that none sees what another changed."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Thread
from typing import IO, Any, TypeVar, cast

from pip_archguard.pipbridge.processes import importable, own_flags

_ANSWER = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from pip_archguard.pipbridge.alone import answer; answer()"
)
"""What a process runs that `alone` starts; its arguments are the places to import from."""

_STDIN, _STDOUT, _STDERR = 0, 1, 2

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
                result = _received(pipe)
                process.join()
                yield number, result
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


def alone(work: Callable[[_In], _Out], given: _In) -> _Out:
    """Return the result of one piece, from a process that ends with this one at the latest.

    This process may be a daemon, as a worker of Dask is: `multiprocessing` lets it have no
    other. Raises OSError if the process cannot be had or dies.
    """
    with importable():
        places = [str(Path(place).absolute()) for place in sys.path]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - this Python, and a program of ours
        [sys.executable, *own_flags(), "-c", _ANSWER, *places],
        stdin=pipe,
        stdout=pipe,
        stderr=nowhere,
    ) as process:
        asks, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        try:
            pickle.dump((work, given), asks)
            asks.flush()
            result: _Out = pickle.load(answers)  # noqa: S301 - we started it
        except (EOFError, pickle.UnpicklingError) as error:
            msg = "the process ended before it was done"
            raise ChildProcessError(msg) from error
        finally:
            process.kill()
    return result


def answer() -> None:
    """Do in this process what `alone` asks for on standard input; nothing else writes out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(_STDOUT), "wb") as answers:
        os.dup2(_STDERR, _STDOUT)
        work, given = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the one that started us
        Thread(target=_end_with_the_one_that_asked, daemon=True).start()
        pickle.dump(work(given), answers)


def _end_with_the_one_that_asked() -> None:
    """Wait for the end of standard input: nobody is there any more to take the result."""
    os.read(_STDIN, 1)
    os._exit(1)


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
