"""The native members of a wheel: what each declares, and what they have of one another."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import BinaryIO

from pip_archguard.binaries import (
    UNREADABLE,
    StreamSource,
    read_binary,
    read_exports,
    with_exports,
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
    found = with_exports(binaries, partial(_read_again, archive, has_symbols, allowance))
    return mark_named_in_source(found, _sources(archive))


def _open(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance | None
) -> StreamSource:
    if allowance is None:
        return StreamSource(lambda: open_member(archive, info), info.file_size)
    return StreamSource(
        lambda: open_member(archive, info, allowance), info.file_size, allowance.spend
    )


def _read_again(
    archive: zipfile.ZipFile,
    has_symbols: Callable[[zipfile.ZipInfo], bool],
    allowance: Allowance,
    binary: Binary,
    names: frozenset[str],
) -> Binary:
    """Return a member with those of the names that it has.

    A disk that fails is no fault of the file: that raises OSError.
    """
    info = archive.getinfo(binary.path)
    if not has_symbols(info):
        return binary
    with closing(_open(archive, info, allowance)) as source:
        try:
            return read_exports(source, binary, names)
        except _FAILURES as error:
            if isinstance(error.__cause__, OSError):
                raise error.__cause__ from error
            return binary


def _sources(archive: zipfile.ZipFile) -> Iterator[BinaryIO]:
    """Yield the Python sources of a wheel, opened; pip reads those it cannot as well."""
    for info in archive.infolist():
        if info.filename.endswith(".py"):
            with open_member(archive, info) as source:
                yield source
