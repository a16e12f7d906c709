"""Writing files: whoever reads one, at any time, finds all of it, or what was there before.

What is written lies beside its place until it is whole (`os.replace` and `os.link` are atomic
within a file system). A process that is killed meanwhile leaves a `NAME.….tmp`; a full disk
leaves nothing.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LONGEST = 200
"""Bytes of a name that goes on in the name of a temporary file; no name has more than 255."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_END = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
_ANYBODYS = 0o666  # less what the umask takes away
_OPEN_FILES = ("/dev/fd/", "/proc/self/fd/")
_STREAMS = ("/dev/stdout", "/dev/stderr")


def write_file(path: Path, content: bytes | str) -> None:
    """Write a file that the user named; raises OSError, and leaves all as it was then.

    A link is followed, for what would be replaced else is the link itself. A pipe or a device
    is no file: it is written to.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    if is_stream(path):
        with os.fdopen(os.open(path, _END), "wb") as stream:
            stream.write(data)
        return
    with suppress(FileNotFoundError):
        path.stat()  # raises for a link to itself
    replace_file(path.resolve(), data)


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in the place of whatever has this name; raises OSError, as `write_file` does.

    Its mode stays, or is what the umask gives to a new one.
    """
    with _beside(path, content) as temporary:
        temporary.replace(path)


def create_file(path: Path, content: bytes) -> None:
    """Write a new file as a whole; raises FileExistsError where there is one, or OSError."""
    with _beside(path, content) as temporary:
        give_name(temporary, path)


def give_name(written: Path, final: Path) -> None:
    """Give a file that is whole a name which nothing has; else raises FileExistsError.

    It may have its old name, too, after that.
    """
    try:
        os.link(written, final)  # fails if the name is taken, which a rename does not
    except FileExistsError:
        raise
    except OSError:  # no file system for links
        if os.path.lexists(final):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(final)) from None
        written.rename(final)


def is_stream(path: Path) -> bool:
    """Whether a path leads to a pipe, a terminal or the like, or to an open file."""
    named = str(path)
    if named in _STREAMS or named.startswith(_OPEN_FILES):
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


@contextmanager
def _beside(place: Path, data: bytes) -> Iterator[Path]:
    """Write a temporary file in the same folder, which is gone in the end."""
    name = place.name if len(os.fsencode(place.name)) < _LONGEST else "file"
    temporary = place.with_name(f"{name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    mode = _mode_of(place)
    try:
        handle = os.open(temporary, _NEW, _ANYBODYS if mode is None else mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        if mode is not None:
            temporary.chmod(mode)  # the umask may have taken from it
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _mode_of(place: Path) -> int | None:
    try:
        mode = place.lstat().st_mode
    except OSError:
        return None
    return stat.S_IMODE(mode) & 0o777 if stat.S_ISREG(mode) else None
