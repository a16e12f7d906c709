"""A half whose archive is open, and the files in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from pip_archguard.binaries import HEAD, UNREADABLE, StreamSource
from pip_archguard.binaries.bounds import CHUNK
from pip_archguard.errors import UnfusableError, UnreadableInputError
from pip_archguard.fusing.halves import Half
from pip_archguard.fusing.members import members_of
from pip_archguard.model.binary import Binary
from pip_archguard.model.projects import normal_name
from pip_archguard.model.wheel import WheelFacts

if TYPE_CHECKING:
    from typing_extensions import Self

_DIST_INFO = re.compile(r"([^/]+)\.dist-info/")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHalf:
    """A half that can be read: its members by name, and what the native ones declare."""

    half: Half
    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    native: Mapping[str, Binary]
    dist_info: str

    def stream(self, path: str) -> IO[bytes]:
        """Open a member; the archive has to stay open."""
        info = self.members[path]
        return cast("IO[bytes]", _Stream(self.half, lambda: self.archive.open(info)))

    def head(self, path: str) -> bytes:
        """Return the bytes that tell what a member is."""
        with self.stream(path) as stream:
            return stream.read(HEAD)

    def read(self, path: str, most: int) -> bytes | None:
        """Return a member whole, None if it is longer than this."""
        if self.members[path].file_size > most:
            return None
        with self.stream(path) as stream:
            return stream.read()

    @contextmanager
    def source(self, path: str) -> Iterator[StreamSource]:
        """Open a member to be read at any place."""
        size = self.members[path].file_size
        with closing(StreamSource(lambda: self.stream(path), size)) as source:
            yield source


class _Stream:
    """A member that is open; what is wrong with its bytes is told with the wheel's name."""

    def __init__(self, half: Half, opened: Callable[[], IO[bytes]]) -> None:
        self._half = half
        with _named(half.path):
            self._stream = opened()

    def read(self, size: int = -1, /) -> bytes:
        with _named(self._half.path):
            return self._stream.read(size)

    def seek(self, offset: int, /) -> int:
        with _named(self._half.path):
            return self._stream.seek(offset)

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def opened(half: Half, facts: WheelFacts) -> Iterator[OpenHalf]:
    """Open a half; raises UnreadableInputError, here and for each member that is broken."""
    with _named(half.path):
        archive = zipfile.ZipFile(half.path)
    with archive:
        members = members_of(archive, half.path)
        yield OpenHalf(
            half=half,
            archive=archive,
            members=members,
            native={binary.path: binary for binary in facts.binaries},
            dist_info=_dist_info(half, members),
        )


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        msg = f"`{path}` cannot be read: {error or type(error).__name__}"
        hint = "download or build it anew"
        raise UnreadableInputError(msg, hint=hint) from error


def same_content(one: OpenHalf, other: OpenHalf, path: str) -> bool:
    """Whether a member is the same in both, byte for byte."""
    a, b = one.members[path], other.members[path]
    if (a.file_size, a.CRC) != (b.file_size, b.CRC):
        return False
    with one.stream(path) as left, other.stream(path) as right:
        while chunk := left.read(CHUNK):
            if chunk != right.read(CHUNK):
                return False
    return True


def _dist_info(half: Half, members: Mapping[str, zipfile.ZipInfo]) -> str:
    """Return the name of the one `.dist-info` folder, as pip looks for it."""
    found = {match[0] for name in members if (match := _DIST_INFO.match(name))}
    if len(found) != 1:
        msg = f"`{half.path}` has {len(found) or 'no'} `.dist-info` folders; a wheel has one"
        raise UnreadableInputError(msg)
    (folder,) = found
    for needed in ("WHEEL", "METADATA"):
        if folder + needed not in members:
            msg = f"`{half.path}` has no `{folder}{needed}`"
            raise UnreadableInputError(msg)
    if not normal_name(folder).startswith(half.name.project):
        msg = f"`{half.path}` holds `{folder}`, which is another project's"
        raise UnfusableError(msg)
    return folder
