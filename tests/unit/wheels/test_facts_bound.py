"""The bound of the facts cache: what goes first, what was abandoned, and a purge."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builders.facts import macho, piece
from builders.made_facts import facts_of
from pip_archguard.model.arch import Arch
from pip_archguard.wheels import FactsCache, facts_cache, facts_upkeep
from pip_archguard.wheels.facts_cache import entry_path
from pip_archguard.wheels.facts_entry import PARSER_VERSION
from pip_archguard.wheels.facts_upkeep import entries_of, purge, sweep

SHA = "5e" * 32
NAME = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
FACTS = facts_of(NAME, macho("demo/_c.so", piece(Arch.ARM64)))


def filled(folder: Path, sha256: str = SHA) -> Path:
    FactsCache(folder).put(sha256, FACTS)
    return entry_path(folder, sha256)


def test_what_was_used_least_lately_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [filled(tmp_path, f"5e{number:062x}") for number in range(12)]
    monkeypatch.setattr(facts_upkeep, "_SHARE", 10 * facts_upkeep.LEAST_COUNTED)
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
    monkeypatch.setattr(facts_upkeep, "_SHARE", 10 * facts_upkeep.LEAST_COUNTED)
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
