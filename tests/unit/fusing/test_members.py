"""The members of hostile wheels."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from builders.halves import Halves
from pip_archguard.errors import UnreadableInputError
from pip_archguard.fusing import fuse
from pip_archguard.fusing import members as bounds
from pip_archguard.fusing.members import members_of


def listed(path: Path, names: Sequence[str]) -> dict[str, zipfile.ZipInfo]:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")  # two of one name
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            archive.writestr(info, "content")
    with zipfile.ZipFile(path) as archive:
        return members_of(archive, path)


def test_folders_are_no_files(tmp_path: Path) -> None:
    assert list(listed(tmp_path / "a.whl", ["demo/", "demo/x", "..data/..y..z"])) == [
        *("demo/x", "..data/..y..z")
    ]


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/x", "a//x", "./x", "a/..", "C:/x", "a\\..\\x", "a\0b"]
)
def test_a_name_that_does_not_stay_inside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableInputError, match="does not stay inside the wheel"):
        listed(tmp_path / "a.whl", [name])


def test_a_name_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="`x` occurs twice"):
        listed(tmp_path / "a.whl", ["x", "y", "x"])


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.whl"
    listed(path, ["x"])
    with zipfile.ZipFile(path) as archive:
        archive.infolist()[0].flag_bits |= 1

        with pytest.raises(UnreadableInputError, match="`x` is encrypted"):
            members_of(archive, path)


def test_more_files_than_the_bound_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_MEMBERS", 2)

    with pytest.raises(UnreadableInputError, match="more than 2 files"):
        listed(tmp_path / "a.whl", ["x", "y", "z"])


def test_a_bomb_is_refused_before_it_is_unpacked(
    halves: Halves, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "FREELY_UNPACKED", 1 << 20)
    bomb = {"demo/zeros": bytes(8 << 20)}

    with pytest.raises(UnreadableInputError, match="would unpack to"):
        fuse(*halves.pair(bomb, bomb), out)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"other-2.dist-info/METADATA": b""}, "has 2 `.dist-info` folders"),
        ({}, "has no `.dist-info` folders"),
    ],
    ids=["two", "none"],
)
def test_a_wheel_has_one_dist_info(
    halves: Halves, out: Path, files: dict[str, bytes], words: str
) -> None:
    paths = halves.pair(files, files)
    if not files:
        for path in paths:
            listed(path, ["demo/x"])

    with pytest.raises(UnreadableInputError, match=words):
        fuse(*paths, out)


def test_a_dist_info_without_its_files_is_refused(halves: Halves, out: Path) -> None:
    paths = halves.pair()
    for path in paths:
        listed(path, ["demo-1.0.dist-info/WHEEL"])

    with pytest.raises(UnreadableInputError, match=r"has no `demo-1\.0\.dist-info/METADATA`"):
        fuse(*paths, out)
