"""What conda says it has put into a prefix: `conda-meta/NAME-VERSION-BUILD.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pip_archguard.environment.conda_prefix import package_lists
from pip_archguard.environment.folders import content_of

_MOST_BYTES = 32 * 1024 * 1024
_MOST_FILES = 500_000
"""Of one package; the largest known lists 30,000 files in 8 MB."""

_TAGS = {"osx-64": "macosx_10_9_x86_64", "osx-arm64": "macosx_11_0_arm64", "noarch": "any"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CondaPackage:
    """A package that conda has installed; `files` are relative to the prefix."""

    name: str
    version: str
    subdir: str
    files: tuple[str, ...]

    @property
    def platforms(self) -> frozenset[str]:
        """What its subdir claims, in the words of wheels; nothing where that is not known."""
        return frozenset({_TAGS[self.subdir]} if self.subdir in _TAGS else ())


def conda_packages(prefix: Path) -> Iterator[CondaPackage | str]:
    """Yield the packages of a prefix by name, and the path of each file that is not to be read."""
    for path in package_lists(prefix):
        yield _read(path) or str(path)


def _read(path: Path) -> CondaPackage | None:
    try:
        content = json.loads(content_of(path, _MOST_BYTES))
        name, version = content["name"], content["version"]
        files, subdir = content["files"], content.get("subdir", "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if isinstance(files, list) and len(files) > _MOST_FILES:
        return None
    texts = (name, version, subdir, *(files if isinstance(files, list) else [None]))
    if not all(isinstance(each, str) and "\0" not in each for each in texts):
        return None
    return CondaPackage(name=name, version=version, subdir=subdir, files=tuple(files))
