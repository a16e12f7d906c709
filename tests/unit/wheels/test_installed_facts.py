"""The facts of installed files: kept whole, bounded, and taken for hostile when read."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from builders.facts import macho, piece
from pip_archguard.model.arch import Arch
from pip_archguard.wheels import InstalledFacts, installed_facts
from pip_archguard.wheels.installed_facts import (
    FOLDER,
    SUFFIX,
    environments_of,
    purge_installed,
)

STATE, OTHER = "5e" * 32, "6f" * 32
FACTS = (macho("demo/_c.so", piece(Arch.ARM64)),)
ROOT = "/v/lib/python3.12/site-packages"


def kept(folder: Path, *states: str, root: str = ROOT) -> Path:
    known = InstalledFacts(folder, root)
    for state in states:
        known.put(state, FACTS)
    known.save()
    ((path, _),) = environments_of(folder)
    return path


def test_what_was_put_is_there_again(tmp_path: Path) -> None:
    kept(tmp_path, STATE)

    known = InstalledFacts(tmp_path, ROOT)

    assert known.get(STATE) == FACTS
    assert known.get(OTHER) is None
    assert InstalledFacts(tmp_path, "/elsewhere").get(STATE) is None


def test_what_is_not_there_any_more_goes_with_the_next_that_is_new(tmp_path: Path) -> None:
    kept(tmp_path, STATE, OTHER)
    known = InstalledFacts(tmp_path, ROOT)
    known.get(OTHER)
    known.put("7a" * 32, FACTS)
    known.save()

    again = InstalledFacts(tmp_path, ROOT)

    assert again.get(STATE) is None
    assert again.get(OTHER) == FACTS


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path) -> None:
    path = kept(tmp_path, STATE)
    before = path.stat()
    known = InstalledFacts(tmp_path, ROOT)
    known.get(STATE)
    known.save()

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda content: content[:-1],
    "empty": lambda _: b"",
    "of another kind": lambda content: b"x" + content,
    "turned": lambda content: content[:-20] + bytes([content[-20] ^ 1]) + content[-19:],
    "of another package": lambda content: content.replace(STATE.encode(), OTHER.encode()),
    "no hash": lambda content: content.replace(STATE.encode(), b"\xff" * 64),
    "endless": lambda content: content + bytes(installed_facts.MOST_FILE),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_as_good_as_none(damage: str, tmp_path: Path) -> None:
    path = kept(tmp_path, STATE)
    path.write_bytes(DAMAGE[damage](path.read_bytes()))

    known = InstalledFacts(tmp_path, ROOT)

    assert known.get(STATE) is None
    assert known.get(OTHER) is None
    known.put(STATE, FACTS)
    known.save()
    assert InstalledFacts(tmp_path, ROOT).get(STATE) == FACTS


def test_a_damaged_entry_leaves_those_before_it(tmp_path: Path) -> None:
    path = kept(tmp_path, STATE, OTHER)
    path.write_bytes(path.read_bytes()[:-3])

    assert InstalledFacts(tmp_path, ROOT).get(STATE) == FACTS


def test_neither_a_link_nor_a_pipe_in_its_place_is_read(tmp_path: Path) -> None:
    path = kept(tmp_path, STATE)
    path.rename(tmp_path / "aside")
    path.symlink_to(tmp_path / "aside")

    assert InstalledFacts(tmp_path, ROOT).get(STATE) is None


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file")
    known = InstalledFacts(tmp_path, ROOT)
    known.put(STATE, FACTS)

    known.save()

    assert known.get(OTHER) is None


def test_what_is_beyond_the_bound_of_one_file_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed_facts, "MOST_FILE", 100)
    known = InstalledFacts(tmp_path, ROOT)
    known.put(STATE, FACTS)
    known.save()

    assert environments_of(tmp_path) == []


def test_the_environments_used_least_lately_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tmp_path, STATE)
    os.utime(path, (1_000_000, 1_000_000))
    monkeypatch.setattr(installed_facts, "MOST_BYTES", path.stat().st_size)

    kept(tmp_path, STATE, root="/another")

    assert InstalledFacts(tmp_path, "/another").get(STATE) == FACTS
    assert InstalledFacts(tmp_path, ROOT).get(STATE) is None


def test_a_use_is_noted_once_a_day(tmp_path: Path) -> None:
    path = kept(tmp_path, STATE)
    os.utime(path, (1_000_000, 1_000_000))

    InstalledFacts(tmp_path, ROOT)

    assert time.time() - path.stat().st_mtime < 60


def test_what_was_left_half_written_goes_after_an_hour(tmp_path: Path) -> None:
    path = kept(tmp_path, STATE)
    left = path.with_name(f"{path.name}.7.aa.tmp")
    left.touch()
    os.utime(left, (1_000_000, 1_000_000))

    InstalledFacts(tmp_path, ROOT).get(STATE)
    kept_again = InstalledFacts(tmp_path, "/another")
    kept_again.put(STATE, FACTS)
    kept_again.save()

    assert not left.exists()
    assert path.exists()


def test_purging_takes_all_of_them_and_nothing_else(tmp_path: Path) -> None:
    path = kept(tmp_path, STATE)
    stranger = path.with_name("notes.txt")
    stranger.touch()

    assert purge_installed(tmp_path)[0] == 1
    assert stranger.exists()
    assert not path.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_writers_killed_at_any_moment_leave_all_or_nothing(tmp_path: Path) -> None:
    for number in range(40):
        writer = os.fork()
        if writer == 0:
            try:
                while True:
                    known = InstalledFacts(tmp_path, ROOT)
                    known.put(STATE, FACTS)
                    known.save()
            finally:
                os._exit(1)
        time.sleep(0.0005 * number)
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        whole = [path for path, _ in environments_of(tmp_path) if path.suffix == SUFFIX]
        assert InstalledFacts(tmp_path, ROOT).get(STATE) == (FACTS if whole else None)
