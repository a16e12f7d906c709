"""Reading a wheel for a report: what is found in it, or why it is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builders.facts import mac
from builders.macho_bytes import thin
from builders.memory_ranges import remote
from builders.wheels import make_wheel
from pip_archguard.errors import NoRangesError, UnreadableInputError
from pip_archguard.model.arch import Arch
from pip_archguard.model.verdict import Verdict
from pip_archguard.wheels import FactsCache, Reading, WheelFile, read_file, sha256_of
from pip_archguard.wheels.remote import Held
from pip_archguard.wheels.remote.held import MOST_BYTES
from pip_archguard.wheels.sdist import read_source_tree

TAG = "cp312-cp312-macosx_11_0_universal2"
MODULE = "demo/_c.cpython-312-darwin.so"
MADE = make_wheel("demo", "1.0", TAG, {MODULE: thin(Arch.X86_64)})


def wheel_file(path: Path) -> WheelFile:
    return WheelFile(path=path, filename=MADE.filename, asked=str(path), targets=(mac(),))


def test_a_wheel_is_read_and_judged_and_kept(tmp_path: Path) -> None:
    path = tmp_path / MADE.filename
    path.write_bytes(MADE.content)
    known = FactsCache(tmp_path / "facts")

    first = read_file(wheel_file(path), known)
    again = read_file(wheel_file(path), known)

    assert isinstance(first, Reading)
    assert isinstance(again, Reading)
    assert first.judgement.verdict is again.judgement.verdict is Verdict.BROKEN
    assert first.sha256 == sha256_of(path) == MADE.sha256
    assert known.get(first.sha256, MADE.filename) is not None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "it cannot be opened"),
        (b"x", "it cannot be opened"),
        (b"PK\5\6" + bytes(18), "WHEEL"),
    ],
    ids=["absent", "no archive", "no wheel"],
)
def test_what_is_no_wheel_says_why(content: bytes | None, why: str, tmp_path: Path) -> None:
    path = tmp_path / MADE.filename
    if content is not None:
        path.write_bytes(content)

    found = read_file(wheel_file(path))

    assert isinstance(found, str)
    assert why in found


def test_a_wheel_on_a_server_is_read_before(tmp_path: Path) -> None:
    wheel, _ = remote(tmp_path, MADE.filename, MADE.content)
    file = WheelFile(path=wheel, filename=MADE.filename, asked="x", targets=(mac(),))

    assert read_file(file) == "it was not fetched"


def test_a_server_cannot_say_that_a_file_has_no_end(tmp_path: Path) -> None:
    with pytest.raises(NoRangesError, match="bytes long"):
        Held(tmp_path / "held").begin(MOST_BYTES + 1)


def test_a_part_of_another_file_is_not_put_into_this_one(tmp_path: Path) -> None:
    held = Held(tmp_path / "held")
    before = held.begin(4)
    held.begin(4)

    held.put(before, 0, b"abcd")

    assert not held.complete
    held.close()


def test_a_project_that_may_not_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(Path, "open", fails)

    with pytest.raises(UnreadableInputError, match="Permission denied"):
        read_source_tree(tmp_path)


@pytest.mark.parametrize("what", ["pipe", "folder", "link to itself", "device"])
def test_what_is_no_file_is_not_opened(what: str, tmp_path: Path) -> None:
    path = tmp_path / MADE.filename
    match what:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "link to itself":
            path.symlink_to(path)
        case _:
            path.symlink_to("/dev/zero")

    assert read_file(wheel_file(path)) == "it cannot be opened (it is no file)"


def test_no_sum_is_made_of_what_is_no_archive_for_it_may_be_long(tmp_path: Path) -> None:
    path = tmp_path / MADE.filename
    with path.open("wb") as stream:
        stream.write(b"PK\3\4")
        stream.truncate(1 << 40)

    assert "it cannot be opened" in str(read_file(wheel_file(path), FactsCache(tmp_path / "facts")))
