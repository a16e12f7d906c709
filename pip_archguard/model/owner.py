"""Whose a file is: the kind of place it lies in, and the distribution that brought it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class PlaceKind(Enum):
    """What kind of environment a path leads into."""

    ENVIRONMENT = "environment"
    USER = "user"
    CONDA = "conda"
    PIPX = "pipx"
    UV_TOOL = "uv-tool"
    BUNDLE = "bundle"
    HOMEBREW = "homebrew"
    BUILD = "build"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the path of a file tells of the place it lies in; unknown parts are empty.

    `name` is that of a tool's environment, or of a formula; `prefix` and `python` are the
    folder and version of the environment; `project` and `release` are guessed.
    """

    kind: PlaceKind
    name: str = ""
    prefix: str = ""
    python: str = ""
    project: str = ""
    release: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The distribution that a file belongs to.

    It is `known` if its RECORD, or conda's, lists the file, else guessed from the path.
    `here` tells that it is installed in the environment that this process runs in;
    `installer` is what its metadata name, such as `pip` or `conda`.
    """

    project: str
    release: str = ""
    known: bool = False
    here: bool = False
    installer: str = ""
