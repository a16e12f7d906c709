"""What happens in a guarded run, told to whoever reports it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from pip_archguard.model.scan import Form, Scanned
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
class Refused:
    """A distribution will not be used, for the reasons in `judgement`."""

    judgement: Judgement
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A distribution is used although its verdict is not `ok`."""

    judgement: Judgement
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Something else was taken in the place of what was refused."""

    choice: Choice
    remedy: Remedy
    plain_command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The guard ended the run; `about` names the distributions or architectures at fault."""

    obstacle: Obstacle
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The run ended with an error after `refused`; `untouched` if nothing was written.

    `replaced` is what had been taken instead before the run failed.
    """

    refused: tuple[Refused, ...]
    replaced: tuple[Replaced, ...]
    obstacles: tuple[Stopped, ...]
    targets: tuple[Target, ...]
    hints: frozenset[Hint] = frozenset()
    untouched: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The run ended well; so many native files in so many wheels were judged."""

    files: int
    wheels: int
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """The run was not begun, for the reason that an error of ours gives."""

    code: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Nothing is judged, for no rules exist yet for the target's system."""

    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEnvironment:
    """An activated environment is not the one that pip-archguard works on."""

    variable: str
    activated: str
    ours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """This process is x86_64 under Rosetta although its Python has an arm64 slice."""

    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """So many of the wheels of a scan have been read."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """The result of a scan, in the order of its arguments; `verbose` tells information too."""

    wheels: tuple[Scanned, ...]
    form: Form = Form.TABLE
    verbose: bool = False


Event = (
    Refused
    | Noticed
    | Replaced
    | Stopped
    | Failed
    | Clean
    | Complaint
    | Silent
    | OtherEnvironment
    | Translated
    | Progressed
    | ScanReport
)


class Listener(Protocol):
    """Someone who is told of events as they happen."""

    def tell(self, event: Event) -> None:
        """Take one event; must not raise."""
