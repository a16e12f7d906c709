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
class Loading:
    """The newest version that has a wheel which loads.

    `against` is what the user asked for or constrained that excludes it, if anything does.
    `by_option` tells whether `--only-binary` would get it.
    """

    project: str
    release: str
    against: tuple[str, ...] = ()
    by_option: bool = True


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
