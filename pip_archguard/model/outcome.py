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


class Hint(Enum):
    """Something that may have kept a rescue from working."""

    ONLY_BINARY = "only-binary"
    REQUIRE_HASHES = "require-hashes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What pip settled on for a project; `sha256` is empty where the index gives none."""

    project: str
    release: str
    filename: str
    url: str
    sha256: str = ""
    is_wheel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One wheel or installed distribution, and what became of it: refused, or used.

    What is used is there as pip wanted it first, or as a `remedy` for what was refused.
    `location` is its address without a password, or where it is installed; `sha256` is
    empty where nothing asks for it.
    """

    judgement: Judgement
    origin: Origin
    targets: tuple[Target, ...]
    location: str
    sha256: str = ""
    refused: bool = False
    remedy: Remedy | None = None


class ReportForm(Enum):
    """The value of `--arch-report-format`."""

    JSON = "json"
    SARIF = "sarif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """The files that a run was asked to write: `--arch-report`, `--arch-write-requirements`."""

    report: Path | None = None
    form: ReportForm = ReportForm.JSON
    requirements: Path | None = None
