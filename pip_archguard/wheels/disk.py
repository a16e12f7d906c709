"""Facts of a wheel that lies on disk."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, cast

from pip_archguard.binaries import StreamSource, identify, read_binary
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.binary import Binary
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels.filename import parse_wheel_name
from pip_archguard.wheels.members import head_of

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,  # zipfile's word for an encrypted member
    NotImplementedError,  # a compression this Python lacks
)


def read_wheel(path: Path) -> WheelFacts:
    """Read what a wheel claims and the native files it holds.

    Members are told by content, never by name. What cannot be read is named in
    `problems`; raises UnreadableWheelError only if the file name is not a wheel's.
    """
    name = parse_wheel_name(path.name)
    binaries: list[Binary] = []
    problems: list[str] = []
    try:
        with path.open("rb") as stream, zipfile.ZipFile(path) as archive:
            _read_members(archive, stream, binaries, problems)
    except _UNREADABLE as error:
        problems.append(f"the wheel cannot be opened ({error})")
    return WheelFacts(
        filename=path.name,
        project=name.project,
        release=name.release,
        platforms=name.platforms,
        binaries=tuple(binaries),
        problems=tuple(problems),
    )


def _read_members(
    archive: zipfile.ZipFile, stream: BinaryIO, binaries: list[Binary], problems: list[str]
) -> None:
    for info in archive.infolist():
        if info.is_dir():
            continue
        try:
            if identify(head_of(archive, stream, info)) is None:
                continue
            binary = _read_member(archive, info)
        except (*_UNREADABLE, UnreadableWheelError) as error:
            problems.append(f"`{info.filename}` cannot be read ({error})")
        else:
            if binary is not None:
                binaries.append(binary)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Binary | None:
    source = StreamSource(lambda: cast("BinaryIO", archive.open(info)), info.file_size)
    with closing(source):
        return read_binary(info.filename, source)
