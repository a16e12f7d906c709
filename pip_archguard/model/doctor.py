"""What `doctor` looks at, and what may be wrong with it.

A part that could not be looked at is None in its `Checkup`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.enabling import Enabling
from pip_archguard.model.reason import Severity
from pip_archguard.model.target import Target


class DoctorForm(Enum):
    """The value of `--format`."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine and this process on it; what is not known is empty.

    `rosetta` is None where there can be none, or where it could not be told.
    """

    target: Target
    system_version: str = ""
    hardware: str = ""
    chip: str = ""
    translated: bool = False
    rosetta: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """The running Python: `built_for` is what sysconfig says, `archs` what its binary holds."""

    executable: str
    version: str
    prefix: str
    built_for: str
    archs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PipSetup:
    """pip, and whether it is or can be guarded.

    `unguardable` is why it cannot be. `on_path` is the `pip` that a shell finds, `is_ours`
    whether it is this environment's. `settings` are the names of options that
    configuration files and variables set, of those that matter here.
    """

    version: str
    unguardable: str = ""
    on_path: str = ""
    is_ours: bool = True
    enabling: Enabling | None = None
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program that source builds use; `archs` is empty for scripts, and off Macs."""

    name: str
    path: str = ""
    version: str = ""
    archs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The programs that source builds use, found or not.

    `developer_folder` is that of Xcode or its command line tools, None off Macs.
    """

    found: tuple[Tool, ...]
    missing: tuple[str, ...] = ()
    developer_folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value by the name of its variable or file."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conda:
    """The conda environment that this Python belongs to, or that is activated.

    `subdirs` are how many packages it has for each platform, `configured` what conda is
    told to install for, by variable or file, first what holds.
    """

    prefix: str
    is_ours: bool
    subdirs: tuple[tuple[str, int], ...] = ()
    configured: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedWheel:
    """A wheel that pip built and keeps; `pattern` is how `pip cache remove` finds it."""

    filename: str
    pattern: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """pip's cache of wheels that it built itself.

    `poisoned` are those that pip would take here and that cannot load. `judged` is false
    where there are no rules for this system; `complete` unless a bound ended the search.
    """

    folder: str
    wheels: int = 0
    poisoned: tuple[CachedWheel, ...] = ()
    judged: bool = True
    complete: bool = True


class Ailment(Enum):
    """What is wrong, or worth knowing; the value is its stable code."""

    TRANSLATED = "translated-process"
    INTEL_PYTHON = "intel-python"
    NO_ROSETTA = "no-rosetta"
    UNSUPPORTED_PIP = "unsupported-pip"
    OTHER_PIP = "other-pip"
    STALE_ENABLING = "stale-enabling"
    NO_DEVELOPER_TOOLS = "no-developer-tools"
    INTEL_TOOL = "intel-tool"
    OTHER_ARCH_SET = "other-arch-set"
    CONDA_MIXED = "conda-mixed"
    CONDA_SUBDIR = "conda-subdir"
    CONDA_INTEL = "conda-intel"
    POISONED_CACHE = "poisoned-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is wrong (`warn`) or worth knowing (`info`), and what mends it."""

    ailment: Ailment
    severity: Severity
    about: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """All that was looked at; a part is None where it could not be told.

    `conda` is empty where no conda is there.
    """

    machine: Machine | None = None
    interpreter: Interpreter | None = None
    pip: PipSetup | None = None
    tools: Tools | None = None
    variables: tuple[Setting, ...] | None = None
    conda: tuple[Conda, ...] | None = None
    cache: Cache | None = None
