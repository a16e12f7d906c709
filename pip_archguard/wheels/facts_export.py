"""The facts cache as one file: a line of JSON for each wheel, compressed by gzip.

The same facts give the same bytes. A file that comes in is taken for hostile: each line is
checked as an entry of the cache is, and what comes out of the compression is bounded.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pip_archguard.errors import UnreadableInputError, UnwritableFileError
from pip_archguard.wheels.facts_cache import FactsCache, entry_path, read_entry
from pip_archguard.wheels.facts_entry import (
    MOST_TEXT,
    PARSER_VERSION,
    entry_of,
    packed,
    text_of,
    unpacked,
)
from pip_archguard.wheels.facts_upkeep import entries_of
from pip_archguard.whole_file import is_stream, write_file

MOST_INFLATED = 1024 * 1024 * 1024
"""Bytes of a whole file inflated; facts of a wheel take 0.5 KB in the median, 192 KB at most."""

_BEGINNING = b'{"pip-archguard-facts":1,"parser":'
_FIRST_LINE = 100
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many entries were taken from a file, were there already, and were dropped."""

    taken: int
    known: int
    dropped: int


def check_export(path: Path) -> None:
    """Raise UnwritableFileError if a file is there that no earlier export wrote."""
    try:
        if is_stream(path):
            return
        if path.is_dir() or (path.exists() and not path.is_file()):
            msg = f"`{path}` cannot be written: it is there, and no file"
            raise UnwritableFileError(msg, hint="name another")
        if not path.parent.is_dir():
            msg = f"`{path}` cannot be written: there is no folder `{path.parent}`"
            raise UnwritableFileError(msg, hint=f"make it first: `mkdir -p {path.parent}`")
        if not path.exists() or path.stat().st_size == 0:
            return
        with gzip.open(path) as stream:
            ours = stream.read(len(_BEGINNING)) == _BEGINNING
    except _BROKEN:
        ours = False
    except OSError as error:
        raise _unwritable(path, error) from error
    if not ours:
        msg = f"`{path}` is there already, and no earlier export wrote it"
        raise UnwritableFileError(msg, hint="name another file, or move that one away")


def export_facts(folder: Path, path: Path) -> int:
    """Write all sound entries of this version to a file; return how many.

    A file of an earlier export is replaced as a whole; any other is an error
    (UnwritableFileError), as is one that cannot be written.
    """
    check_export(path)
    written = 0
    content = io.BytesIO()
    # No name and no time, so that the bytes depend on the facts alone.
    with gzip.GzipFile(filename="", mode="wb", fileobj=content, mtime=0) as stream:
        stream.write(_BEGINNING + f"{PARSER_VERSION}}}\n".encode())
        for text in _texts(folder):
            stream.write(text + b"\n")
            written += 1
    try:
        write_file(path, content.getvalue())
    except OSError as error:
        raise _unwritable(path, error) from error
    return written


def import_facts(path: Path, folder: Path) -> Imported:
    """Take the sound entries of a file that are not known yet; count the others.

    Raises UnreadableInputError if it is no whole export, before anything is taken, and
    UnwritableFileError if the cache cannot be written.
    """
    for _ in _lines(path):
        pass
    cache = FactsCache(folder)
    taken = known = dropped = 0
    for line in _lines(path):
        try:
            sha256, binaries = entry_of(line)
            stored = packed(sha256, binaries)
        except ValueError:
            stored = None
        if stored is None:
            dropped += 1
            continue
        place = entry_path(folder, sha256)
        if _is_sound(place, sha256):
            known += 1
        elif cache.store(place, stored):
            taken += 1
        else:
            msg = f"nothing can be written into the facts cache, `{folder}`"
            raise UnwritableFileError(msg)
    return Imported(taken=taken, known=known, dropped=dropped)


def _texts(folder: Path) -> Iterator[bytes]:
    for entry in entries_of(folder):
        if entry.current:
            try:
                stored, _ = read_entry(entry.path)
                text = text_of(entry.sha256, unpacked(stored, entry.sha256))
            except (OSError, ValueError):
                continue
            yield text


def _is_sound(place: Path, sha256: str) -> bool:
    try:
        unpacked(read_entry(place)[0], sha256)
    except (OSError, ValueError):
        return False
    return True


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the entries of an export, one line each; what is too long for one comes as b""."""
    try:
        if not path.is_file():
            msg = f"`{path}` is no file" if path.exists() else f"there is no file `{path}`"
            raise UnreadableInputError(msg, hint="name one that `facts export` wrote")
        with gzip.open(path) as stream:
            if not _is_export(stream.readline(_FIRST_LINE)):
                raise _no_export(path)
            left = MOST_INFLATED
            while line := stream.readline(MOST_TEXT + 1):
                left -= len(line)
                if left < 0:
                    msg = f"`{path}` holds more than {MOST_INFLATED >> 20} MiB of facts"
                    raise UnreadableInputError(msg)
                whole = line.endswith(b"\n")
                yield line[:-1] if whole else b""
                if not whole:
                    left = _pass_over(stream, left)
    except _BROKEN as error:
        raise _no_export(path) from error
    except OSError as error:
        msg = f"`{path}` cannot be read: {error.strerror or error}"
        raise UnreadableInputError(msg) from error


def _pass_over(stream: gzip.GzipFile, left: int) -> int:
    """Read to the end of a line that is too long, or of what may be read."""
    while left >= 0 and (rest := stream.readline(MOST_TEXT)):
        left -= len(rest)
        if rest.endswith(b"\n"):
            break
    return left


def _is_export(line: bytes) -> bool:
    if not line.startswith(_BEGINNING) or not line.endswith(b"}\n"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _no_export(path: Path) -> UnreadableInputError:
    msg = f"`{path}` is no whole file of `facts export`"
    return UnreadableInputError(msg, hint="fetch or export it anew; nothing was taken from it")


def _unwritable(path: Path, error: Exception) -> UnwritableFileError:
    reason = getattr(error, "strerror", None) or error
    return UnwritableFileError(f"`{path}` cannot be written: {reason}")
