"""The content of a member, unpacked within bounds, whatever it is packed by."""

from __future__ import annotations

import zipfile
from typing import BinaryIO, cast

from pip_archguard.errors import BeyondBoundsError
from pip_archguard.wheels.bounds import MIB, STEPS, unpacked_at_most

_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


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
        from pip_archguard.wheels.in_pieces import InPieces  # noqa: PLC0415 - seldom met

        opened = cast("BinaryIO", InPieces(archive, info))
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
