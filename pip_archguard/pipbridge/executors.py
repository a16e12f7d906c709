"""Where work on many wheels is carried out: in processes of this machine, or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Protocol, TypeVar

from pip_archguard.pipbridge.processes import NO_PROCESSES, in_processes

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Undone(Enum):
    """Stands in the place of a result that could not be had there."""

    LEFT = "left"


class Executor(Protocol):
    """Carries work out somewhere; `work` is a function of a module, and its inputs pickle."""

    def carry_out(
        self, work: Callable[[_In], _Out], inputs: Sequence[_In]
    ) -> Iterator[_Out | Undone]:
        """Yield what came of each input, in their order, a bounded number of them ahead.

        May end early, if nothing more can be done there.
        """


class LocalProcesses:
    """So many processes of this machine."""

    def __init__(self, count: int) -> None:
        self.count = count

    def carry_out(
        self, work: Callable[[_In], _Out], inputs: Sequence[_In]
    ) -> Iterator[_Out | Undone]:
        """Do it in the processes, until they cannot be had or die."""
        try:
            yield from in_processes(work, inputs, self.count)
        except NO_PROCESSES:
            return


def carried_out(
    work: Callable[[_In], _Out], inputs: Sequence[_In], executor: Executor | None
) -> Iterator[_Out]:
    """Yield the result for each input, in their order; what is left over is done here."""
    done = 0
    if executor is not None:
        for found in executor.carry_out(work, inputs):
            yield work(inputs[done]) if isinstance(found, Undone) else found
            done += 1
    for each in inputs[done:]:
        yield work(each)
