"""The members of a wheel that is to be fused, listed with bounds."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pip_archguard.errors import UnreadableInputError

MOST_MEMBERS = 100_000
"""Files of one wheel; the largest known have some 15,000."""

MOST_BYTES = 16 << 30
"""Bytes of all files of a wheel: ten times what the largest known unpack to."""

FREELY_UNPACKED = 1 << 30
"""Bytes up to which nobody asks how small a wheel packs them."""

MOST_TIMES = 100
"""How many times larger than itself a wheel beyond that may be, unpacked; usual is 4."""

_DRIVE = re.compile(r"[A-Za-z]:")


def members_of(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the files of a wheel by name, without its folders.

    Raises UnreadableInputError for names that lead out of it or occur twice, for what is
    encrypted, and for more than the bounds above allow.
    """
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise _unreadable(path, f"it has more than {MOST_MEMBERS} files")
    total = sum(info.file_size for info in infos)
    bomb = total > max(FREELY_UNPACKED, MOST_TIMES * path.stat().st_size)
    if bomb or total > MOST_BYTES:
        raise _unreadable(path, f"it would unpack to {total} bytes, more than a wheel holds")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        for fault in _faults(info):
            raise _unreadable(path, f"its member `{info.orig_filename}` {fault}")
        if info.filename in found:
            raise _unreadable(path, f"its member `{info.filename}` occurs twice")
        if not info.filename.endswith("/"):  # `is_dir` of Python up to 3.11 fails for no name
            found[info.filename] = info
    return found


def _faults(info: zipfile.ZipInfo) -> Iterator[str]:
    name = info.orig_filename
    parts = name.removesuffix("/").split("/")
    if "\\" in name or "\0" in name or _DRIVE.match(name) or not {"", ".", ".."}.isdisjoint(parts):
        yield "has a name that does not stay inside the wheel"
    if info.flag_bits & 0x1:  # APPNOTE.TXT 4.4.4
        yield "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield "is packed in another way than wheels are"


def _unreadable(path: Path, why: str) -> UnreadableInputError:
    return UnreadableInputError(f"`{path}` cannot be read: {why}")
