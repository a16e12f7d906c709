"""What bz2 and LZMA make of a member, in pieces: zipfile unpacks 64 KiB at once, to any size."""

from __future__ import annotations

import copy
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from pip_archguard.errors import BeyondBoundsError, UnreadableWheelError
from pip_archguard.wheels.bounds import LZMA_DICTIONARY, MIB

if TYPE_CHECKING:
    from typing_extensions import Self

_PIECE = 4096
_LZMA_PROPERTIES = 5  # one byte for three numbers, four for the length of the dictionary


class _Inflater(Protocol):
    """What `bz2` and `lzma` unpack by, with a bound on what comes out at once."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class InPieces:
    """A member packed by bz2 or LZMA; as zipfile has it, the checksum is compared at the end."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        raw = copy.copy(info)  # what lies in the archive, as if it were stored
        raw.compress_type, raw.file_size = zipfile.ZIP_STORED, info.compress_size
        del raw.CRC
        self._stream = archive.open(raw)
        self._left = info.file_size
        self._checksum = 0
        self._expected = info.CRC
        try:
            self._inflater = _inflater(info, cast("BinaryIO", self._stream))
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the archive as it is, open."""
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, or all; raises what zipfile does, and BeyondBoundsError."""
        wanted = self._left if size < 0 else min(size, self._left)
        found = []
        while wanted:
            content = self._some(wanted)
            if not content:
                break
            found.append(content)
            wanted -= len(content)
        return b"".join(found)

    def _some(self, wanted: int) -> bytes:
        content = b""
        while not content and not self._inflater.eof:
            packed = self._stream.read(_PIECE) if self._inflater.needs_input else b""
            if not packed and self._inflater.needs_input:
                break
            content = self._inflater.decompress(packed, wanted)
        self._left -= len(content)
        self._checksum = zlib.crc32(content, self._checksum)
        if (not self._left or not content) and self._checksum != self._expected:
            msg = "Bad CRC-32"
            raise zipfile.BadZipFile(msg)
        return content


def _inflater(info: zipfile.ZipInfo, packed: BinaryIO) -> _Inflater:
    if info.compress_type == zipfile.ZIP_BZIP2:
        import bz2  # noqa: PLC0415 - seldom met, and not on every Python

        return bz2.BZ2Decompressor()
    if info.compress_type == zipfile.ZIP_LZMA:
        return _lzma(packed)
    msg = f"is packed by method {info.compress_type}, which is not one of those of wheels"
    raise UnreadableWheelError(msg)


def _lzma(packed: BinaryIO) -> _Inflater:
    """Return what unpacks LZMA as APPNOTE.TXT, 5.8, describes its beginning."""
    import lzma  # noqa: PLC0415 - seldom met, and not on every Python

    properties = packed.read(int.from_bytes(packed.read(4)[2:], "little"))
    if len(properties) != _LZMA_PROPERTIES:
        msg = "has a broken beginning"
        raise UnreadableWheelError(msg)
    dictionary = int.from_bytes(properties[1:], "little")
    if dictionary > LZMA_DICTIONARY:
        msg = f"asks for {dictionary} bytes of memory, more than {LZMA_DICTIONARY // MIB} MiB"
        raise BeyondBoundsError(msg)
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    chain = {"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}
    try:
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])
    except (ValueError, MemoryError) as error:
        raise UnreadableWheelError(str(error) or "takes too much memory") from error
