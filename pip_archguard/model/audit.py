"""What `audit` finds in an environment or a folder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.arch import Arch
from pip_archguard.model.mixed import MixedUse
from pip_archguard.model.result import AuditEvent
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement


class AuditForm(Enum):
    """The value of `--format`."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


class FolderKind(Enum):
    """What an audited folder is: what its program is, and what mends it, depends on that."""

    SITE = "site-packages"
    APP = "app"
    CONDA = "conda"


class Owner(Enum):
    """Who put the files of a package there, and so what puts them there again."""

    INDEX = "index"
    URL = "url"
    EDITABLE = "editable"
    CONDA = "conda"
    APP = "app"
    NOBODY = "nobody"


class Note(Enum):
    """Something about a package that is no fault of its native files; the value is its code."""

    NO_METADATA = "no-metadata"
    NO_RECORD = "no-record"
    BROKEN_RECORD = "broken-record"
    MISSING_FILES = "missing-files"
    EDITABLE = "editable"
    EDITABLE_NOT_FOUND = "editable-not-found"


class SkipReason(Enum):
    """Why something was not looked into; the value is its code."""

    ONE_FILE = "one-file-program"
    ZIPPED = "zipped"
    UNREADABLE = "unreadable"
    LINK_LOOP = "link-loop"
    LINK_OUTSIDE = "link-outside"
    OTHER_ENVIRONMENT = "other-environment"
    TOO_MUCH = "too-much"
    SHADOWED = "shadowed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A note with what it is about: `paths`, or a sample of them, and how many there are."""

    note: Note
    paths: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Something in an audited folder that was not looked into; `detail` is the system's word."""

    path: str
    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Where a package came from: its owner, and the URL or conda subdir that goes with it."""

    owner: Owner
    url: str = ""
    subdir: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedFolder:
    """A folder that was audited; `running` if it belongs to the running environment."""

    path: str
    kind: FolderKind
    running: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One package of an audited folder, judged; paths are relative to its `location`."""

    judgement: Judgement
    targets: tuple[Target, ...]
    location: str
    origins: Origins
    folder: AuditedFolder
    remarks: tuple[Remark, ...] = ()

    @property
    def is_package(self) -> bool:
        """Whether it has a name and a version, rather than being files that nobody owns."""
        return self.origins.owner not in (Owner.APP, Owner.NOBODY)

    @property
    def can_be_installed_again(self) -> bool:
        """Whether it came from an index, under a known version, into what pip can change."""
        facts = self.judgement.facts
        known = bool(facts.project and facts.release) and self.origins.owner is Owner.INDEX
        return known and self.folder.kind is not FolderKind.APP

    @property
    def can_be_reinstalled(self) -> bool:
        """Whether the pip of the running environment can put the same version in its place."""
        return self.can_be_installed_again and self.folder.running


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport(AuditEvent):
    """The result of an audit: packages, files without an owner, and what was skipped.

    `archs` is what `--arch` said, and `fix_archs` what a reinstallation is to be asked for.
    `mended` tells that this is how things are after `--fix`. `mixed` is there where the
    running environment was filled as another architecture than it runs as.
    """

    packages: tuple[Audited, ...]
    skipped: tuple[Skipped, ...]
    folders: tuple[AuditedFolder, ...]
    exit_code: int
    form: AuditForm = AuditForm.TEXT
    verbose: bool = False
    archs: tuple[str, ...] = ()
    fix_archs: tuple[str, ...] = ()
    mended: bool = False
    mixed: MixedUse | None = None
    translated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MendingPlanned(AuditEvent):
    """What `--fix` is about to reinstall: the words after `pip-archguard`, for each run of pip.

    `others` are broken packages that it cannot mend; they are told with the result. What
    `--arch` did not ask for is mended for this Python all the same, if that runs as another
    architecture: `kept_for`.
    """

    runs: tuple[tuple[str, ...], ...]
    packages: tuple[str, ...]
    others: tuple[str, ...] = ()
    dry: bool = False
    kept_for: Arch | None = None
