"""Facts of distributions that are installed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from pip_archguard.binaries import (
    FileSource,
    read_binary,
    read_exports,
    wanted_exports,
)
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.binary import Binary
from pip_archguard.model.problem import Problem
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.sources import mark_named_in_source

# Python reads these itself, so nothing in them reaches the system's loader.
_SOURCE = (".py", ".pyi", ".pyc")


def read_installed(
    *,
    project: str,
    release: str,
    root: Path,
    files: Iterable[str],
    platforms: Iterable[str],
    name: str = "",
    sources: Iterable[str] | None = None,
) -> WheelFacts:
    """Read the native files of an installed distribution.

    `files` are relative to `root`, as in RECORD; `platforms` are the platform tags of
    its WHEEL file, for an installed distribution has no file name to claim any. Files
    that are gone are passed over; what cannot be read is named in `problems`. `name` stands
    in the place of project and release, and `sources` are the Python files where `files`
    names native ones only.
    """
    base = str(root)
    binaries: list[Binary] = []
    problems: list[Problem] = []
    names = tuple(files)
    for path in names:
        if path.endswith(_SOURCE):
            continue
        try:
            binary = _read_file(path, f"{base}/{path}")
        except FileNotFoundError:
            continue
        except (ArchGuardError, OSError) as error:
            problems.append(Problem(path=path, reason=f"it cannot be read ({error})"))
        else:
            if binary is not None:
                binaries.append(binary)
    return WheelFacts(
        filename=name or f"{project} {release}",
        project=project,
        release=release,
        platforms=frozenset(platforms),
        binaries=mark_named_in_source(
            tuple(_with_exports(root, tuple(binaries))),
            _sources(root, names if sources is None else sources),
        ),
        problems=tuple(problems),
    )


def _with_exports(root: Path, binaries: tuple[Binary, ...]) -> Iterator[Binary]:
    """Yield the files again, with the names that they have and others look for."""
    wanted = wanted_exports(binaries)
    for binary in binaries:
        names = wanted.get(binary.path)
        if names is None:
            yield binary
            continue
        try:
            with (root / binary.path).open("rb") as stream:
                yield read_exports(FileSource(stream), binary, names)
        except (ArchGuardError, OSError):
            yield binary


def _sources(root: Path, names: Iterable[str]) -> Iterator[IO[bytes]]:
    for name in names:
        if name.endswith(".py"):
            with suppress(OSError), (root / name).open("rb") as source:
                yield source


def _read_file(name: str, path: str) -> Binary | None:
    # Past `Path`, and unbuffered: what is read is read in pieces of the right size.
    if not os.path.isfile(path):  # noqa: PTH113 - see above
        return None
    with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - see above
        return read_binary(name, FileSource(stream))
