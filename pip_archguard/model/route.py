"""A way round: an x86_64 environment, as files to keep and commands to run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

ROSETTA_IS_GONE_IN = "autumn 2027"
"""When macOS 28 is expected: Apple names the version, and releases one each autumn."""


class RouteKind(Enum):
    """What makes the environment x86_64; the value is what the user types."""

    CONDA = "conda"
    ROSETTA = "rosetta"
    DOCKER = "docker"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsFile:
    """A requirements file of the user's: its path as it was given, and its text."""

    path: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What shall be installed there, by specifier and by file."""

    specifiers: tuple[str, ...] = ()
    files: tuple[RequirementsFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFile:
    """A file that belongs to a route."""

    name: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An x86_64 environment: `commands` for a shell, in order, and the files they need.

    `copies` are the user's own requirements files, under the names that the commands and
    the other files call them by. `left_out` are the local files and folders that the
    requirements name and that do not come along. `folder` is where the commands expect
    the files, or empty for the current one.
    """

    kind: RouteKind
    python: str
    commands: tuple[str, ...]
    files: tuple[RouteFile, ...] = ()
    copies: tuple[RouteFile, ...] = ()
    left_out: tuple[str, ...] = ()
    folder: str = ""
