"""Where the facts cache lies, by pip's options, and which hashes pip has checked."""

from __future__ import annotations

import optparse
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pip._internal.locations import USER_CACHE_DIR
from pip._internal.models.link import Link
from pip._internal.utils.misc import normalize_path

from pip_archguard.pipbridge.internals.facts_folder import facts_folder
from pip_archguard.pipbridge.internals.requirements import verified_sha256

SHA, OTHER = "5e" * 32, "0a" * 32
WHEEL = "demo-1.0-py3-none-any.whl"
USER_CACHE = "pip._internal.utils.appdirs.user_cache_dir"


def folder(cache_dir: object) -> Path | None:
    return facts_folder(optparse.Values({"cache_dir": cache_dir}))


@pytest.mark.parametrize("cache_dir", [None, False, ""])
def test_without_pips_cache_there_is_none(cache_dir: object) -> None:
    assert folder(cache_dir) is None


def test_a_folder_that_was_named_for_pips_cache_holds_it(tmp_path: Path) -> None:
    assert folder(str(tmp_path)) == tmp_path / "pip-archguard" / "facts"


def test_else_it_has_a_folder_of_its_own_for_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(USER_CACHE, lambda name: str(tmp_path / name))

    assert folder(normalize_path(USER_CACHE_DIR)) == tmp_path / "pip-archguard" / "facts"


def test_without_a_home_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(USER_CACHE, lambda name: f"~/.cache/{name}")

    assert folder(normalize_path(USER_CACHE_DIR)) is None


def test_a_pip_that_does_not_tell_where_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(USER_CACHE)

    assert folder(str(tmp_path)) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no owners like that")
def test_root_does_not_use_the_folder_of_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with `sudo`, where the folder is that of who called it."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("pip._internal.utils.filesystem.get_path_uid", lambda _: 1000)

    assert folder(str(tmp_path)) is None


def req(
    url: str, hash_options: dict[str, list[str]] | None = None, *, from_cache: bool = False
) -> Any:
    return SimpleNamespace(
        link=Link(url), hash_options=hash_options or {}, is_wheel_from_cache=from_cache
    )


INDEX = f"https://host.test/{WHEEL}"
SUM = f"#sha256={SHA}"


@pytest.mark.parametrize(
    ("requirement", "known"),
    [
        (req(INDEX + SUM), SHA),
        (req(INDEX + SUM, {"sha256": [SHA, SHA]}), SHA),
        (req(INDEX + SUM, {"sha256": [SHA, OTHER]}), ""),
        (req(INDEX + SUM, {"sha512": [OTHER * 2]}), ""),
        (req(INDEX), ""),
        (req(f"{INDEX}#md5={SHA[:32]}"), ""),
        (req(INDEX, {"sha256": [SHA]}), ""),
        (req(f"file:///wheels/{WHEEL}{SUM}"), ""),
        (req(INDEX + SUM, from_cache=True), ""),
    ],
    ids=[
        *("the index's", "the user's too", "one of several", "another kind beside it", "none"),
        *("MD5", "the user's alone", "a file", "pip's cache"),
    ],
)
def test_a_hash_is_known_where_pip_took_no_other_for_good(requirement: Any, known: str) -> None:
    before = {name: list(several) for name, several in requirement.hash_options.items()}

    assert verified_sha256(requirement) == known
    assert requirement.hash_options == before
