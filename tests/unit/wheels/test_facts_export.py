"""The facts cache as one file, and files that are none or lie."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import pytest

from builders.facts import macho, piece
from builders.made_facts import facts_of
from pip_archguard.errors import UnreadableInputError, UnwritableFileError
from pip_archguard.model.arch import Arch
from pip_archguard.wheels import FactsCache, facts_export
from pip_archguard.wheels.facts_cache import entry_path
from pip_archguard.wheels.facts_entry import MOST_TEXT, PARSER_VERSION, text_of
from pip_archguard.wheels.facts_export import Imported, export_facts, import_facts

NAME = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
FACTS = facts_of(NAME, macho("demo/_c.so", piece(Arch.ARM64)))
PURE = facts_of("pure-1-py3-none-any.whl")
HASHES = ["5e" * 32, "0a" * 32, "ff" * 32]
HEAD = b'{"pip-archguard-facts":1,"parser":%d}\n' % PARSER_VERSION


def filled(folder: Path, hashes: list[str] = HASHES) -> Path:
    for sha256 in hashes:
        FactsCache(folder).put(sha256, PURE if sha256.startswith("0a") else FACTS)
    return folder


def written(folder: Path, *lines: bytes, head: bytes = HEAD) -> Path:
    path = folder / "facts.gz"
    path.write_bytes(gzip.compress(head + b"".join(line + b"\n" for line in lines)))
    return path


def line(sha256: str) -> bytes:
    return text_of(sha256, FACTS.binaries)


def test_what_was_exported_is_known_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "facts.gz"
    count = export_facts(filled(tmp_path / "one"), path)
    first = import_facts(path, tmp_path / "two")
    second = import_facts(path, tmp_path / "two")

    assert count == 3
    assert first == Imported(taken=3, known=0, dropped=0)
    assert second == Imported(taken=0, known=3, dropped=0)
    assert FactsCache(tmp_path / "two").get(HASHES[0], NAME) == FACTS
    assert FactsCache(tmp_path / "two").get(HASHES[1], PURE.filename) is not None


def test_the_same_facts_give_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_facts(filled(tmp_path / "one"), tmp_path / "a.gz")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    export_facts(filled(tmp_path / "two", HASHES[::-1]), tmp_path / "b.gz")

    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_damaged_entry_and_one_of_another_version_are_not_exported(tmp_path: Path) -> None:
    folder = filled(tmp_path / "one")
    damaged = entry_path(folder, HASHES[0])
    damaged.write_bytes(b"x")
    other = entry_path(folder, HASHES[1])
    other.rename(other.with_name(f"{HASHES[1]}-{PARSER_VERSION + 1}.facts"))

    assert export_facts(folder, tmp_path / "facts.gz") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_or_a_link_in_the_place_of_an_entry_is_passed_over(tmp_path: Path) -> None:
    folder = filled(tmp_path / "one")
    pipe, link = entry_path(folder, HASHES[0]), entry_path(folder, HASHES[1])
    pipe.unlink()
    os.mkfifo(pipe)
    link.unlink()
    link.symlink_to("/dev/zero")

    assert export_facts(folder, tmp_path / "facts.gz") == 1
    assert import_facts(tmp_path / "facts.gz", folder).known == 1


def test_an_empty_cache_is_exported_as_such(tmp_path: Path) -> None:
    path = tmp_path / "facts.gz"

    assert export_facts(tmp_path / "none", path) == 0
    assert import_facts(path, tmp_path / "two") == Imported(taken=0, known=0, dropped=0)


def test_an_earlier_export_is_replaced_and_a_link_to_it_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "facts.gz", tmp_path / "link.gz"
    export_facts(tmp_path / "none", path)
    link.symlink_to(path)

    export_facts(filled(tmp_path / "one"), link)

    assert link.is_symlink()
    assert import_facts(path, tmp_path / "two").taken == 3
    assert sorted(p.name for p in tmp_path.iterdir()) == ["facts.gz", "link.gz", "one", "two"]


@pytest.mark.parametrize(
    "content",
    [b"mine", gzip.compress(b"mine"), gzip.compress(HEAD)[:15], b"\x1f\x8b"],
    ids=["text", "another archive", "cut short", "a magic alone"],
)
def test_a_file_of_the_users_is_never_overwritten(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "facts.gz"
    path.write_bytes(content)

    with pytest.raises(UnwritableFileError, match=r"facts\.gz.*no earlier export"):
        export_facts(filled(tmp_path / "one"), path)

    assert path.read_bytes() == content


def test_an_empty_file_is_written(tmp_path: Path) -> None:
    path = tmp_path / "facts.gz"
    path.touch()

    assert export_facts(filled(tmp_path / "one"), path) == 3


def test_what_cannot_be_written_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    for path, why in (
        (tmp_path, "no file"),
        (tmp_path / "none" / "facts.gz", "there is no folder"),
        (tmp_path / "loop", "cannot be written"),
        (tmp_path / ("x" * 300), "cannot be written"),
    ):
        with pytest.raises(UnwritableFileError, match=why):
            export_facts(tmp_path / "one", path)


def test_each_entry_is_checked_and_what_does_not_hold_up_is_dropped(tmp_path: Path) -> None:
    longest = b'"' + b"x" * (MOST_TEXT + 5) + b'"'
    path = written(
        tmp_path,
        *(b"", b"no JSON", b'{"verdict":"ok"}', longest),
        line("../" * 20 + "abcd"),
        line(HASHES[0]).replace(b'"parser":%d' % PARSER_VERSION, b'"parser":1'),
        line(HASHES[1]).replace(b"arm64", b"z80"),
        line(HASHES[2]),
    )

    assert import_facts(path, tmp_path / "two") == Imported(taken=1, known=0, dropped=7)
    assert FactsCache(tmp_path / "two").get(HASHES[2], NAME) == FACTS


def test_what_is_known_here_stands_and_what_is_damaged_here_is_replaced(tmp_path: Path) -> None:
    folder = filled(tmp_path / "one")
    entry_path(folder, HASHES[0]).write_bytes(b"x")
    path = written(tmp_path, line(HASHES[0]), line(HASHES[1]))

    assert import_facts(path, folder) == Imported(taken=1, known=1, dropped=0)
    pure = FactsCache(folder).get(HASHES[1], NAME)
    assert pure is not None
    assert pure.binaries == ()


def test_what_is_no_whole_export_is_told_before_anything_is_taken(tmp_path: Path) -> None:
    whole = written(tmp_path, *(line(sha256) for sha256 in HASHES)).read_bytes()
    path = tmp_path / "facts.gz"

    for content in (
        *(b"", b"mine", whole[:-1], whole[:40], whole[:-8] + b"\0" * 8),
        gzip.compress(b"mine\n"),
        gzip.compress(HEAD.replace(b"}", b"")),
        gzip.compress(b'{"pip-archguard-facts":1,"parser":}\n'),
    ):
        path.write_bytes(content)
        with pytest.raises(UnreadableInputError, match=r"facts\.gz` is no whole file"):
            import_facts(path, tmp_path / "two")

    assert not (tmp_path / "two").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_what_is_no_file_is_told_by_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for name, why in (("pipe", "is no file"), (".", "is no file"), ("none", "there is no file")):
        with pytest.raises(UnreadableInputError, match=why):
            import_facts(tmp_path / name, tmp_path / "two")


def test_what_inflates_without_end_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_export, "MOST_INFLATED", 3 << 20)
    lines = written(tmp_path, *[b" " * (1 << 20)] * 4)

    with pytest.raises(UnreadableInputError, match="more than 3 MiB"):
        import_facts(lines, tmp_path / "two")

    endless = written(tmp_path, b" " * (7 << 20))
    with pytest.raises(UnreadableInputError, match="more than 3 MiB"):
        import_facts(endless, tmp_path / "two")


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "two").touch()

    with pytest.raises(UnwritableFileError, match="two"):
        import_facts(written(tmp_path, line(HASHES[0])), tmp_path / "two")
