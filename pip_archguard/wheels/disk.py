"""Facts of a wheel that lies on disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pip_archguard.binaries import UNREADABLE, identify
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels.filename import parse_wheel_name
from pip_archguard.wheels.members import head_of

if TYPE_CHECKING:
    from pip_archguard.model.binary import Binary
    from pip_archguard.model.problem import Problem

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
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            found = tuple(_read_members(archive, stream, problems))
            if found:
                from pip_archguard.wheels.native import compared  # noqa: PLC0415 - see below

                binaries = compared(archive, found)
    except UNREADABLE as error:
        problems.append(_problem(name.filename, "opened", error))
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
            # Most wheels have no such member, and need none of what this imports.
            from pip_archguard.wheels.native import read_member  # noqa: PLC0415

            binary = read_member(archive, info)
        except _FAILURES as error:
            problems.append(_problem(info.filename, "read", error))
        else:
            if binary is not None:
                yield binary


def _problem(path: str, done: str, error: Exception) -> Problem:
    from pip_archguard.model.problem import Problem  # noqa: PLC0415 - seldom met

    return Problem(path=path, reason=f"it cannot be {done} ({error})")
