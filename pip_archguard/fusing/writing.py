"""Writing a fused wheel: the same bytes for the same two wheels, whenever and wherever."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pip_archguard.errors import UnwritableFileError
from pip_archguard.fusing.dist_info import RECORD, record
from pip_archguard.fusing.entries import Entry, entry_of
from pip_archguard.wheels import sha256_of
from pip_archguard.whole_file import give_name

_UNIX = 3  # APPNOTE.TXT 4.4.2.2: the permissions are those of Unix


@contextmanager
def temporary(folder: Path, filename: str) -> Iterator[Path]:
    """Give a place in a folder, which is made if need be; nothing stays there.

    A folder that was made for it stays only if there is something in it then.
    """
    path = folder / f".{filename}.{os.getpid()}.part"
    made = not folder.exists()
    with _writing(path):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        if made:
            with suppress(OSError):
                folder.rmdir()


def write_wheel(path: Path, entries: Sequence[Entry], dist_info: str) -> None:
    """Write a wheel with these files and their RECORD; `.dist-info` is last (PEP 427)."""
    ordered = sorted(entries, key=lambda entry: (entry.path.startswith(dist_info), entry.path))
    with _writing(path), zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
        rows = [(entry.path, _write(archive, entry), entry.size) for entry in ordered]
        own = dist_info + RECORD
        newest = max(entry.date for entry in ordered)
        _write(
            archive,
            entry_of(own, record(rows, own), zipfile.ZipInfo(own, newest)),
        )


def put_in_place(written: Path, final: Path) -> None:
    """Give a file its name; raises UnwritableFileError if one of other content has it."""
    with _writing(final):
        try:
            give_name(written, final)
        except FileExistsError:
            pass
        else:
            return
        same = final.is_file() and sha256_of(final) == sha256_of(written)
    if not same:
        msg = f"`{final}` is there already, with other content; nothing was written"
        hint = "name another folder, or move that file away"
        raise UnwritableFileError(msg, hint=hint)


def _write(archive: zipfile.ZipFile, entry: Entry) -> bytes:
    info = zipfile.ZipInfo(entry.path, entry.date)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = entry.mode << 16
    info.file_size = entry.size  # large ones need another form of header
    digest = hashlib.sha256()
    with archive.open(info, "w") as member:
        for chunk in entry.chunks():
            digest.update(chunk)
            member.write(chunk)
    return digest.digest()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # what is wrong with what is read has been told as such
        msg = f"`{path}` cannot be written: {error.strerror or error}"
        raise UnwritableFileError(msg) from error
