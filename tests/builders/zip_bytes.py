"""ZIP archives byte by byte, as nobody's zip program writes them (APPNOTE.TXT 4.3)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

STORED, DEFLATED = 0, 8
_LOCAL = struct.Struct("<4s5H3I2H")
_LISTED = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_DATE = 0x2100
"""1996-08-00 in DOS's form; no program minds."""


def deflated(content: bytes) -> bytes:
    """Return content as a member of a ZIP holds it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a header says of a member."""

    name: bytes
    method: int
    checksum: int
    packed: int
    size: int
    flags: int = 0
    extra: bytes = b""
    mode: int = 0o100644


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member: what stands in the archive, and what its own header and the list say of it.

    `at` is where the list puts it, if that is elsewhere; what is not `listed` or not `there`
    has but one of the two. `behind` follows its content.
    """

    own: Header
    said: Header
    data: bytes
    behind: bytes = b""
    at: int | None = None
    listed: bool = True
    there: bool = True


def member(name: str | bytes, content: bytes = b"", method: int = DEFLATED) -> Member:
    """Return a member as it should be."""
    raw = name if isinstance(name, bytes) else name.encode()
    data = deflated(content) if method == DEFLATED else content
    header = Header(
        name=raw,
        method=method,
        checksum=zlib.crc32(content),
        packed=len(data),
        size=len(content),
        flags=0 if raw.isascii() else 0x800,
    )
    return Member(own=header, said=header, data=data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What stands around the members, and where the end says otherwise than it is."""

    before: bytes = b""
    before_list: bytes = b""
    comment: bytes = b""
    after: bytes = b""
    more_counted: int = 0
    offset: int | None = None
    wide: bool = False
    wide_more: int = 0
    """How many more files the record of zip64 counts than the older one."""

    parts: tuple[bytes, ...] = field(default=())


def archive(members: Sequence[Member], ending: Ending | None = None) -> bytes:
    """Return an archive; what stands `before` it is not counted in its offsets."""
    ending = ending or Ending()
    body, rows, count = bytearray(), bytearray(), 0
    for each in members:
        at = len(body) if each.at is None else each.at
        if each.there:
            body += _own(each.own) + each.data + each.behind
        if each.listed:
            rows += _row(each.said, at)
            count += 1
    body += ending.before_list
    offset = len(body) if ending.offset is None else ending.offset
    count += ending.more_counted
    end = bytes(body + rows)
    if ending.wide:
        wide = count + ending.wide_more
        end += _END_64.pack(
            *(b"PK\6\6", 44, 45, 45, 0, 0, wide, wide, len(rows), offset)
        ) + _LOCATOR.pack(b"PK\6\7", 0, len(end), 1)
    comment = ending.comment
    end += _END.pack(b"PK\5\6", 0, 0, count, count, len(rows), offset, len(comment))
    return ending.before + end + comment + ending.after


def listed_only(rows: int, name: bytes = b"a") -> bytes:
    """Return an archive with a long list of one empty file again and again, numbered."""
    header = Header(name=name, method=STORED, checksum=0, packed=0, size=0)
    body = _own(header)
    row = _row(header, 0)
    size = len(row) * rows
    end = body + row * rows
    count = min(rows, 0xFFFF)
    if rows > count:
        end += _END_64.pack(
            *(b"PK\6\6", 44, 45, 45, 0, 0, rows, rows, size, len(body))
        ) + _LOCATOR.pack(b"PK\6\7", 0, len(end), 1)
    return end + _END.pack(b"PK\5\6", 0, 0, count, count, size, len(body), 0)


def _own(header: Header) -> bytes:
    return (
        _LOCAL.pack(
            *(b"PK\3\4", 20, header.flags, header.method, 0, _DATE),
            *(header.checksum, header.packed, header.size),
            *(len(header.name), len(header.extra)),
        )
        + header.name
        + header.extra
    )


def _row(header: Header, at: int) -> bytes:
    return (
        _LISTED.pack(
            *(b"PK\1\2", 0x314, 20, header.flags, header.method, 0, _DATE),
            *(header.checksum, header.packed, header.size),
            *(len(header.name), len(header.extra), 0, 0, 0),
            *(header.mode << 16, at),
        )
        + header.name
        + header.extra
    )
