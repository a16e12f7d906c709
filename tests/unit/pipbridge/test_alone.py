"""Work in processes of its own."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from pip_archguard.pipbridge.alone import each_alone


def answer(number: int) -> tuple[int, int]:
    """Return the number, and which process this is."""
    if number < 0:
        os._exit(3)
    return number, os.getpid()


def linger(path: Path | None) -> None:
    """Stay in a folder of its own, and leave a trace in the end; without a path, go at once."""
    if path is None:
        return
    with TemporaryDirectory(dir=path.parent):
        time.sleep(30)
        path.touch()


def test_each_piece_has_a_process_of_its_own_and_one_that_dies_is_told() -> None:
    found = dict(each_alone(answer, [1, -1, 2], 2))

    first, died, last = found[0], found[1], found[2]
    assert died is None
    assert first is not None
    assert last is not None
    assert (first[0], last[0]) == (1, 2)
    assert len({first[1], last[1], os.getpid()}) == 3


def test_those_that_still_run_are_ended_with_the_one_that_waits(tmp_path: Path) -> None:
    started = time.monotonic()
    results = each_alone(linger, [tmp_path / "trace", None], 2)

    number, _ = next(results)
    results.close()

    assert number == 1
    assert time.monotonic() - started < 25
    assert not multiprocessing.active_children()
    assert not list(tmp_path.iterdir())


def test_nothing_to_do_is_done_at_once() -> None:
    assert list(each_alone(answer, [], 2)) == []
