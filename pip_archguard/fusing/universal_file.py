"""Writing a universal file: slices of other files, copied whole, behind one table.

A slice keeps every byte, so its code signature stays valid; the table is signed by nobody.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from pip_archguard.binaries import Record
from pip_archguard.binaries.bounds import CHUNK
from pip_archguard.errors import UnfusableError
from pip_archguard.model.arch import Arch

_MAGIC = 0xCAFEBABE  # FAT_MAGIC of <mach-o/fat.h>; the table is big-endian
_HEADER = struct.Struct(">II")  # magic, nfat_arch
_RECORD = struct.Struct(">IIIII")  # cputype, cpusubtype, offset, size, align
_MOST = 0xFFFFFFFF  # what the 32-bit table can tell, the only one that all of macOS reads

# Pages of the processors, as powers of two: lipo aligns by them, dyld maps by them.
_PAGE, _APPLE_PAGE = 12, 14
_LIBRARY = 3  # lipo's for a static library, which is never mapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A slice, and what opens the file that it lies in; `mapped` if macOS maps it to run it."""

    record: Record
    open: Callable[[], IO[bytes]]
    mapped: bool = True

    @property
    def alignment(self) -> int:
        """The power of two at a multiple of which the slice begins."""
        if not self.mapped:
            return _LIBRARY
        return _APPLE_PAGE if is_for_apple_silicon(self.record.arch) else _PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Universal:
    """A universal file that can be written: its slices, in order, and where each goes."""

    placed: tuple[tuple[Piece, int], ...]

    @property
    def size(self) -> int:
        """How long the file is."""
        piece, offset = self.placed[-1]
        return offset + piece.record.size

    def chunks(self) -> Iterator[bytes]:
        """Yield the file; raises UnfusableError if a slice ends before it should."""
        table = [_HEADER.pack(_MAGIC, len(self.placed))]
        for piece, offset in self.placed:
            of = piece.record
            table.append(
                _RECORD.pack(of.cpu_type, of.cpu_subtype, offset, of.size, piece.alignment)
            )
        yield b"".join(table)
        end = _HEADER.size + len(self.placed) * _RECORD.size
        for piece, offset in self.placed:
            yield bytes(offset - end)
            yield from _content(piece)
            end = offset + piece.record.size


def is_for_apple_silicon(arch: Arch) -> bool:
    """Whether code for an architecture runs on the processors whose pages have 16 KiB."""
    return arch in (Arch.ARM64, Arch.ARM64E)


def universal_file(pieces: Sequence[Piece]) -> Universal:
    """Lay slices out as lipo does: x86_64 first, then arm64, each on a page of its own.

    Raises UnfusableError where the file would pass 4 GiB.
    """
    ordered = sorted(
        pieces, key=lambda p: (is_for_apple_silicon(p.record.arch), p.record.cpu_subtype)
    )
    end = _HEADER.size + len(ordered) * _RECORD.size
    placed = []
    for piece in ordered:
        page = 1 << piece.alignment
        offset = -(-end // page) * page
        end = offset + piece.record.size
        placed.append((piece, offset))
    if end > _MOST:
        msg = "the universal file would be larger than 4 GiB"
        raise UnfusableError(msg)
    return Universal(placed=tuple(placed))


def _content(piece: Piece) -> Iterator[bytes]:
    left = piece.record.size
    with piece.open() as stream:
        stream.seek(piece.record.offset)
        while left:
            chunk = stream.read(min(left, CHUNK))
            if not chunk:
                msg = "it ends before its code does"
                raise UnfusableError(msg)
            left -= len(chunk)
            yield chunk
        while stream.read(CHUNK):  # zipfile compares the checksum at the end only
            pass
