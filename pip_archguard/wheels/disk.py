"""Facts of a wheel that lies on disk."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pip_archguard.binaries import UNREADABLE, identify
from pip_archguard.errors import BeyondBoundsError, UnreadableWheelError
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels.bounds import NATIVES
from pip_archguard.wheels.doubts import doubtful_twins, doubts_of_list, overlaps
from pip_archguard.wheels.end_record import find_list
from pip_archguard.wheels.filename import parse_wheel_name
from pip_archguard.wheels.layout import Layout
from pip_archguard.wheels.members import Beginning, head_of
from pip_archguard.wheels.problems import Problems
from pip_archguard.wheels.unpacked import Allowance

if TYPE_CHECKING:
    from pip_archguard.model.binary import Binary
    from pip_archguard.wheels.remote.wheel import RemoteWheel

_FAILURES: tuple[type[Exception], ...] = (*UNREADABLE, UnreadableWheelError)


def read_wheel(path: Path | RemoteWheel, filename: str | None = None) -> WheelFacts:
    """Read what a wheel claims and the native files it holds, as `look_into` does."""
    return look_into(path, filename)[0]


def look_into(path: Path | RemoteWheel, filename: str | None = None) -> tuple[WheelFacts, bool]:
    """Return what a wheel claims and the native files it holds, and whether it is a wheel.

    It is one if it has `.dist-info/WHEEL`, or more files than can be looked at. `filename` is
    the one that pip chose the wheel by, if the file on disk is called otherwise. Members are
    told by content, never by name; only in a wheel on a server those are passed over that are
    text by their name (see `wheels.remote.names`). What cannot be read, and what programs may
    unpack differently, is named in `problems`; raises UnreadableWheelError only if the file
    name is not a wheel's.
    """
    name = parse_wheel_name(filename or path.name)
    binaries: tuple[Binary, ...] = ()
    problems = Problems(name.filename)
    is_wheel = False
    try:
        with path.open("rb") as stream:
            is_wheel, binaries = _look_through(path, stream, problems)
    except UNREADABLE as error:
        problems.unreadable(name.filename, "opened", error)
    facts = WheelFacts(
        filename=name.filename,
        project=name.project,
        release=name.release,
        platforms=name.platforms,
        binaries=binaries,
        problems=problems.told(),
    )
    return facts, is_wheel


def is_wheel_file(member: str) -> bool:
    """Whether this member says that the archive is a wheel (PEP 427)."""
    folder, _, _ = member.partition("/")
    return member.endswith(".dist-info/WHEEL") and member == f"{folder}/WHEEL"


def opened(path: Path | RemoteWheel, stream: BinaryIO) -> AbstractContextManager[zipfile.ZipFile]:
    """Return a wheel as an archive, for as long as it is needed."""
    return zipfile.ZipFile(stream) if isinstance(path, Path) else nullcontext(path.archive())


def _look_through(
    path: Path | RemoteWheel, stream: BinaryIO, problems: Problems
) -> tuple[bool, tuple[Binary, ...]]:
    """Return whether it is a wheel, and its native files up to the first bound that it meets."""
    is_wheel = True
    found: list[Binary] = []
    try:
        listed = find_list(stream)
        with opened(path, stream) as archive:
            is_wheel = any(map(is_wheel_file, archive.namelist()))
            size = stream.seek(0, 2)
            if listed and problems.doubtful(doubts_of_list(archive, listed, size)):
                return is_wheel, ()
            allowance = Allowance(size)
            found += _read_members(path, archive, stream, problems, allowance)
            if found:
                from pip_archguard.wheels.native import compared  # noqa: PLC0415 - see below

                found[:] = compared(archive, tuple(found), _symbols_of(path), allowance)
                allowance.check()
    except BeyondBoundsError as error:
        problems.beyond(error)
    return is_wheel, tuple(found)


def _read_members(
    path: Path | RemoteWheel,
    archive: zipfile.ZipFile,
    stream: BinaryIO,
    problems: Problems,
    allowance: Allowance,
) -> Iterator[Binary]:
    """Yield the native members; where a bound is met, no more of them, but all is compared."""
    count, within = 0, True
    here = isinstance(path, Path)
    layout = Layout(stream, stream.seek(0, 2), archive.start_dir)
    for info in archive.infolist():
        if not (isinstance(path, Path) or path.looks_at(info)):
            continue
        try:
            begins = layout.add(info)
            if isinstance(begins, str):
                problems.doubtful([(info.filename, begins)])
            elif within and archive.NameToInfo[info.filename] is info:
                binary = _read_member(path, archive, info, begins, allowance)
                if binary is not None:
                    count += 1
                    _check(count, allowance)
                    yield binary
        except _FAILURES as error:
            problems.unreadable(info.filename, "read", error)
        except BeyondBoundsError as error:
            problems.beyond(error)
            within = False
    problems.doubtful(layout.doubts() if here else overlaps(archive))
    problems.doubtful(doubtful_twins(archive, compare=here))


def _read_member(
    path: Path | RemoteWheel,
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    begins: Beginning,
    allowance: Allowance,
) -> Binary | None:
    if info.filename.endswith("/") or identify(head_of(archive, info, begins)) is None:
        return None
    # Most wheels have no such member, and need none of what this imports.
    from pip_archguard.wheels.native import read_member  # noqa: PLC0415

    return read_member(archive, info, allowance, symbols=_symbols_of(path)(info))


def _check(natives: int, allowance: Allowance) -> None:
    allowance.check()
    if natives > NATIVES:
        msg = f"it has more than {NATIVES} native files"
        raise BeyondBoundsError(msg)


def _symbols_of(path: Path | RemoteWheel) -> Callable[[zipfile.ZipInfo], bool]:
    """Return what tells of a member whether its symbols are read."""
    return _always if isinstance(path, Path) else path.reads_symbols


def _always(_: zipfile.ZipInfo) -> bool:
    return True
