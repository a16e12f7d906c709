"""The first bytes of every member of a wheel, read cheaply."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO

from pip_archguard.binaries import HEAD

# APPNOTE.TXT 4.3.7: the local header is 30 bytes, its name and extra lengths at 26 and 28.
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LOCAL_MAGIC = b"PK\x03\x04"
# Names and extras are short, so one read nearly always brings the first data along.
_READ = 512
_ENCRYPTED = 0x1


def head_of(
    archive: zipfile.ZipFile, stream: BinaryIO, info: zipfile.ZipInfo, length: int = HEAD
) -> bytes:
    """Return the first bytes of a member, `stream` being the archive's own bytes.

    `zipfile.ZipFile.open` costs more than all the rest of a scan, so stored and
    deflated members are read past it; any that are not plainly so go through it.
    Raises zipfile.BadZipFile, zlib.error or OSError as zipfile would.
    """
    plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if plain and not info.flag_bits & _ENCRYPTED:
        stream.seek(info.header_offset)
        chunk = stream.read(_READ)
        if len(chunk) >= _LOCAL_HEADER.size:
            magic, name, extra = _LOCAL_HEADER.unpack_from(chunk)
            data = chunk[_LOCAL_HEADER.size + name + extra :][: info.compress_size]
            enough = len(data) >= min(info.compress_size, 4 * length)
            if magic == _LOCAL_MAGIC and enough:
                stored = info.compress_type == zipfile.ZIP_STORED
                inflate = zlib.decompressobj(-zlib.MAX_WBITS).decompress
                head = data[:length] if stored else inflate(data, length)
                # Empty blocks in front may have used up what was read.
                if len(head) >= min(length, info.file_size):
                    return head
    with archive.open(info) as member:
        return member.read(length)
