"""Native modules that an installed distribution works without."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pip_archguard.sources import optional_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which of these modules an installed distribution works without.

    Besides these so many of its libraries are `loading`.
    """

    root: Path
    files: tuple[str, ...]
    modules: frozenset[str]
    loading: int = 0


def optional_of(question: Question) -> frozenset[str]:
    """Return what `optional_installed` does, or nothing where one module is needed for certain.

    To parse the source for all of them may take seconds. One that is needed even if all the
    others were sound settles that the distribution is broken.
    """
    root, files, modules = question.root, question.files, question.modules
    if len(modules) > 1:
        first = min(modules, key=lambda module: (module.count("/"), module))
        if not optional_installed(root, files, {first}, question.loading):
            return frozenset()
    return optional_installed(root, files, modules, question.loading)


def optional_installed(
    root: Path, files: Iterable[str], modules: Collection[str], loading: int = 0
) -> frozenset[str]:
    """Return the extension modules without which the installed Python modules still import.

    `files` are relative to `root`, as in RECORD, and `modules` are, without their suffix.
    Files that are gone are passed over; where one cannot be read nothing is optional.
    """
    if not modules:
        return frozenset()
    try:
        return optional_in(_opened(root, files), modules, sys.stdlib_module_names, loading)
    except OSError:
        return frozenset()


def _opened(root: Path, files: Iterable[str]) -> Iterator[tuple[str, IO[bytes]]]:
    for name in files:
        wanted = name.endswith((".py", ".dist-info/METADATA"))
        if wanted and (path := root / name).is_file():
            with path.open("rb") as source:
                yield name, source
