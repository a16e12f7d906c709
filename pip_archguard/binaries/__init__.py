"""From bytes to what a native file declares: bounded, and safe with hostile files."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.binaries.bounds import HEAD
    from pip_archguard.binaries.macho import read_exports
    from pip_archguard.binaries.macho.places import slice_places
    from pip_archguard.binaries.macho.universal import Record
    from pip_archguard.binaries.magic import identify
    from pip_archguard.binaries.native import read_binary
    from pip_archguard.binaries.reach import BEGINNING, FIRST, reach_of
    from pip_archguard.binaries.reader import ByteSource, FileSource, StreamSource
    from pip_archguard.binaries.unreadable import UNREADABLE
    from pip_archguard.binaries.wanted import wanted_exports, with_exports
else:
    __getattr__ = from_parts(
        __name__,
        bounds=("HEAD",),
        macho=("read_exports",),
        magic=("identify",),
        native=("read_binary",),
        reach=("BEGINNING", "FIRST", "reach_of"),
        reader=("ByteSource", "FileSource", "StreamSource"),
        unreadable=("UNREADABLE",),
        wanted=("wanted_exports", "with_exports"),
        **{"macho.places": ("slice_places",), "macho.universal": ("Record",)},
    )

__all__ = [
    "BEGINNING",
    "FIRST",
    "HEAD",
    "UNREADABLE",
    "ByteSource",
    "FileSource",
    "Record",
    "StreamSource",
    "identify",
    "reach_of",
    "read_binary",
    "read_exports",
    "slice_places",
    "wanted_exports",
    "with_exports",
]
