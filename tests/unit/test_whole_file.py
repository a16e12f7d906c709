"""Files are written as a whole, or not at all."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pip_archguard import whole_file
from pip_archguard.whole_file import create_file, give_name, is_stream, replace_file, write_file

NAMED = {"write_file": write_file, "replace_file": replace_file}
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes and pipes")
Write = Callable[[Path, bytes], None]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("write", NAMED.values(), ids=NAMED)
def test_a_file_is_replaced_and_nothing_else_is_left(write: Write, tmp_path: Path) -> None:
    write(tmp_path / "a", b"one")
    write(tmp_path / "a", b"two")

    assert tmp_path.joinpath("a").read_bytes() == b"two"
    assert names(tmp_path) == ["a"]


@POSIX
def test_the_umask_decides_on_a_new_file_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o620)
    before = os.umask(0o027)
    try:
        write_file(new, b"")
        write_file(old, b"x")
    finally:
        os.umask(before)

    assert (mode_of(new), mode_of(old)) == (0o640, 0o620)


@pytest.mark.parametrize("write", NAMED.values(), ids=NAMED)
def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    real = os.fdopen

    def full(handle: int, mode: str) -> object:
        real(handle, mode).close()
        return real(os.open("/dev/full", os.O_WRONLY), mode)

    if not Path("/dev/full").exists():
        pytest.skip("there is no disk that is full")
    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OSError, match="No space"):
        write(path, b"new" * 100_000)

    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@POSIX
def test_who_is_killed_while_writing_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    code = f"""
import os, signal
from pathlib import Path
from pip_archguard import whole_file
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
Path.replace = die
whole_file.write_file(Path({str(path)!r}), b"new")
"""

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"


@POSIX
def test_a_link_is_followed_where_the_user_named_it_and_else_replaced(tmp_path: Path) -> None:
    file, link = tmp_path / "folder" / "file", tmp_path / "link"
    file.parent.mkdir()
    link.symlink_to(Path("folder") / "file")

    write_file(link, b"one")
    followed = link.is_symlink()
    replace_file(link, b"two")

    assert followed
    assert not link.is_symlink()
    assert (file.read_bytes(), link.read_bytes()) == (b"one", b"two")


@POSIX
def test_a_link_to_itself_is_an_error(tmp_path: Path) -> None:
    tmp_path.joinpath("loop").symlink_to("loop")

    with pytest.raises(OSError, match="loop"):
        write_file(tmp_path / "loop", b"x")

    assert tmp_path.joinpath("loop").is_symlink()


@POSIX
def test_a_pipe_that_the_user_named_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()

    write_file(pipe, b"x" * 100_000)
    reader.join()

    assert read == [b"x" * 100_000]
    assert is_stream(pipe)
    assert names(tmp_path) == ["pipe"]


@POSIX
def test_a_pipe_in_the_place_of_a_file_of_ours_is_replaced_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    replace_file(tmp_path / "pipe", b"x")

    assert tmp_path.joinpath("pipe").read_bytes() == b"x"


@POSIX
@pytest.mark.parametrize("to_file", [True, False], ids=["a file", "a pipe"])
def test_standard_output_may_be_named(tmp_path: Path, *, to_file: bool) -> None:
    out = tmp_path / "out"
    code = (
        "import os; from pathlib import Path; from pip_archguard.whole_file import write_file; "
        "os.write(1, b'before '); write_file(Path('/dev/stdout'), 'after \\udc80')"
    )
    with out.open("wb") as stream:
        where = stream if to_file else subprocess.PIPE
        done = subprocess.run([sys.executable, "-c", code], stdout=where, check=True)

    assert (out.read_bytes() if to_file else done.stdout) == b"before after \\udc80"


def test_a_new_file_takes_no_name_that_is_taken(tmp_path: Path) -> None:
    create_file(tmp_path / "a", b"one")

    with pytest.raises(FileExistsError):
        create_file(tmp_path / "a", b"two")

    assert tmp_path.joinpath("a").read_bytes() == b"one"
    assert names(tmp_path) == ["a"]


def test_without_links_a_name_that_is_taken_is_still_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    create_file(tmp_path / "a", b"one")
    tmp_path.joinpath("b").write_bytes(b"two")

    with pytest.raises(FileExistsError):
        give_name(tmp_path / "b", tmp_path / "a")

    assert (tmp_path / "a").read_bytes() == b"one"
    assert names(tmp_path) == ["a", "b"]


def test_the_longest_name_of_a_file_can_be_written(tmp_path: Path) -> None:
    name = "x" * 255

    write_file(tmp_path / name, b"")

    assert names(tmp_path) == [name]


@pytest.mark.parametrize("write", [*NAMED.values(), create_file], ids=[*NAMED, "create_file"])
def test_no_folder_is_made(write: Write, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "a" / "b", b"x")

    assert names(tmp_path) == []


def test_there_is_no_other_writer() -> None:
    """Each exception writes what nobody reads before it is done, or adds to what is there."""
    exceptions = {
        "cli/output.py": "the summary of a job is added to",
        "pipbridge/internals/fetching.py": "a wheel in a temporary folder",
        "wheels/remote/held.py": "what is held of a wheel, in a temporary folder",
        "fusing/writing.py": "beside its place, until it has been judged",
        "whole_file.py": "this is it",
    }
    root = Path(whole_file.__file__).parent
    writes = ("write_text(", "write_bytes(", '.open("w', '.open("x', '.open("a', ".touch(")
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in (*writes, "O_CREAT"))
    }

    assert found <= set(exceptions)
