"""Whether files are told from what they were before, by what nobody can set."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pip_archguard.environment import Job, state, state_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="ctime is another thing there")


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test has written was written long ago."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 2 * state.RACY)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "_c.so").write_bytes(b"one")
    (tmp_path / "a.py").write_text("pass\n")
    return Job(
        root=str(tmp_path),
        name="demo 1.0",
        project="demo",
        release="1.0",
        platforms=frozenset({"any"}),
        native=("_c.so",),
        sources=("a.py",),
    )


def test_what_nobody_touched_is_in_the_same_state(job: Job) -> None:
    assert state_of(job)
    assert state_of(job) == state_of(replace(job, name="other"))


def test_the_same_size_and_the_same_time_are_not_enough(job: Job) -> None:
    path = Path(job.root, "_c.so")
    before, times = state_of(job), path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert path.stat().st_mtime_ns == times.st_mtime_ns
    assert state_of(job) != before


def test_another_file_in_its_place_is_another_state(job: Job, tmp_path: Path) -> None:
    before = state_of(job)
    shutil.copy2(tmp_path / "_c.so", tmp_path / "copy")
    (tmp_path / "copy").replace(tmp_path / "_c.so")

    assert state_of(job) != before


def test_another_path_is_another_state(job: Job, tmp_path: Path) -> None:
    (tmp_path / "_c.so").rename(tmp_path / "_d.so")

    assert state_of(replace(job, native=("_d.so",))) not in (None, state_of(job))


def test_what_was_changed_a_moment_ago_has_no_state(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()

    assert state_of(job) is None


def test_source_counts_only_where_a_file_is_named_by_an_architecture(
    job: Job, tmp_path: Path
) -> None:
    named = "lib_arm64.dylib"
    (tmp_path / named).write_bytes(b"three")
    beside = replace(job, native=(*job.native, named))
    plain, told = state_of(job), state_of(beside)
    (tmp_path / "a.py").write_text("open('lib_arm64.dylib')\n")

    assert state_of(job) == plain
    assert state_of(beside) != told


@pytest.mark.parametrize("native", [(), ("gone.so",), (".",), ("a\0b",)], ids=repr)
def test_what_cannot_be_told_has_no_state(native: tuple[str, ...], job: Job) -> None:
    assert state_of(replace(job, native=native)) is None


def test_a_system_whose_times_of_change_can_be_set_is_not_trusted(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "_KNOWN_HERE", False)

    assert state_of(job) is None
