"""The content of a member, unpacked within bounds, whatever it is packed by."""

from __future__ import annotations

import copy
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from pip_archguard.errors import BeyondBoundsError, UnreadableWheelError
from pip_archguard.wheels.bounds import LZMA_DICTIONARY, MIB, STEPS, unpacked_at_most

if TYPE_CHECKING:
    from typing_extensions import Self

_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PIECE = 4096
_LZMA_PROPERTIES = 5  # one byte for three numbers, four for the length of the dictionary


class _Inflater(Protocol):
    """What `bz2` and `lzma` unpack by, with a bound on what comes out at once."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Allowance:
    """How many bytes the native files of one wheel may still unpack to."""

    def __init__(self, size: int) -> None:
        self._most = self._left = unpacked_at_most(size)
        self._steps = STEPS + size

    def take(self, count: int) -> None:
        """Count bytes; raises BeyondBoundsError if there are none left."""
        self._left -= count
        self.check()

    def spend(self, steps: int) -> None:
        """Count steps of work; raises BeyondBoundsError likewise."""
        self._steps -= steps
        self.check()

    def check(self) -> None:
        """Raise BeyondBoundsError if more was taken than there was."""
        if self._left < 0:
            msg = f"its native files unpack to more than {self._most // MIB} MiB"
            raise BeyondBoundsError(msg)
        if self._steps < 0:
            msg = "its native files have more commands and names than can be looked at"
            raise BeyondBoundsError(msg)


def open_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance | None = None
) -> BinaryIO:
    """Open a member to be read from its beginning.

    zipfile inflates no more at once than it is asked for, but unpacks all that bz2 and LZMA
    make of 64 KiB, which may be a gigabyte: those are unpacked here. Raises what zipfile
    raises, and UnreadableWheelError for what neither can unpack.
    """
    if info.compress_type in _PLAIN:
        opened = cast("BinaryIO", archive.open(info))
    else:
        opened = cast("BinaryIO", _Unpacked(archive, info))
    return opened if allowance is None else cast("BinaryIO", _Counted(opened, allowance))


class _Counted:
    """A member that is open, with what is read of it counted."""

    def __init__(self, stream: BinaryIO, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def read(self, size: int) -> bytes:
        content = self._stream.read(size)
        self._allowance.take(len(content))
        return content

    def close(self) -> None:
        self._stream.close()


class _Unpacked:
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
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
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
