"""The extra fields of members, which may give another name or other sizes (APPNOTE.TXT 4.5)."""

from __future__ import annotations

from collections.abc import Iterator

_ZIP64 = 0x0001
_UNICODE_PATH = 0x7075
_UNICODE_PATH_NAME = 5  # behind a version and a checksum of the other name
_WORD = 0xFFFF_FFFF


def sizes_in(extra: bytes, packed: int, size: int) -> tuple[int, int]:
    """Return the sizes of a local header, packed and not, from zip64 where that has them.

    There the size stands first, as opposed to the header.
    """
    if _WORD not in (packed, size):
        return packed, size
    for number, field in _fields(extra):
        if number == _ZIP64:
            wide = [int.from_bytes(field[at : at + 8], "little") for at in (0, 8)]
            size = wide.pop(0) if size == _WORD else size
            packed = wide.pop(0) if packed == _WORD else packed
            break
    return packed, size


def name_in(extra: bytes, name: str) -> bool:
    """Whether there is another name in it: pip takes that from Python 3.13 on, and others do."""
    return any(
        field[_UNICODE_PATH_NAME:].decode("utf-8", "replace") != name
        for number, field in _fields(extra)
        if number == _UNICODE_PATH
    )


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:  # noqa: PLR2004 - number and length, two bytes each
        end = 4 + int.from_bytes(extra[2:4], "little")
        yield int.from_bytes(extra[:2], "little"), extra[4:end]
        extra = extra[end:]
