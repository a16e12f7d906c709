"""The native members of a wheel: what each declares, and what they have of one another."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import BinaryIO

from pip_archguard.binaries import (
    UNREADABLE,
    StreamSource,
    read_binary,
    read_exports,
    wanted_exports,
)
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.binary import Binary
from pip_archguard.sources import mark_named_in_source
from pip_archguard.wheels.unpacked import Allowance, open_member

_FAILURES: tuple[type[Exception], ...] = (*UNREADABLE, UnreadableWheelError)


def read_member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    allowance: Allowance | None = None,
    *,
    symbols: bool = True,
) -> Binary | None:
    """Return what a member declares, None if it is no native file.

    Raises UnreadableWheelError, or what zipfile does, if it cannot be read, and
    BeyondBoundsError.
    """
    with closing(_open(archive, info, allowance)) as source:
        return read_binary(info.filename, source, symbols=symbols)


def compared(
    archive: zipfile.ZipFile,
    binaries: tuple[Binary, ...],
    has_symbols: Callable[[zipfile.ZipInfo], bool],
    allowance: Allowance,
) -> tuple[Binary, ...]:
    """Return all files of a wheel with what they, and the Python source, say of one another.

    Files that are not to be read beyond their load commands are not asked for their names.
    """
    found = tuple(_with_exports(archive, binaries, has_symbols, allowance))
    return mark_named_in_source(found, _sources(archive))


def _open(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance | None
) -> StreamSource:
    if allowance is None:
        return StreamSource(lambda: open_member(archive, info), info.file_size)
    return StreamSource(
        lambda: open_member(archive, info, allowance), info.file_size, allowance.spend
    )


def _with_exports(
    archive: zipfile.ZipFile,
    binaries: tuple[Binary, ...],
    has_symbols: Callable[[zipfile.ZipInfo], bool],
    allowance: Allowance,
) -> Iterator[Binary]:
    """Yield the files again, with the names that they have and others look for.

    Only files of which something is wanted are read a second time; one that cannot be
    is left as it is, for then nothing is known of its names. A disk that fails is no fault
    of the file: that raises OSError.
    """
    wanted = wanted_exports(binaries)
    for binary in binaries:
        names = wanted.get(binary.path)
        info = archive.getinfo(binary.path)
        if names is None or not has_symbols(info):
            yield binary
            continue
        with closing(_open(archive, info, allowance)) as source:
            try:
                yield read_exports(source, binary, names)
            except _FAILURES as error:
                if isinstance(error.__cause__, OSError):
                    raise error.__cause__ from error
                yield binary


def _sources(archive: zipfile.ZipFile) -> Iterator[BinaryIO]:
    """Yield the Python sources of a wheel, opened; pip reads those it cannot as well."""
    for info in archive.infolist():
        if info.filename.endswith(".py"):
            with open_member(archive, info) as source:
                yield source
