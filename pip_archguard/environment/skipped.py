"""What an audit cannot look into: programs that unpack themselves, and zipped libraries."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from pip_archguard.binaries import HEAD
from pip_archguard.environment.folders import Tree, head_of
from pip_archguard.model.audit import SkipReason

# PyInstaller's `pyi_archive.h`: MAGIC_BASE and, behind it, the cookie. On a Mac it stands
# before the signature, which has 32 bytes for each page of 4 KiB.
_PYINSTALLER = b"MEI\014\013\012\013\016"
_TAIL = 8 * 1024 * 1024

# Nuitka's `OnefileBootstrap.c`: the payload's size in the last 8 bytes, or, on a Mac, the
# payload in a section of its own (`section_64` of <mach-o/loader.h>).
_NUITKA = b"KA"
_SIZE = struct.Struct("<Q")
_SECTION = b"payload".ljust(16, b"\0") * 2
_OFFSET_IN_SECTION = 48
_COMMANDS = 64 * 1024
_FAT = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")  # FAT_MAGIC, FAT_MAGIC_64
_FAT_RECORDS = {_FAT[0]: (20, struct.Struct(">8xI")), _FAT[1]: (32, struct.Struct(">8xQ"))}
_MOST_SLICES = 16

_ZIPS = re.compile(r"base_library\.zip|python\d+\.zip|site-packages\.zip|.+\.(?:pyz|egg)")
_SUFFIXES = (".zip", ".pyz", ".egg")
_ZIP_MAGIC = b"PK\x03\x04"


def tell_zips(tree: Tree, folders: Iterable[str]) -> None:
    """Take note of archives that Python imports from, and that nobody looks into here.

    They are known by name; in `folders`, where `sys.path` may lead, any zip file is one.
    """
    places = frozenset(folders)
    for path in sorted(path for path in tree.files if path.endswith(_SUFFIXES)):
        folder, _, name = path.rpartition("/")
        known = _ZIPS.fullmatch(name) or (name.endswith(".zip") and folder in places)
        if known and is_zip(tree.root / path):
            tree.skip(path, SkipReason.ZIPPED)


def is_zip(path: Path) -> bool:
    """Whether a file is a zip archive, or one behind a line such as `#!/usr/bin/env python3`."""
    try:
        head = head_of(str(path))
    except OSError:
        return False
    return head.startswith((_ZIP_MAGIC, b"#!"))


def unpacks_itself(path: Path) -> bool:
    """Whether a program carries a whole application: PyInstaller's or Nuitka's one-file mode."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            return _has_cookie(stream, size) or _has_payload(stream, size)
    except (OSError, struct.error):
        return False


def _has_cookie(stream: BinaryIO, size: int) -> bool:
    stream.seek(max(0, size - _TAIL))
    return _PYINSTALLER in stream.read(_TAIL)


def _has_payload(stream: BinaryIO, size: int) -> bool:
    stream.seek(max(0, size - _SIZE.size))
    (length,) = _SIZE.unpack(stream.read(_SIZE.size))
    if _reads(stream, size - _SIZE.size - length, size):
        return True
    for base in _slices(stream):
        stream.seek(base)
        commands = stream.read(_COMMANDS)
        at = commands.find(_SECTION)
        if at < 0 or len(commands) < at + _OFFSET_IN_SECTION + 4:
            continue
        (offset,) = struct.unpack_from("<I", commands, at + _OFFSET_IN_SECTION)
        if _reads(stream, base + offset, size):
            return True
    return False


def _reads(stream: BinaryIO, at: int, size: int) -> bool:
    if not HEAD <= at < size:
        return False
    stream.seek(at)
    head = stream.read(len(_NUITKA) + 1)
    return head.startswith(_NUITKA) and head[-1:] in (b"X", b"Y")


def _slices(stream: BinaryIO) -> list[int]:
    """Return where the slices of a program begin."""
    stream.seek(0)
    head = stream.read(8 + _MOST_SLICES * 32)
    if head[:4] not in _FAT_RECORDS:
        return [0]
    length, record = _FAT_RECORDS[head[:4]]
    count = min(int.from_bytes(head[4:8], "big"), _MOST_SLICES)
    return [record.unpack_from(head, 8 + length * i)[0] for i in range(count)]
