"""What an sdist says of itself, read without unpacking it and without running it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.parser import BytesParser
from pathlib import Path
from typing import IO, Any, Protocol

from pip_archguard.errors import UnreadableInputError
from pip_archguard.wheels.tar_members import members_of_tar

MOST_MEMBERS = 200_000
MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes of a tar file that are unpacked to look for the two members."""

MOST_TEXT = 4 * 1024 * 1024
_PKG_INFO = "PKG-INFO"
_PYPROJECT = "pyproject.toml"
_FIRST_STATIC = (2, 2)  # PEP 643
_MATTERING = {"name", "version", "requires-dist", "requires-python", "provides-extra"}
_UNREADABLE = (
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError),
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SdistTexts:
    """The two files of an sdist that declare its metadata; None for one that is not there."""

    pkg_info: bytes | None = None
    pyproject: bytes | None = None


def read_sdist(path: Path, below: str = "") -> SdistTexts:
    """Return the declarations in an archive's one top folder, or in that subfolder of it.

    Raises UnreadableInputError if it is no archive that can be read.
    """
    found: dict[str, bytes] = {}
    try:
        members = _zip_members if zipfile.is_zipfile(path) else _tar_members
        for name, content in members(path, below.strip("/")):
            found.setdefault(name, content)
            if len(found) == len((_PKG_INFO, _PYPROJECT)):
                break
    except _UNREADABLE as error:
        msg = f"`{path.name}` cannot be read as an sdist: {error}"
        raise UnreadableInputError(msg) from error
    return SdistTexts(pkg_info=found.get(_PKG_INFO), pyproject=found.get(_PYPROJECT))


def read_source_tree(folder: Path) -> SdistTexts:
    """Return the same for a folder on disk, where PKG-INFO may be stale and is left out."""
    path = folder / _PYPROJECT
    try:
        if not path.is_file():
            return SdistTexts()
        with path.open("rb") as stream:
            return SdistTexts(pyproject=_text(stream))
    except OSError as error:
        msg = f"`{path}` cannot be read: {error.strerror or error}"
        raise UnreadableInputError(msg) from error


def is_static(pkg_info: bytes) -> bool:
    """Whether PKG-INFO says all that a resolver needs, for good (PEP 643)."""
    try:
        message = BytesParser().parsebytes(pkg_info, headersonly=True)
        version = tuple(int(part) for part in str(message["Metadata-Version"]).split("."))
    except (MessageError, ValueError):
        return False
    dynamic = {str(name).strip().lower() for name in message.get_all("Dynamic", ())}
    named = bool(message["Name"]) and bool(message["Version"])
    return version >= _FIRST_STATIC and named and not dynamic & _MATTERING


def _wanted(member: str, below: str) -> str:
    """Return which of the two a member is, or nothing."""
    name = member.rpartition("/")[2]
    if name not in (_PKG_INFO, _PYPROJECT):
        return ""
    folder = member.removeprefix("./").rpartition("/")[0]
    top, _, rest = folder.partition("/")
    return name if top and rest == below else ""


def _zip_members(path: Path, below: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist()[:MOST_MEMBERS]:
            if name := _wanted(info.filename, below):
                with archive.open(info) as member:
                    yield name, _text(member)


def _tar_members(path: Path, below: str) -> Iterator[tuple[str, bytes]]:
    with _Bounded(_unpacked(path)) as stream:
        for name, size in members_of_tar(stream, MOST_MEMBERS):
            if wanted := _wanted(name, below):
                content = _text(stream, size)
                if len(content) < size:
                    msg = "unexpected end of data"
                    raise tarfile.ReadError(msg)
                yield wanted, content


def _unpacked(path: Path) -> Any:
    with path.open("rb") as stream:
        magic = stream.read(6)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.open(path)
    if magic.startswith(b"BZh"):
        return bz2.open(path)
    if magic.startswith(b"\xfd7zXZ"):
        return lzma.open(path)
    return path.open("rb")


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes."""


def _text(stream: Readable, size: int = MOST_TEXT + 1) -> bytes:
    """Return so many bytes, or what there is."""
    content = stream.read(min(size, MOST_TEXT + 1))
    if len(content) > MOST_TEXT:
        msg = "a member that declares its metadata is too long"
        raise ValueError(msg)
    return content


class _Bounded(io.RawIOBase):
    """Bytes up to a bound, beyond which it is an error to read."""

    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__()
        self._inner = inner
        self._left = MOST_UNPACKED
        self._at = 0

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes."""
        content = self._inner.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(content)
        self._at += len(content)
        if self._left < 0:
            msg = "it is too large once unpacked"
            raise ValueError(msg)
        return content

    def close(self) -> None:
        """Close what is read from, too."""
        self._inner.close()
        super().close()
