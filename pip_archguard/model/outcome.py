"""What became of a wheel in a guarded run, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement


class Origin(Enum):
    """Where a judged distribution came from."""

    INDEX = "index"
    CACHE = "cache"
    DIRECT = "direct"
    INSTALLED = "installed"
    BUILT = "built"


class Remedy(Enum):
    """What took the place of a refused wheel; the value is the `action` of reports."""

    OTHER_WHEEL = "other-wheel"
    FUSED = "fused"
    BUILT = "built"
    OTHER_VERSION = "other-version"
    REINSTALLED = "reinstalled"


class Obstacle(Enum):
    """Why the guard itself stopped a run."""

    POLICY = "policy"
    NOT_JUDGED = "not-judged"
    DIRECT = "direct"
    BUILT = "built"
    CANNOT_BUILD_FOR = "cannot-build-for"
    TOO_MANY_VERSIONS = "too-many-versions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The address of a wheel without a password, or where a distribution is installed.

    `sha256` is that of the file; it is empty where nothing asks for it.
    """

    location: str = ""
    sha256: str = ""


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

    `fused_of` are the two wheels that it was fused of, if it was; it has no `url` then.
    """

    project: str
    release: str
    filename: str
    url: str
    sha256: str = ""
    is_wheel: bool = True
    extras: tuple[str, ...] = ()
    fused_of: tuple[FusedHalf, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One wheel or installed distribution, and what became of it: refused, or used.

    What is used is there as pip wanted it first, or as a `remedy` for what was refused.
    """

    judgement: Judgement
    origin: Origin
    targets: tuple[Target, ...]
    place: Place
    refused: bool = False
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The run ended well; so many native files in so many wheels were judged."""

    files: int
    wheels: int
    targets: tuple[Target, ...]


class ReportForm(Enum):
    """The value of `--arch-report-format`."""

    JSON = "json"
    SARIF = "sarif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """What a run leaves behind: `--arch-report`, `--arch-write-requirements`, words for GitHub."""

    report: Path | None = None
    form: ReportForm = ReportForm.JSON
    requirements: Path | None = None
    on_github: bool = False


NO_REPORTS = Reports()
