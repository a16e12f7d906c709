"""What was taken in the place of something refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Remedy(Enum):
    """What took the place of a refused wheel; the value is the `action` of reports."""

    OTHER_WHEEL = "other-wheel"
    FUSED = "fused"
    BUILT = "built"
    OTHER_VERSION = "other-version"
    REINSTALLED = "reinstalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedHalf:
    """One of the two wheels of an index that a wheel was fused of.

    `platform` is the one to name so that pip takes it; it is empty where pip takes it here.
    """

    filename: str
    url: str
    sha256: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What pip settled on for a project; `sha256` is empty where the index gives none.

    It is `hashed` if the user gave hashes of it, which nothing may loosen.
    `fused_of` are the two wheels that it was fused of, if it was; it has no `url` then.
    """

    project: str
    release: str
    filename: str
    url: str
    sha256: str = ""
    is_wheel: bool = True
    hashed: bool = False
    extras: tuple[str, ...] = ()
    fused_of: tuple[FusedHalf, ...] = ()
