"""Whether what lies in an archive is what its list says: no more, no less, nothing twice.

pip goes by the list at the end, other programs by the headers before each member, from the
front on. Where the two may come to other files or other contents, nobody can tell which one
an install will have. `docs/explanation/hostile-input.md` tells what counts as such, and why.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pip_archguard.errors import BeyondBoundsError
from pip_archguard.wheels.bounds import BETWEEN, DEFLATED_TIMES, KIB, MIB, unpacked_at_most
from pip_archguard.wheels.members import ENCRYPTED, LOCAL_HEADER, LOCAL_MAGIC, Beginning, chunk_of

_DESCRIPTOR = 0x8  # APPNOTE.TXT 4.4.4: the sizes stand behind the member
_DESCRIPTOR_MAGIC = b"PK\x07\x08"
_UTF_8 = 0x800
_WORD = 0xFFFF_FFFF
_CHUNK = 64 * KIB
_MAGICS = (LOCAL_MAGIC, b"PK\x01\x02", b"PK\x05\x06")
"""What lets a program take bytes for a member, a list or an end of an archive."""

_LEFT_OUT = "it has files that its list leaves out"

Doubt = tuple[str, str]
"""The name of a member, nothing for the wheel itself, and what programs may differ in."""


class Layout:
    """The members of an archive where their own headers put them.

    `stream` is the archive's own bytes, `size` says how many there are, and `start_dir` where
    its list begins.
    """

    def __init__(self, stream: BinaryIO, size: int, start_dir: int) -> None:
        self._stream = stream
        self._size = size
        self._start_dir = start_dir
        self._left = BETWEEN
        self._spans: list[tuple[int, int, int, zipfile.ZipInfo]] = []

    def add(self, info: zipfile.ZipInfo) -> str | Beginning:
        """Read the header before a member, and return it; or what it says otherwise than the list.

        Raises BeyondBoundsError.
        """
        at = info.header_offset
        if not 0 <= at <= self._start_dir - LOCAL_HEADER.size:
            return "its list puts it where nothing is"
        chunk = chunk_of(self._stream, info)
        if not chunk:
            return "no header stands before it"
        fields = LOCAL_HEADER.unpack_from(chunk)
        flags, name = info.flag_bits, info.orig_filename.encode()
        length = LOCAL_HEADER.size + len(name)
        method, packed, size = info.compress_type, info.compress_size, info.file_size
        plain = (LOCAL_MAGIC, flags, method, info.CRC, packed, size, len(name), 0)
        # As it is nearly always; the rest takes several times as long.
        if (
            fields != plain
            or info.extra
            or not chunk.startswith(name, LOCAL_HEADER.size)
            or not name.isascii()
        ):
            _, flags, *_, name_length, extra_length = fields
            length = LOCAL_HEADER.size + name_length + extra_length
            if length > len(chunk):
                chunk = self._read(at, at + length)
            self._spans.append((at, at + length, flags, info))
            if difference := _difference(info, chunk[:length]):
                return difference
        else:
            self._spans.append((at, at + length, flags, info))
        if size != packed and (method == zipfile.ZIP_STORED or size > DEFLATED_TIMES * packed):
            return _impossible(info) or (chunk, length)
        return chunk, length

    def doubts(self) -> Iterator[Doubt]:
        """Yield what lies between the members, and what they have of one another.

        All of them have to be known. Raises BeyondBoundsError.
        """
        position = 0
        self._spans.sort(key=lambda span: span[:2])
        for at, start, flags, info in self._spans:
            end = start + info.compress_size
            if at < position:
                yield info.filename, "it lies in the place of another file"
            elif at > position and self._hides(position, at):
                yield "", _LEFT_OUT
            position = max(position, end)
            if flags & _DESCRIPTOR:
                length = _descriptor_length(self._stream, end, info)
                if not length or self._ends_early(start, info):
                    yield info.filename, "where it ends depends on how the wheel is read"
                position += length
        if position > self._start_dir:
            yield "", "its last file runs into its list of files"
        elif position < self._start_dir and self._hides(position, self._start_dir):
            yield "", _LEFT_OUT

    def _hides(self, start: int, end: int) -> bool:
        """Whether bytes of no member have anything in them that a program may take for one."""
        found = self._read(start, end)
        return any(magic in found for magic in _MAGICS)

    def _read(self, start: int, end: int) -> bytes:
        """Read what no wheel is known to have much of."""
        self._left -= end - start
        if self._left < 0:
            msg = f"more than {BETWEEN // MIB} MiB of it are no content of files"
            raise BeyondBoundsError(msg)
        self._stream.seek(start)
        return self._stream.read(end - start)

    def _ends_early(self, at: int, info: zipfile.ZipInfo) -> bool:
        """Whether something else may follow inside a member of which no header tells the size.

        Who reads from the front on takes its end from what it is packed by.
        """
        stream, unread = self._stream, info.compress_size
        if not _has_magic(stream, at, at + unread):
            return False
        if info.compress_type != zipfile.ZIP_DEFLATED:
            return True
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        left, rest = unpacked_at_most(self._size), b""
        stream.seek(at)
        while not inflater.eof and (unread or rest):
            piece = rest or stream.read(min(_CHUNK, unread))
            if not piece:
                break
            unread -= 0 if rest else len(piece)
            try:
                left -= len(inflater.decompress(piece, _CHUNK))
            except zlib.error:
                return True
            rest = inflater.unconsumed_tail
            if left < 0:
                msg = "a file of it unpacks to too many bytes to tell where it ends"
                raise BeyondBoundsError(msg)
        return bool(unread or inflater.unused_data)


def _difference(info: zipfile.ZipInfo, chunk: bytes) -> str:
    """Return what the whole header before a member says otherwise than the list, or nothing."""
    from pip_archguard.wheels.extra import name_in, sizes_in  # noqa: PLC0415 - few wheels need it

    _, flags, method, checksum, packed, size, name_length, _ = LOCAL_HEADER.unpack_from(chunk)
    listed, utf_8 = info.orig_filename, info.flag_bits & _UTF_8
    behind_name = LOCAL_HEADER.size + name_length
    if chunk[LOCAL_HEADER.size : behind_name] != listed.encode("utf-8" if utf_8 else "cp437") or (
        flags & _UTF_8 != utf_8 and not listed.isascii()
    ):
        return "the header before it has another name"
    if method != info.compress_type or (flags ^ info.flag_bits) & ENCRYPTED:
        return "the header before it says that it is packed otherwise"
    extra = chunk[behind_name:]
    packed, size = sizes_in(extra, packed, size)
    if any(name_in(each, listed) for each in (extra, info.extra)):
        return "it has two names"
    own, said = (checksum, packed, size), (info.CRC, info.compress_size, info.file_size)
    if own != said and not (flags & _DESCRIPTOR and _is_open(own, said)):
        return "the header before it has another size or checksum"
    return ""


def _is_open(own: tuple[int, ...], listed: tuple[int, ...]) -> bool:
    """Whether a header leaves to what stands behind the member what the list says."""
    return all(mine in (theirs, 0, _WORD) for mine, theirs in zip(own, listed, strict=True))


def _impossible(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & ENCRYPTED:
        return ""
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    if info.compress_type == stored and info.file_size != info.compress_size:
        return "it is not packed, and its two sizes differ"
    if info.compress_type == deflated and info.file_size > DEFLATED_TIMES * info.compress_size:
        return "it cannot unpack to as many bytes as its header says"
    return ""


def _has_magic(stream: BinaryIO, start: int, end: int) -> bool:
    stream.seek(start)
    kept = b""
    while start < end:
        piece = stream.read(min(_CHUNK, end - start))
        if not piece:
            return False
        if any(magic in kept + piece for magic in _MAGICS):
            return True
        start += len(piece)
        kept = piece[-len(LOCAL_MAGIC) + 1 :]
    return False


def _descriptor_length(stream: BinaryIO, at: int, info: zipfile.ZipInfo) -> int:
    """Return how long what stands behind a member is (APPNOTE.TXT 4.3.9); 0 if it is none."""
    stream.seek(at)
    found = stream.read(24)
    for magic in (_DESCRIPTOR_MAGIC, b""):
        for width in (4, 8):
            sizes = (info.compress_size, info.file_size)
            if max(sizes) >> 8 * width:
                continue
            form = magic + info.CRC.to_bytes(4, "little")
            form += b"".join(size.to_bytes(width, "little") for size in sizes)
            if found.startswith(form):
                return len(form)
    return 0
