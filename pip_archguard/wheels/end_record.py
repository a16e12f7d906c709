"""The records at the end of an archive, which tell where the list of its files lies.

They are looked for where zipfile looks for them (`zipfile._EndRecData`), which is what pip
reads by; the formats are those of APPNOTE.TXT, 4.3.14 to 4.3.16.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO, NamedTuple

from pip_archguard.errors import BeyondBoundsError
from pip_archguard.wheels.bounds import DIRECTORY, MEMBERS, MIB

_END = struct.Struct("<4s4H2IH")
_END_MAGIC = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sIQI")
_LOCATOR_MAGIC = b"PK\x06\x07"
_END_64 = struct.Struct("<4sQ2H2I4Q")
_END_64_MAGIC = b"PK\x06\x06"
_END_64_REST = _END_64.size - 12  # the size in it does not count what stands before
_LIST_MAGIC = b"PK\x01\x02"
_LEAST_ENTRY = 46
_MOST_COMMENT = 1 << 16  # one more than there can be, as zipfile has it
_HALF, _WORD = 0xFFFF, 0xFFFF_FFFF

TWO_LISTS = "it has two lists of its files, and programs differ in which one they take"
_TWO_ENDS = "it has two ends, and programs differ in which one they take"
_OTHER_COUNT = "its list has another number of files than the end of the wheel says"


class _End(NamedTuple):
    """A record as zipfile finds it, and where."""

    at: int
    counts: tuple[int, int]
    size: int
    offset: int


class Listed(NamedTuple):
    """What the end of an archive says of its list: where that begins, and how many it has.

    `doubt` says why programs may take another list, if they may.
    """

    start: int
    counts: tuple[int, int]
    doubt: str = ""


def find_list(stream: BinaryIO) -> Listed | None:
    """Return where the list of files is, None if zipfile finds none.

    Raises zipfile.BadZipFile where it cannot be, and BeyondBoundsError where reading
    it takes more than the bounds allow.
    """
    length = stream.seek(0, 2)
    tail_at = max(0, length - _END.size - _MOST_COMMENT)
    stream.seek(tail_at)
    tail = stream.read()
    end = _chosen(tail, tail_at)
    if end is None:
        return None
    doubt = _TWO_ENDS if _has_rival(tail, tail_at, end.at) else ""
    stands_at = end.at  # where what follows the list begins
    wide = _wide(stream, end)
    if wide is not None:
        stands_at, end, wide_doubt = wide
        doubt = doubt or wide_doubt
    start = stands_at - end.size
    if start < 0:
        msg = "its list of files would begin before the file does"
        raise zipfile.BadZipFile(msg)
    _check_bounds(stream, start, end.size)
    if not doubt and start != end.offset and _is_list(stream, end.offset):
        doubt = TWO_LISTS
    return Listed(start=start, counts=end.counts, doubt=doubt)


def other_count(listed: Listed, members: int) -> str:
    """Return why programs that count on the end of the archive read another list, if they do."""
    return "" if listed.counts == (members, members) else _OTHER_COUNT


def _chosen(tail: bytes, tail_at: int) -> _End | None:
    """Return the record that zipfile takes: the last bytes without a comment, or the last one."""
    at = len(tail) - _END.size
    if at < 0 or tail[at : at + 4] != _END_MAGIC or tail[-2:] != b"\0\0":
        at = tail.rfind(_END_MAGIC)
        if at < 0 or at + _END.size > len(tail):
            return None
    _, _, _, here, total, size, offset, _ = _END.unpack_from(tail, at)
    return _End(at=tail_at + at, counts=(here, total), size=size, offset=offset)


def _has_rival(tail: bytes, tail_at: int, chosen: int) -> bool:
    """Whether another record ends where the file does, its comment counted.

    What has no such end, as an archive that is stored in this one, no program takes for it.
    """
    at = tail.find(_END_MAGIC)
    while 0 <= at <= len(tail) - _END.size:
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if tail_at + at != chosen and at + _END.size + comment == len(tail):
            return True
        at = tail.find(_END_MAGIC, at + 1)
    return False


def _wide(stream: BinaryIO, end: _End) -> tuple[int, _End, str] | None:
    """Return where the record of zip64 stands, what it says, and whether programs may differ.

    zipfile takes it wherever there is a locator, others only if the older record asks for
    it; and zipfile up to 3.13 looks right before the locator, others where that points to.
    """
    locator_at = end.at - _LOCATOR.size
    at = locator_at - _END_64.size
    if locator_at < 0:
        return None
    stream.seek(locator_at)
    locator = stream.read(_LOCATOR.size)
    if locator[:4] != _LOCATOR_MAGIC:
        return None
    _, _, points_to, _ = _LOCATOR.unpack(locator)
    record = b""
    if at >= 0:
        stream.seek(at)
        record = stream.read(_END_64.size)
    if len(record) < _END_64.size or record[:4] != _END_64_MAGIC:
        return end.at, end, _TWO_ENDS
    _, rest, _, _, _, _, here, total, size, offset = _END_64.unpack(record)
    wide = _End(at=end.at, counts=(here, total), size=size, offset=offset)
    shift = at - size - offset
    same = points_to + shift == at and rest == _END_64_REST and _agree(end, wide)
    return at, wide, "" if same else _TWO_ENDS


def _agree(end: _End, wide: _End) -> bool:
    """Whether the older record says the same, or that it has no room for it."""
    pairs = (
        *((short, long, _HALF) for short, long in zip(end.counts, wide.counts, strict=True)),
        (end.size, wide.size, _WORD),
        (end.offset, wide.offset, _WORD),
    )
    return all(short in (long, full) for short, long, full in pairs)


def _check_bounds(stream: BinaryIO, start: int, size: int) -> None:
    if size > DIRECTORY:
        msg = f"its list of files takes {size} bytes, more than {DIRECTORY // MIB} MiB"
        raise BeyondBoundsError(msg)
    if size <= MEMBERS * _LEAST_ENTRY:
        return
    stream.seek(start)
    if stream.read(size).count(_LIST_MAGIC) > MEMBERS:
        msg = f"it lists more than {MEMBERS} files"
        raise BeyondBoundsError(msg)


def _is_list(stream: BinaryIO, at: int) -> bool:
    """Whether a list begins here, too, for those who take the end of the archive at its word."""
    try:
        stream.seek(at)
    except (OSError, ValueError, OverflowError):
        return False
    return stream.read(4) == _LIST_MAGIC
