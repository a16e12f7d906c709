"""Native modules that a wheel works without."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pip_archguard.binaries import UNREADABLE
from pip_archguard.errors import BeyondBoundsError, UnreadableWheelError
from pip_archguard.sources import optional_in
from pip_archguard.wheels.disk import opened
from pip_archguard.wheels.unpacked import open_member

if TYPE_CHECKING:
    from pip_archguard.wheels.remote import RemoteWheel

_FAILURES: tuple[type[Exception], ...] = (*UNREADABLE, BeyondBoundsError, UnreadableWheelError)


def optional_extensions(
    path: Path | RemoteWheel, modules: Collection[str], loading: int = 0
) -> frozenset[str]:
    """Return the extension modules without which the wheel's Python modules still import.

    `modules` are paths inside the wheel, without their suffix; besides these so many
    libraries are `loading` (see `sources.optional_modules`). Where anything cannot be
    read, or there is too much of it, nothing is optional.
    """
    if not modules:
        return frozenset()
    kept = None if isinstance(path, Path) else path.kept
    known = None if kept is None else kept.optional(path.name, modules)
    if known is not None:
        return known.intersection(modules)
    try:
        if not isinstance(path, Path):
            path.bring_sources()
        with path.open("rb") as stream, opened(path, stream) as archive:
            found = optional_in(_opened(archive), modules, sys.stdlib_module_names, loading)
    except _FAILURES:
        return frozenset()
    if kept is not None:
        kept.keep_optional(path.name, modules, found)
    return found


def _opened(archive: zipfile.ZipFile) -> Iterator[tuple[str, BinaryIO]]:
    for info in archive.infolist():
        if info.filename.endswith((".py", ".dist-info/METADATA")):
            with open_member(archive, info) as source:
                yield info.filename, source
