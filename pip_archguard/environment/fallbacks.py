"""Native modules that an installed distribution works without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import IO

from pip_archguard.sources import optional_in


def optional_installed(
    root: Path, files: Iterable[str], modules: Collection[str]
) -> frozenset[str]:
    """Return the extension modules without which the installed Python modules still import.

    `files` are relative to `root`, as in RECORD, and `modules` are, without their suffix.
    Files that are gone are passed over; where one cannot be read nothing is optional.
    """
    if not modules:
        return frozenset()
    try:
        return optional_in(_opened(root, files), modules)
    except OSError:
        return frozenset()


def _opened(root: Path, files: Iterable[str]) -> Iterator[tuple[str, IO[bytes]]]:
    for name in files:
        if name.endswith(".py") and (path := root / name).is_file():
            with path.open("rb") as source:
                yield name, source
