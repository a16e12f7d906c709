"""The facts cache under many processes, and under some that are killed."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from builders.facts import macho, piece
from builders.made_facts import facts_of
from pip_archguard.model.arch import Arch
from pip_archguard.wheels import FactsCache
from pip_archguard.wheels.facts_cache import entry_path
from pip_archguard.wheels.facts_upkeep import entries_of, purge, sweep

NAME = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
FACTS = facts_of(NAME, macho("demo/_c.so", piece(Arch.ARM64)))
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
# pytest-xdist has threads, which Python 3.12 warns of.
forks = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@needs_fork
@forks
def test_writers_killed_at_any_moment_leave_a_cache_that_every_reader_accepts(
    tmp_path: Path,
) -> None:
    """200 processes, each killed by SIGKILL while it puts one entry after another."""
    chance = random.Random(6)  # noqa: S311 - to be the same each time
    hashes = [f"5e{number:062x}" for number in range(8)]
    names = "".join(map(chr, range(0x4E00, 0x9000)))
    facts = facts_of(NAME, *(macho(f"{n}{names}", piece(Arch.ARM64)) for n in range(2)))

    for _ in range(200):
        writer = _fork(lambda: _put_for_ever(tmp_path, hashes, facts))
        time.sleep(chance.uniform(0, 0.012))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        for sha256 in hashes:
            there = entry_path(tmp_path, sha256).exists()
            found = FactsCache(tmp_path).get(sha256, NAME)
            assert found == (facts if there else None)

    left = [entry for entry in entries_of(tmp_path) if entry.half_written]
    for entry in left:
        os.utime(entry.path, (1_000_000, 1_000_000))
    sweep(tmp_path / "5e")
    assert any(entry.current for entry in entries_of(tmp_path))
    assert not any(entry.half_written for entry in entries_of(tmp_path))


@needs_fork
@forks
def test_many_processes_may_read_write_sweep_and_purge_at_once(tmp_path: Path) -> None:
    hashes = [f"5e{number:062x}" for number in range(4)]
    children = [_fork(lambda: _use_for_a_while(tmp_path, hashes)) for _ in range(6)]

    assert [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in children] == [0] * 6


def _fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)
    return child


def _put_for_ever(folder: Path, hashes: list[str], facts: object) -> None:
    cache = FactsCache(folder)
    while True:
        for sha256 in hashes:
            cache.put(sha256, facts)  # type: ignore[arg-type]


def _use_for_a_while(folder: Path, hashes: list[str]) -> None:
    cache = FactsCache(folder)
    until = time.monotonic() + 0.4
    while time.monotonic() < until:
        for sha256 in hashes:
            cache.put(sha256, FACTS)
            assert cache.get(sha256, NAME) in (None, FACTS)
        sweep(folder / "5e")
        purge(folder)
