"""What `enable` writes into a site-packages, and takes for its own."""

from __future__ import annotations

import errno
import site
import sys
import sysconfig
from pathlib import Path

import pytest

from pip_archguard.environment import disable, enable, enabling_of, is_externally_managed
from pip_archguard.errors import EnablingError
from pip_archguard.model.enabling import Enabling

NOW = (3, 10)
LATER = (3, 18)
PTH = "pip_archguard_enabled.pth"
START = "pip_archguard_enabled.start"
MODULE = "_pip_archguard_enabled.py"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("python", "files"),
    [(NOW, [PTH]), ((3, 17), [PTH]), (LATER, [MODULE, START])],
    ids=["3.10", "3.17", "3.18"],
)
def test_enabling_writes_what_this_python_reads_and_disabling_removes_it(
    python: tuple[int, int], files: list[str], tmp_path: Path
) -> None:
    (tmp_path / "other.pth").write_text("import sys\n")

    enable(tmp_path, python)
    after = names(tmp_path)
    disable(tmp_path)

    assert after == sorted([*files, "other.pth"])
    assert names(tmp_path) == ["other.pth"]


def test_what_is_written_is_ascii_on_lines_that_end_alike(tmp_path: Path) -> None:
    enable(tmp_path, NOW)

    content = (tmp_path / PTH).read_bytes()
    assert content.isascii()
    assert (content.count(b"\n"), content.count(b"\r")) == (2, 0)


def test_enabling_twice_is_as_good_as_once(tmp_path: Path) -> None:
    enable(tmp_path, NOW)
    first = (tmp_path / PTH).read_bytes()
    enable(tmp_path, NOW)

    assert (tmp_path / PTH).read_bytes() == first
    assert enabling_of(tmp_path, NOW) == (Enabling.ENABLED, tmp_path)


@pytest.mark.parametrize("then", [NOW, LATER], ids=["same Python", "newer Python"])
def test_the_file_of_another_version_is_stale_and_renewed(
    then: tuple[int, int], tmp_path: Path
) -> None:
    enable(tmp_path, NOW)
    (tmp_path / PTH).write_text((tmp_path / PTH).read_text() + "import an_older_hook\n")

    before = enabling_of(tmp_path, then)[0]
    enable(tmp_path, then)

    assert before is Enabling.STALE
    assert enabling_of(tmp_path, then)[0] is Enabling.ENABLED
    assert "an_older_hook" not in "".join(p.read_text() for p in tmp_path.iterdir())


def test_half_of_it_is_stale(tmp_path: Path) -> None:
    enable(tmp_path, LATER)
    (tmp_path / START).unlink()

    assert enabling_of(tmp_path, LATER)[0] is Enabling.STALE


@pytest.mark.parametrize(
    ("python", "name"), [(NOW, PTH), (LATER, START), (LATER, MODULE)], ids=[PTH, START, MODULE]
)
def test_a_file_of_somebody_else_is_never_touched(
    python: tuple[int, int], name: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("# mine\n")

    with pytest.raises(EnablingError, match="in the way"):
        enable(tmp_path, python)
    disable(tmp_path)

    assert names(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "# mine\n"
    assert enabling_of(tmp_path, python)[0] is Enabling.NOT_ENABLED


def test_where_nothing_can_be_written_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)

    with pytest.raises(EnablingError, match="cannot be changed") as caught:
        enable(tmp_path, NOW)

    assert caught.value.exit_code == 2
    assert names(tmp_path) == []


def test_where_nothing_can_be_removed_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlink(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    enable(tmp_path, NOW)
    monkeypatch.setattr(Path, "unlink", unlink)

    with pytest.raises(EnablingError, match="Permission denied"):
        disable(tmp_path)


def test_what_the_environment_below_has_enabled_holds_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, below = tmp_path / "ours", tmp_path / "below"
    for folder in (ours, below):
        folder.mkdir()
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(ours), str(below)])

    before = enabling_of(ours, NOW)
    enable(below, NOW)

    assert before == (Enabling.NOT_ENABLED, ours)
    assert enabling_of(ours, NOW) == (Enabling.INHERITED, below)


@pytest.mark.parametrize("virtual", [False, True], ids=["the system's", "virtual"])
def test_the_systems_own_environment_is_known_by_its_mark(
    virtual: bool,  # noqa: FBT001 - a case
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda *_: str(tmp_path))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setattr(sys, "prefix", "/venv" if virtual else "/usr")

    before = is_externally_managed()
    (tmp_path / "EXTERNALLY-MANAGED").touch()

    assert before is False
    assert is_externally_managed() is not virtual
