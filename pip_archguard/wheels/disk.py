"""Facts of a wheel that lies on disk."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
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
    from pip_archguard.wheels.remote import RemoteWheel

_FAILURES: tuple[type[Exception], ...] = (*UNREADABLE, UnreadableWheelError)


def read_wheel(path: Path | RemoteWheel, filename: str | None = None) -> WheelFacts:
    """Read what a wheel claims and the native files it holds, as `look_into` does."""
    return look_into(path, filename)[0]


def look_into(path: Path | RemoteWheel, filename: str | None = None) -> tuple[WheelFacts, bool]:
    """Return what a wheel claims and the native files it holds, and whether it is a wheel.

    It is one if it has `.dist-info/WHEEL`. `filename` is the one that pip chose the wheel
    by, if the file on disk is called otherwise. Members are told by content, never by name;
    only in a wheel on a server those are passed over that are text by their name (see
    `wheels.remote.names`). What cannot be read is named in `problems`; raises
    UnreadableWheelError only if the file name is not a wheel's.
    """
    name = parse_wheel_name(filename or path.name)
    binaries: tuple[Binary, ...] = ()
    problems: list[Problem] = []
    is_wheel = False
    try:
        with path.open("rb") as stream, opened(path, stream) as archive:
            is_wheel = any(map(is_wheel_file, archive.namelist()))
            found = tuple(_read_members(path, archive, stream, problems))
            if found:
                from pip_archguard.wheels.native import compared  # noqa: PLC0415 - see below

                binaries = compared(archive, found, _symbols_of(path))
    except UNREADABLE as error:
        problems.append(_problem(name.filename, "opened", error))
    facts = WheelFacts(
        filename=name.filename,
        project=name.project,
        release=name.release,
        platforms=name.platforms,
        binaries=binaries,
        problems=tuple(problems),
    )
    return facts, is_wheel


def is_wheel_file(member: str) -> bool:
    """Whether this member says that the archive is a wheel (PEP 427)."""
    folder, _, _ = member.partition("/")
    return member.endswith(".dist-info/WHEEL") and member == f"{folder}/WHEEL"


def _read_members(
    path: Path | RemoteWheel, archive: zipfile.ZipFile, stream: BinaryIO, problems: list[Problem]
) -> Iterator[Binary]:
    has_symbols = _symbols_of(path)
    for info in archive.infolist():
        # `ZipInfo.is_dir` of Python up to 3.11 raises IndexError for an empty name.
        if info.filename.endswith("/") or not (isinstance(path, Path) or path.looks_at(info)):
            continue
        try:
            if identify(head_of(archive, stream, info)) is None:
                continue
            # Most wheels have no such member, and need none of what this imports.
            from pip_archguard.wheels.native import read_member  # noqa: PLC0415

            binary = read_member(archive, info, symbols=has_symbols(info))
        except _FAILURES as error:
            problems.append(_problem(info.filename, "read", error))
        else:
            if binary is not None:
                yield binary


def opened(path: Path | RemoteWheel, stream: BinaryIO) -> AbstractContextManager[zipfile.ZipFile]:
    """Return a wheel as an archive, for as long as it is needed."""
    return zipfile.ZipFile(stream) if isinstance(path, Path) else nullcontext(path.archive())


def _symbols_of(path: Path | RemoteWheel) -> Callable[[zipfile.ZipInfo], bool]:
    """Return what tells of a member whether its symbols are read."""
    return _always if isinstance(path, Path) else path.reads_symbols


def _always(_: zipfile.ZipInfo) -> bool:
    return True


def _problem(path: str, done: str, error: Exception) -> Problem:
    from pip_archguard.model.problem import Problem  # noqa: PLC0415 - seldom met

    return Problem(path=path, reason=f"it cannot be {done} ({error})")
