"""Why there was no way on, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Rule(Enum):
    """A policy of the user's that keeps a rescue from working."""

    ONLY_BINARY = "only-binary"
    REQUIRE_HASHES = "require-hashes"
    NO_INDEX = "no-index"
    NO_BUILD_ISOLATION = "no-build-isolation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A rule that holds, where it was said, and what it would take to satisfy it.

    `needed` are the lines or names to add, ready to paste; of hashes, the file comes first.
    """

    rule: Rule
    project: str
    said_in: str = ""
    needed: tuple[str, ...] = ()


class Lack(Enum):
    """What a failed source build complained of."""

    COMPILER = "compiler"
    TOOL = "tool"
    HEADER = "header"
    LIBRARY = "library"
    MODULE = "module"
    FLAG = "flag"
    OTHER_ARCHITECTURE = "other-architecture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What a build lacked, by the name in its output: a program, a header, a library.

    Of a `FLAG` it is the warning that the compiler treats as an error.
    """

    lack: Lack
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedBuild:
    """A source build that failed; `lacking` may be empty.

    It is `direct` if its source was asked for by path or URL; then it may have no project.
    """

    project: str
    filename: str
    lacking: tuple[Lacking, ...] = ()
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """The newest version that has a wheel which loads.

    `against` is what the user asked for or constrained that excludes it, if anything does.
    `by_option` tells whether `--only-binary` would get it.
    """

    project: str
    release: str
    against: tuple[str, ...] = ()
    by_option: bool = True
