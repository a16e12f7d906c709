"""Work in processes of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from pip_archguard.pipbridge.alone import alone, each_alone
from pip_archguard.pipbridge.processes import importable

SECONDS = 20


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


def fail(number: int) -> int:
    """Raise an error that nobody expects."""
    raise ValueError(number)


def chatter(word: str) -> str:
    """Print the word, too."""
    print(word, flush=True)  # noqa: T201 - that is what it is for
    return word


def ask_alone(found: Any) -> None:
    """Hand on the answer of a process of its own."""
    found.put(alone(answer, 5))


def ask_alone_slowly(folder: Path) -> None:
    """Wait for a process of its own that takes its time."""
    alone(stay, folder)


def stay(folder: Path) -> None:
    """Tell which process this is, and stay."""
    folder.joinpath(str(os.getpid())).touch()
    time.sleep(SECONDS * 2)


def alive(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(truth: Callable[[], object]) -> None:
    """Wait until it holds."""
    end = time.monotonic() + SECONDS
    while not truth():
        assert time.monotonic() < end
        time.sleep(0.02)


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


def test_one_piece_has_a_process_of_its_own_even_below_a_daemon() -> None:
    found = get_context("spawn").SimpleQueue()
    daemon = get_context("spawn").Process(target=ask_alone, args=(found,), daemon=True)
    with importable():
        daemon.start()
    number, process = found.get()
    daemon.join()

    assert number == 5
    assert process not in {daemon.pid, os.getpid()}


def test_one_piece_whose_process_dies_or_fails_is_an_error() -> None:
    with pytest.raises(OSError, match="ended before"):
        alone(answer, -1)
    with pytest.raises(OSError, match="ended before"):
        alone(fail, 1)


def test_what_is_printed_beside_an_answer_does_no_harm() -> None:
    assert alone(chatter, "word") == "word"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills by signal")
def test_one_piece_ends_with_the_process_that_asked(tmp_path: Path) -> None:
    asker = get_context("spawn").Process(target=ask_alone_slowly, args=(tmp_path,))
    with importable():
        asker.start()
    wait_for(lambda: list(tmp_path.iterdir()))
    asker.kill()
    asker.join()
    (begun,) = tmp_path.iterdir()

    wait_for(lambda: not alive(int(begun.name)))
