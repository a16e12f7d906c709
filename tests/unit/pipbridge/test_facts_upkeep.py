"""`facts`, short of pip's command: what is done, and what cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.made_facts import facts_of
from pip_archguard.errors import UnreadableInputError, UnwritableFileError
from pip_archguard.pipbridge import facts_upkeep
from pip_archguard.pipbridge.facts_upkeep import export_to, import_from, look_at, purge_all
from pip_archguard.wheels import FactsCache, InstalledFacts
from pip_archguard.wheels.facts_cache import entry_path
from pip_archguard.wheels.facts_entry import PARSER_VERSION

SHA = "5e" * 32


def filled(folder: Path) -> Path:
    FactsCache(folder).put(SHA, facts_of("demo-1.0-py3-none-any.whl"))
    return folder


def test_what_is_there_is_counted_by_version(tmp_path: Path) -> None:
    folder = filled(tmp_path / "facts")
    path = entry_path(folder, SHA)
    path.with_name(f"{SHA}-{PARSER_VERSION + 1}.facts").write_bytes(b"newer")
    path.with_name(f"{path.name}.7.aa.tmp").write_bytes(b"half")

    told = look_at(folder)

    assert (told.entries, told.stale, told.parser) == (1, 1, PARSER_VERSION)
    assert told.size == path.stat().st_size + len(b"newer") + len(b"half")


def test_what_was_exported_can_be_imported_after_a_purge(tmp_path: Path) -> None:
    folder = filled(tmp_path / "facts")

    exported = export_to(str(tmp_path / "f.gz"), folder)
    purged = purge_all(folder)
    imported = import_from(str(tmp_path / "f.gz"), folder)

    assert (exported.entries, purged.entries, imported.taken) == (1, 1, 1)


@pytest.mark.parametrize("name", ["", "-", "~nobody-of-this-name/f.gz"])
def test_a_name_that_is_no_files_is_told(name: str, tmp_path: Path) -> None:
    for work in (export_to, import_from):
        with pytest.raises(UnreadableInputError):
            work(name, tmp_path)


def test_a_cache_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts").touch()

    with pytest.raises(UnreadableInputError, match=r"facts.*cannot be read"):
        look_at(tmp_path / "facts")


def test_a_file_that_cannot_be_removed_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied", "/facts/5e/x")

    monkeypatch.setattr(facts_upkeep, "purge", refuse)

    with pytest.raises(UnwritableFileError, match=r"/facts/5e/x.*Permission denied"):
        purge_all(tmp_path)


def test_what_audits_keep_is_counted_and_purged(tmp_path: Path) -> None:
    folder = filled(tmp_path / "facts")
    known = InstalledFacts(folder, "/site-packages")
    known.put(SHA, ())
    known.save()

    told, purged = look_at(folder), purge_all(folder)

    assert (told.entries, told.environments) == (1, 1)
    assert told.installed_size > 0
    assert (purged.entries, purged.environments) == (1, 1)
    assert not folder.exists()
