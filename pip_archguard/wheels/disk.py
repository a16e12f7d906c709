"""Facts of a wheel that lies on disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, cast

from pip_archguard.binaries import (
    UNREADABLE,
    StreamSource,
    identify,
    read_binary,
    read_exports,
    wanted_exports,
)
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.binary import Binary
from pip_archguard.model.wheel import Problem, WheelFacts
from pip_archguard.sources import mark_named_in_source
from pip_archguard.wheels.filename import parse_wheel_name
from pip_archguard.wheels.members import head_of

_FAILURES: tuple[type[Exception], ...] = (*UNREADABLE, UnreadableWheelError)


def read_wheel(path: Path, filename: str | None = None) -> WheelFacts:
    """Read what a wheel claims and the native files it holds.

    `filename` is the one that pip chose the wheel by, if the file on disk is called
    otherwise. Members are told by content, never by name. What cannot be read is named
    in `problems`; raises UnreadableWheelError only if the file name is not a wheel's.
    """
    name = parse_wheel_name(filename or path.name)
    binaries: tuple[Binary, ...] = ()
    problems: list[Problem] = []
    try:
        with path.open("rb") as stream, zipfile.ZipFile(path) as archive:
            found = tuple(_read_members(archive, stream, problems))
            found = tuple(_with_exports(archive, found))
            binaries = mark_named_in_source(found, _sources(archive))
    except UNREADABLE as error:
        problems.append(Problem(path=name.filename, reason=f"it cannot be opened ({error})"))
    return WheelFacts(
        filename=name.filename,
        project=name.project,
        release=name.release,
        platforms=name.platforms,
        binaries=binaries,
        problems=tuple(problems),
    )


def _read_members(
    archive: zipfile.ZipFile, stream: BinaryIO, problems: list[Problem]
) -> Iterator[Binary]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        try:
            if identify(head_of(archive, stream, info)) is None:
                continue
            binary = _read_member(archive, info)
        except _FAILURES as error:
            problems.append(Problem(path=info.filename, reason=f"it cannot be read ({error})"))
        else:
            if binary is not None:
                yield binary


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Binary | None:
    with closing(_open(archive, info)) as source:
        return read_binary(info.filename, source)


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> StreamSource:
    return StreamSource(lambda: cast("BinaryIO", archive.open(info)), info.file_size)


def _with_exports(archive: zipfile.ZipFile, binaries: tuple[Binary, ...]) -> Iterator[Binary]:
    """Yield the files again, with the names that they have and others look for.

    Only files of which something is wanted are read a second time; one that cannot be
    is left as it is, for then nothing is known of its names.
    """
    wanted = wanted_exports(binaries)
    for binary in binaries:
        names = wanted.get(binary.path)
        if names is None:
            yield binary
            continue
        with closing(_open(archive, archive.getinfo(binary.path))) as source:
            try:
                yield read_exports(source, binary, names)
            except _FAILURES:
                yield binary


def _sources(archive: zipfile.ZipFile) -> Iterator[BinaryIO]:
    """Yield the Python sources of a wheel, opened; pip reads those it cannot as well."""
    for info in archive.infolist():
        if info.filename.endswith(".py"):
            with archive.open(info) as source:
                yield cast("BinaryIO", source)
