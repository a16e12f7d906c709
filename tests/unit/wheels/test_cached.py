"""Wheels that pip built itself: which of them it would take here, and which cannot load."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from packaging.tags import Tag

from builders.facts import mac
from builders.macho_bytes import thin
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target
from pip_archguard.wheels import cached
from pip_archguard.wheels.cached import look_through

HERE = "demo-1.0-cp312-cp312-macosx_11_0_universal2.whl"


@pytest.fixture(autouse=True)
def supported(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = [Tag("cp312", "cp312", "macosx_11_0_universal2"), Tag("py3", "none", "any")]
    monkeypatch.setattr(cached, "sys_tags", lambda: iter(tags))


def put(folder: Path, filename: str, arch: Arch = Arch.X86_64, where: str = "a/b") -> None:
    path = folder / where / filename
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("demo/_c.cpython-312-darwin.so", thin(arch))


def test_a_wheel_that_cannot_load_is_poisoned(tmp_path: Path) -> None:
    put(tmp_path, HERE)
    put(tmp_path, HERE.replace("demo", "sound"), Arch.ARM64)

    cache = look_through(tmp_path, mac())

    assert cache.wheels == 2
    assert [wheel.filename for wheel in cache.poisoned] == [HERE]
    assert cache.poisoned[0].pattern == HERE.removesuffix(".whl")


@pytest.mark.parametrize(
    "filename",
    [
        HERE.replace("cp312", "cp39"),
        HERE.replace("universal2", "x86_64"),
        HERE.replace("-cp312-macosx", "--macosx"),
        "odd.whl",
        HERE.replace(".whl", ".txt"),
    ],
    ids=["python", "platform", "no tag", "name", "suffix"],
)
def test_what_pip_would_not_take_here_is_no_poison(filename: str, tmp_path: Path) -> None:
    put(tmp_path, filename)

    assert look_through(tmp_path, mac()).poisoned == ()


def test_an_unreadable_wheel_is_no_poison(tmp_path: Path) -> None:
    (tmp_path / HERE).write_bytes(b"no archive")
    (tmp_path / HERE.replace("1.0", "2.0")).symlink_to(tmp_path / "nowhere")

    assert look_through(tmp_path, mac()).poisoned == ()


def test_where_nothing_is_judged_wheels_are_counted(tmp_path: Path) -> None:
    put(tmp_path, HERE)

    cache = look_through(tmp_path, Target(system=System.OTHER, arch=Arch.X86_64))

    assert (cache.wheels, cache.judged, cache.poisoned) == (1, False, ())


def test_a_missing_folder_is_an_empty_cache(tmp_path: Path) -> None:
    assert look_through(tmp_path / "nowhere", mac()).wheels == 0


def test_a_huge_cache_is_not_looked_through_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached, "_MOST_FILES", 2)
    for number in range(4):
        put(tmp_path, HERE, where=str(number))

    cache = look_through(tmp_path, mac())

    assert (cache.wheels, cache.complete) == (2, False)


def test_a_wheel_that_cannot_be_read_is_no_poison(tmp_path: Path) -> None:
    (tmp_path / HERE).symlink_to(tmp_path / "gone")

    assert look_through(tmp_path, mac()).poisoned == ()
