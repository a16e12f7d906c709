"""The first bytes of every member of a wheel, read cheaply, and the header before them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO

from pip_archguard.binaries import HEAD
from pip_archguard.wheels.unpacked import open_member

# APPNOTE.TXT 4.3.7: the local header is 30 bytes, with the lengths of name and extra at the end.
LOCAL_HEADER = struct.Struct("<4s2xHH4xIIIHH")
LOCAL_MAGIC = b"PK\x03\x04"
# Names and extras are short, so one read nearly always brings the first data along.
_READ = 512
ENCRYPTED = 0x1


Beginning = tuple[bytes, int]
"""The first bytes of a member from its header on, and where in them its content begins."""


def beginning_of(stream: BinaryIO, info: zipfile.ZipInfo) -> Beginning:
    """Read the header that stands before a member, `stream` being the archive's own bytes."""
    chunk = chunk_of(stream, info)
    if not chunk:
        return b"", 0
    *_, name, extra = LOCAL_HEADER.unpack_from(chunk)
    return chunk, LOCAL_HEADER.size + name + extra


def chunk_of(stream: BinaryIO, info: zipfile.ZipInfo) -> bytes:
    """Return the first bytes of a member from its header on, none if it has no header."""
    stream.seek(info.header_offset)
    chunk = stream.read(_READ)
    whole = len(chunk) >= LOCAL_HEADER.size and chunk.startswith(LOCAL_MAGIC)
    return chunk if whole else b""


def head_of(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, begins: Beginning, length: int = HEAD
) -> bytes:
    """Return the first bytes of a member.

    `zipfile.ZipFile.open` costs more than all the rest of a scan, so stored and
    deflated members are read past it; any that are not plainly so go through it.
    Raises zipfile.BadZipFile, zlib.error or OSError as zipfile would.
    """
    method = info.compress_type
    chunk, start = begins
    plain = method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if plain and not info.flag_bits & ENCRYPTED and chunk:
        data = chunk[start : start + info.compress_size]
        if len(data) >= min(info.compress_size, 4 * length):
            stored = method == zipfile.ZIP_STORED
            inflate = zlib.decompressobj(-zlib.MAX_WBITS).decompress
            head = data[:length] if stored else inflate(data, length)
            # Empty blocks in front may have used up what was read.
            if len(head) >= min(length, info.file_size):
                return head
    with open_member(archive, info) as member:
        return member.read(length)
