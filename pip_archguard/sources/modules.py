"""How Python names the modules that files are, and those that an import asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

# PEP 427: the files of these folders are moved next to those at the root of the wheel.
_DATA = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")
_TEST_FOLDERS = frozenset({"test", "tests"})
_LEFT_OUT = frozenset({"setup.py", "conftest.py"})
_INIT = "__init__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module that is a file, under the name that it is imported by."""

    name: str
    package: str

    def absolute(self, name: str, level: int) -> str | None:
        """Return the full name of what is imported, or None if it is above the top."""
        if not level:
            return name
        parts = self.package.split(".") if self.package else []
        if level > len(parts):
            return None
        return ".".join([*parts[: len(parts) - level + 1], *([name] if name else [])])


def module_at(path: str) -> Module:
    """Return the module of a path inside site-packages, with `.py` or without a suffix."""
    parts = path.removesuffix(".py").split("/")
    inner = ".".join(parts[:-1])
    if parts[-1] == _INIT:
        return Module(name=inner, package=inner)
    return Module(name=".".join(parts), package=inner)


def installed_path(path: str) -> str:
    """Return where a member of a wheel goes inside site-packages."""
    moved = _DATA.match(path)
    return path[moved.end() :] if moved else path


def counts(path: str) -> bool:
    """Whether the file is Python source that users import, not a test or a build script."""
    if not path.endswith(".py"):
        return False
    pure = PurePosixPath(path)
    return pure.name not in _LEFT_OUT and not _TEST_FOLDERS.intersection(pure.parts[:-1])


def is_private(name: str) -> bool:
    """Whether the last part of a module's name begins with an underscore."""
    return last_part(name).startswith("_")


def last_part(name: str) -> str:
    """Return a module's name without its packages."""
    return name.rpartition(".")[2]


def holder(name: str) -> str:
    """Return what an import of a name looks it up in, empty for a top-level module."""
    return name.rpartition(".")[0]


def top(name: str) -> str:
    """Return the outermost package of a module, or the module itself."""
    return name.partition(".")[0]


def parents(name: str) -> Iterable[str]:
    """Yield the packages of a module, which are imported before it, innermost first."""
    while "." in name:
        name = holder(name)
        yield name
