"""What a fused wheel is made of: each file, and where its bytes come from."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from pip_archguard.binaries.bounds import CHUNK
from pip_archguard.fusing.opened import OpenHalf
from pip_archguard.fusing.universal_file import Universal
from pip_archguard.model.fusing import FusedFile

_Date = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A member of one wheel, as it is."""

    half: OpenHalf
    path: str


Content = Copied | Universal | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of the fused wheel; `told` if there is something to tell of it."""

    path: str
    content: Content
    mode: int
    date: _Date
    told: FusedFile | None = None

    @property
    def size(self) -> int:
        """How long the file is."""
        match self.content:
            case Copied(half=half, path=path):
                return half.members[path].file_size
            case Universal():
                return self.content.size
            case bytes():
                return len(self.content)

    def chunks(self) -> Iterator[bytes]:
        """Yield the content."""
        match self.content:
            case Copied(half=half, path=path):
                with half.stream(path) as stream:
                    while chunk := stream.read(CHUNK):
                        yield chunk
            case Universal():
                yield from self.content.chunks()
            case bytes():
                yield self.content


def entry_of(
    path: str, content: Content, *infos: zipfile.ZipInfo, told: FusedFile | None = None
) -> Entry:
    """Return an entry that may be executed if one of these members may, as old as the newest."""
    return Entry(
        path=path,
        content=content,
        mode=mode_of(*infos),
        date=max(info.date_time for info in infos),
        told=told,
    )


def mode_of(*infos: zipfile.ZipInfo) -> int:
    """Return the permissions of all these members together; a plain file has some at least."""
    mode = 0
    for info in infos:
        mode |= stat.S_IMODE(info.external_attr >> 16) & 0o777
    return stat.S_IFREG | (mode or 0o644)
