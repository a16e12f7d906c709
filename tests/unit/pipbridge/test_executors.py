"""Work on many wheels: in order, a bounded number ahead, and done here if nowhere else."""

from __future__ import annotations

import optparse
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from pip_archguard.errors import ClusterError
from pip_archguard.pipbridge.dask_options import add_dask, named_executor
from pip_archguard.pipbridge.executors import (
    LocalProcesses,
    Undone,
    carried_out,
)
from pip_archguard.pipbridge.processes import in_window


class Elsewhere:
    """An executor that does what it is told to do."""

    def __init__(self, *answers: object) -> None:
        self.answers = answers

    def carry_out(self, work: Callable[[Any], Any], inputs: Sequence[Any]) -> Iterator[Any]:
        assert callable(work)
        yield from self.answers[: len(inputs)]


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ((), [-1, -2, -3]),
        ((10,), [10, -2, -3]),
        ((10, Undone.LEFT, 30), [10, -2, 30]),
    ],
    ids=["nothing", "some", "all but one"],
)
def test_what_is_left_over_is_done_here(answers: tuple[object, ...], found: list[int]) -> None:
    assert list(carried_out(int.__neg__, [1, 2, 3], Elsewhere(*answers))) == found


def test_without_an_executor_all_is_done_here() -> None:
    assert list(carried_out(int.__neg__, [1, 2], None)) == [-1, -2]


def test_processes_yield_in_order_and_more_than_a_window() -> None:
    assert list(carried_out(abs, range(-40, 0), LocalProcesses(2))) == list(range(40, 0, -1))


def test_no_more_than_a_window_is_under_way() -> None:
    under_way: list[int] = []
    most = 0

    def submit(number: int) -> int:
        nonlocal most
        under_way.append(number)
        most = max(most, len(under_way))
        return number

    def result(number: int) -> int:
        under_way.remove(number)
        return number * 2

    found = list(in_window(submit, result, range(20), 3))

    assert found == [number * 2 for number in range(20)]
    assert most == 3


def test_no_executor_is_named_by_default() -> None:
    parser = optparse.OptionParser()
    group = optparse.OptionGroup(parser, "Ours")
    add_dask(group, "work", "")
    parser.add_option_group(group)
    options, _ = parser.parse_args([])

    with named_executor(options.dask) as executor:
        assert executor is None


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with (
        pytest.raises(ClusterError, match="not installed") as raised,
        named_executor("tcp://127.0.0.1:1"),
    ):
        pass

    assert raised.value.exit_code == 2
    assert raised.value.hint == "`pip install 'pip-archguard[dask]'` brings it"
