"""The facts cache on disk: what it keeps, and what it drops."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from builders.facts import macho, piece
from builders.made_facts import facts_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.problem import Problem
from pip_archguard.wheels import FactsCache, facts_cache
from pip_archguard.wheels.facts_cache import entry_path
from pip_archguard.wheels.facts_entry import MOST_STORED

SHA = "5e" * 32
NAME = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
FACTS = facts_of(NAME, macho("demo/_c.so", piece(Arch.ARM64)))
ROOT = os.name != "nt" and os.geteuid() == 0


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
    cache.put(SHA, FACTS._replace(problems=(Problem(path="x", reason="the disk"),)))
    before = cache.get(SHA, NAME)
    cache.put(SHA, FACTS._replace(optional_modules=frozenset({"demo/_c"})))

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

    monkeypatch.setattr(facts_cache, "replace_file", full)
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
