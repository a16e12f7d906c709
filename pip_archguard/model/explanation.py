"""What an error of loading comes to, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pip_archguard.model.arch import Arch
    from pip_archguard.model.finding import Finding
    from pip_archguard.model.format import Format
    from pip_archguard.model.load_error import LoadError
    from pip_archguard.model.owner import Owner, Place
    from pip_archguard.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """The process that explains: its target, and the machine under it.

    `hardware` is None where that cannot be told.
    """

    target: Target
    python: str
    hardware: Arch | None = None
    translated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the file that an error names holds, as it lies on this machine.

    `target` is the process it was judged for, None where there are no rules for it; `fits` if
    the file is a library with code for that. `problem` tells why it could not be read.
    `absent` are libraries that it asks for and that are nowhere, where the message does not
    name them. `for_other_python` if a module was not found and this file has its name, but
    not for the Python that runs here.
    """

    path: str
    format: Format | None = None
    archs: tuple[str, ...] = ()
    target: Target | None = None
    fits: bool = False
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    absent: tuple[str, ...] = ()
    for_other_python: bool = False


class Ran(Enum):
    """As what the process ran that could not load something."""

    ARM64 = "arm64"
    ROSETTA = "rosetta"
    MAYBE_ROSETTA = "maybe-rosetta"
    INTEL = "intel"
    UNKNOWN = "unknown"


class StepKind(Enum):
    """One thing to do."""

    REINSTALL = "reinstall"
    REINSTALL_IN_CONDA = "reinstall-in-conda"
    REINSTALL_TOOL = "reinstall-tool"
    BUILD = "build"
    START_NATIVELY = "start-natively"
    FILL_FOR_X86_64 = "fill-for-x86-64"
    OTHER_APP = "other-app"
    INSTALL_LIBRARY = "install-library"
    INSTALL_ROSETTA = "install-rosetta"
    OTHER_IMAGE = "other-image"
    OTHER_RELEASE = "other-release"
    REPAIR_PYTHON = "repair-python"
    NAMED_FOR_HERE = "named-for-here"
    GUARD_THE_BUILD = "guard-the-build"
    ASK_ITS_INSTALLER = "ask-its-installer"
    TRY_AGAIN = "try-again"
    PASTE_ALL = "paste-all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, with the commands that do it, ready to paste."""

    kind: StepKind
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One error, whose file it is, what that file holds here, and what to do."""

    error: LoadError
    process: Process
    place: Place | None = None
    owner: Owner | None = None
    looked: Looked | None = None
    ran: Ran = Ran.UNKNOWN
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """All that a text holds: the errors to see to, and those that only follow from them.

    `more` if there may be others, beyond the bound.
    """

    explanations: tuple[Explanation, ...]
    follow: tuple[LoadError, ...] = ()
    more: bool = False
