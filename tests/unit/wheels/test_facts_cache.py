"""The facts cache on disk: what it keeps, what it drops, and who may die while it writes."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builders.facts import macho, piece
from builders.made_facts import facts_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.wheel import Problem
from pip_archguard.wheels import FactsCache, facts_cache, facts_upkeep
from pip_archguard.wheels.facts_cache import entry_path
from pip_archguard.wheels.facts_entry import MOST_STORED, PARSER_VERSION
from pip_archguard.wheels.facts_upkeep import entries_of, purge, sweep

SHA = "5e" * 32
NAME = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
FACTS = facts_of(NAME, macho("demo/_c.so", piece(Arch.ARM64)))
ROOT = os.name != "nt" and os.geteuid() == 0
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
# pytest-xdist has threads, which Python 3.12 warns of.
forks = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


def filled(folder: Path, sha256: str = SHA) -> Path:
    FactsCache(folder).put(sha256, FACTS)
    return entry_path(folder, sha256)


def test_facts_are_known_by_the_hash_of_the_wheel(tmp_path: Path) -> None:
    filled(tmp_path / "facts")

    assert FactsCache(tmp_path / "facts").get(SHA, NAME) == FACTS
    assert FactsCache(tmp_path / "facts").get("0" * 64, NAME) is None


def test_claims_are_those_of_the_name_that_is_asked_with(tmp_path: Path) -> None:
    filled(tmp_path)

    facts = FactsCache(tmp_path).get(SHA, "other-2.0-py3-none-any.whl")

    assert facts is not None
    assert (facts.project, facts.release, facts.platforms) == ("other", "2.0", frozenset({"any"}))
    assert NAME.encode() not in entry_path(tmp_path, SHA).read_bytes()


def test_facts_with_problems_are_not_kept_and_optional_modules_are_left_out(
    tmp_path: Path,
) -> None:
    cache = FactsCache(tmp_path)
    cache.put(SHA, replace(FACTS, problems=(Problem(path="x", reason="the disk"),)))
    before = cache.get(SHA, NAME)
    cache.put(SHA, replace(FACTS, optional_modules=frozenset({"demo/_c"})))

    assert before is None
    assert cache.get(SHA, NAME) == FACTS


@pytest.mark.parametrize("sha256", ["", "../" * 21 + "x", "5E" * 32, "5e" * 31, "5e" * 32 + "\n"])
def test_what_is_no_hash_is_neither_looked_for_nor_kept(sha256: str, tmp_path: Path) -> None:
    cache = FactsCache(tmp_path / "facts")
    cache.put(sha256, FACTS)

    assert cache.get(sha256, NAME) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_wheel_by_name_is_not_known(tmp_path: Path) -> None:
    filled(tmp_path)

    assert FactsCache(tmp_path).get(SHA, "demo.zip") is None


@pytest.mark.parametrize("content", [b"", b"x", b"x" * (MOST_STORED + 1)])
def test_a_damaged_entry_is_dropped_and_kept_anew(content: bytes, tmp_path: Path) -> None:
    path = filled(tmp_path)
    path.write_bytes(content)

    assert FactsCache(tmp_path).get(SHA, NAME) is None
    assert not path.exists()
    filled(tmp_path)
    assert FactsCache(tmp_path).get(SHA, NAME) == FACTS


def test_an_entry_of_another_wheel_is_dropped(tmp_path: Path) -> None:
    other = entry_path(tmp_path, "0" * 64)
    other.parent.mkdir()
    filled(tmp_path).rename(other)

    assert FactsCache(tmp_path).get("0" * 64, NAME) is None
    assert not other.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither")
def test_links_and_pipes_in_the_place_of_an_entry_are_not_read(tmp_path: Path) -> None:
    path = filled(tmp_path / "facts")
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    linked = FactsCache(tmp_path / "facts").get(SHA, NAME)
    path.unlink()
    os.mkfifo(path)

    assert linked is None
    assert FactsCache(tmp_path / "facts").get(SHA, NAME) is None


@pytest.mark.skipif(ROOT, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    filled(tmp_path / "facts")

    assert FactsCache(tmp_path / "facts").get(SHA, NAME) is None
    tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_done_without(tmp_path: Path) -> None:
    place = tmp_path / "facts"
    place.write_text("mine", encoding="utf-8")

    filled(place)

    assert FactsCache(place).get(SHA, NAME) is None
    assert place.read_text(encoding="utf-8") == "mine"


def test_a_full_disk_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def full(path: Path, _: bytes) -> None:
        tries.append(path)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(facts_cache, "write_whole", full)
    cache = FactsCache(tmp_path)
    cache.put(SHA, FACTS)
    cache.put("0" * 64, FACTS)

    assert len(tries) == 1


def test_nothing_half_written_is_left_when_writing_fails(tmp_path: Path) -> None:
    path = entry_path(tmp_path, SHA)
    path.mkdir(parents=True)
    (path / "in the way").touch()

    filled(tmp_path)

    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_use_is_noted_once_a_day(tmp_path: Path) -> None:
    path = filled(tmp_path)
    times = []
    for hours in (23, 25):
        os.utime(path, (time.time() - hours * 3600,) * 2)
        FactsCache(tmp_path).get(SHA, NAME)
        times.append(round((time.time() - path.stat().st_mtime) / 3600))

    assert times == [23, 0]


def test_what_was_used_least_lately_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_upkeep, "_SHARE", 10 * facts_cache.LEAST_COUNTED)
    paths = [filled(tmp_path, f"5e{number:062x}") for number in range(12)]
    for age, path in enumerate(paths):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    FactsCache(tmp_path).get(f"5e{11:062x}", NAME)

    sweep(tmp_path / "5e")

    assert [number for number, path in enumerate(paths) if path.exists()] == [*range(8), 11]


def test_a_cache_within_its_bound_keeps_all_also_of_another_version(tmp_path: Path) -> None:
    path = filled(tmp_path)
    other = path.with_name(f"{SHA}-{PARSER_VERSION + 1}.facts")
    other.write_bytes(b"of a newer one")

    sweep(path.parent)

    assert path.exists()
    assert other.exists()


def test_the_bound_holds_however_much_is_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_upkeep, "_SHARE", 10 * facts_cache.LEAST_COUNTED)
    monkeypatch.setattr(facts_cache, "_SWEPT", 1)
    for number in range(30):
        filled(tmp_path, f"5e{number:062x}")

    assert len(list(entries_of(tmp_path))) <= 10


def test_what_was_abandoned_half_written_goes_and_what_is_being_written_stays(
    tmp_path: Path,
) -> None:
    path = filled(tmp_path)
    old, new = (path.with_name(f"{path.name}.{name}.tmp") for name in ("1.aa", "2.bb"))
    for each in (old, new):
        each.touch()
    os.utime(old, (1_000_000, 1_000_000))

    sweep(path.parent)

    assert (old.exists(), new.exists(), path.exists()) == (False, True, True)


def test_a_purge_takes_what_the_cache_wrote_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "pip-archguard" / "facts"
    path = filled(place)
    size = path.stat().st_size
    path.with_name(f"{path.name}.1.aa.tmp").touch()
    strange = place / "notes.txt"
    strange.touch()

    first, second = purge(place), purge(place)
    strange.unlink()
    purge(place)

    assert (first, second) == ((1, size), (0, 0))
    assert list(tmp_path.iterdir()) == []


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
