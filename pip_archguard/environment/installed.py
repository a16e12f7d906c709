"""Facts of distributions that are installed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from pip_archguard.binaries import (
    FileSource,
    read_binary,
    read_exports,
    with_exports,
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
    names = tuple(files)
    binaries, problems = _read_files(root, names)
    return WheelFacts(
        filename=name or f"{project} {release}",
        project=project,
        release=release,
        platforms=frozenset(platforms),
        binaries=mark_named_in_source(
            with_exports(binaries, partial(_read_again, root)),
            _sources(root, names if sources is None else sources),
        ),
        problems=problems,
    )


def _read_files(root: Path, names: Iterable[str]) -> tuple[tuple[Binary, ...], tuple[Problem, ...]]:
    """Return what the native files declare, and which files cannot be read."""
    base = str(root)
    binaries: list[Binary] = []
    problems: list[Problem] = []
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
    return tuple(binaries), tuple(problems)


def _read_again(root: Path, binary: Binary, names: frozenset[str]) -> Binary:
    """Return a file with those of the names that it has."""
    try:
        with (root / binary.path).open("rb") as stream:
            return read_exports(FileSource(stream), binary, names)
    except (ArchGuardError, OSError):
        return binary


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
