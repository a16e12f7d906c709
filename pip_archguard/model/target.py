"""Where a binary shall be loaded: one process, one architecture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pip_archguard.model.arch import Arch

ROSETTA_ENDS_WITH = 27
"""The last macOS in which Rosetta runs general x86_64 code (Apple, WWDC 2025)."""


class System(Enum):
    """The operating system whose loader decides."""

    MACOS = "macos"
    LINUX = "linux"
    WINDOWS = "windows"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A Python process: its system, its running architecture and what it can import.

    `suffixes` are those of importable extension modules, as in
    `importlib.machinery.EXTENSION_SUFFIXES`. `python` is a tag such as `cp312`, or
    empty where the options name none. `named` tells a target of `--platform` from the
    interpreter at hand, and `foreign` one of `--arch` for another architecture than that
    interpreter runs as, on the same machine.
    """

    system: System
    arch: Arch
    os_version: tuple[int, int] = (0, 0)
    suffixes: tuple[str, ...] = ()
    python: str = ""
    named: bool = False
    foreign: bool = False

    @property
    def id(self) -> str:
        """A stable name in the form of a platform tag, such as `macosx_14_0_arm64-cp312`."""
        version = "_".join(map(str, self.os_version))
        name = "macosx" if self.system is System.MACOS else self.system.value
        return "-".join(part for part in (f"{name}_{version}_{self.arch}", self.python) if part)

    @property
    def judged(self) -> bool:
        """Whether there are rules for this system's binary format."""
        return self.system is System.MACOS

    @property
    def has_rosetta(self) -> bool:
        """Whether helper programs compiled for x86_64 still run beside an arm64 process."""
        return self.arch is Arch.ARM64 and self.os_version[0] <= ROSETTA_ENDS_WITH
