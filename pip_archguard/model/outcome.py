"""What a guarded run of any kind deals in: where things are from, why it stops, how it ends."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import NamedTuple

from pip_archguard.model.target import Target


class Origin(Enum):
    """Where a judged distribution came from."""

    INDEX = "index"
    CACHE = "cache"
    DIRECT = "direct"
    INSTALLED = "installed"
    BUILT = "built"


class Obstacle(Enum):
    """Why the guard itself stopped a run."""

    POLICY = "policy"
    NOT_JUDGED = "not-judged"
    DIRECT = "direct"
    BUILT = "built"
    CANNOT_BUILD_FOR = "cannot-build-for"
    TOO_MANY_VERSIONS = "too-many-versions"


class Place(NamedTuple):
    """The address of a wheel without a password, or where a distribution is installed.

    `sha256` is that of the file; it is empty where nothing asks for it.
    """

    location: str = ""
    sha256: str = ""


class Clean(NamedTuple):
    """The run ended well; so many native files in so many wheels were judged."""

    files: int
    wheels: int
    targets: tuple[Target, ...]


class ReportForm(Enum):
    """The value of `--arch-report-format`."""

    JSON = "json"
    SARIF = "sarif"


class Reports(NamedTuple):
    """What a run leaves behind: `--arch-report`, `--arch-write-requirements`, words for GitHub."""

    report: Path | None = None
    form: ReportForm = ReportForm.JSON
    requirements: Path | None = None
    on_github: bool = False


NO_REPORTS = Reports()
