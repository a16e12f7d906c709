"""What two wheels, each for one architecture, were fused into."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.arch import Arch
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement


class Share(Enum):
    """What became of a file that needed a decision."""

    FUSED = "fused"
    """Native: the code of both wheels in one universal file."""
    UNIVERSAL = "universal"
    """Native: the same in both wheels, with code for both architectures."""
    ONE_SIDED = "one-sided"
    """A native library that only one of the wheels has, for its own modules."""
    JOINED = "joined"
    """Text that differed, joined so that each architecture keeps its own."""
    BOTH = "both"
    """A document that differed: both are there, under two names."""
    TAKEN = "taken"
    """A file that differed, or was in one wheel only: taken because the user said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedFile:
    """One file of a fused wheel; `arch` is that of the wheel it was taken from, if of one."""

    path: str
    share: Share
    arch: Arch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedWheel:
    """The wheel that came of it, with the targets for which it was judged.

    `path` is where it lies; `files` are those of which there is something to tell.
    `metadata` names the fields of METADATA that differ, of which those for arm64 stand.
    """

    path: str
    halves: tuple[str, str]
    files: tuple[FusedFile, ...]
    metadata: tuple[str, ...]
    judgement: Judgement
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Why nothing was fused: a wheel does not load, `whole` if it is the one that came of it."""

    judgement: Judgement
    whole: bool
