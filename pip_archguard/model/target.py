"""Where a binary shall be loaded: one process, one architecture."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from pip_archguard.model.arch import Arch
from pip_archguard.model.format import Format
from pip_archguard.model.libc import Libc

ROSETTA_ENDS_WITH = 27
"""The last macOS in which Rosetta runs general x86_64 code (Apple, WWDC 2025)."""


_WINDOWS_NAMES = {Arch.X86_64: "amd64", Arch.I386: "win32", Arch.ARM: "arm32"}
_FORMATS = {"macos": Format.MACH_O, "linux": Format.ELF, "windows": Format.PE}
_LINUX_NAMES = {Arch.ARM64: "aarch64", Arch.I386: "i686", Arch.ARM: "armv7l"}
_LINUX_TAGS = {Libc.GLIBC: "manylinux", Libc.MUSL: "musllinux"}


class System(Enum):
    """The operating system whose loader decides."""

    MACOS = "macos"
    LINUX = "linux"
    WINDOWS = "windows"
    OTHER = "other"

    @property
    def format(self) -> Format | None:
        """The one format of native files that its loader takes."""
        return _FORMATS.get(self.value)


_TAGS_BEGIN = {
    "macosx_": System.MACOS,
    "linux_": System.LINUX,
    "manylinux": System.LINUX,
    "musllinux": System.LINUX,
    "win": System.WINDOWS,
}


def systems_named(platforms: Iterable[str]) -> frozenset[System]:
    """Return the systems that platform tags name; `any` and what is not known name none."""
    return frozenset(
        system
        for tag in platforms
        for beginning, system in _TAGS_BEGIN.items()
        if tag.startswith(beginning)
    )


class Target(NamedTuple):
    """A Python process: its system, its running architecture and what it can import.

    `suffixes` are those of importable extension modules, as in
    `importlib.machinery.EXTENSION_SUFFIXES`. `python` is a tag such as `cp312`, or
    empty where the options name none. `named` tells a target of `--platform` from the
    interpreter at hand, and `foreign` one of `--arch` for another architecture than that
    interpreter runs as, on the same machine. On Linux `os_version` is that of `libc`, the C
    library that the process runs with.
    """

    system: System
    arch: Arch
    os_version: tuple[int, int] = (0, 0)
    suffixes: tuple[str, ...] = ()
    python: str = ""
    named: bool = False
    foreign: bool = False
    libc: Libc | None = None

    @property
    def id(self) -> str:
        """A stable name in the form of a platform tag, such as `macosx_14_0_arm64-cp312`."""
        version = "_".join(map(str, self.os_version))
        name = self.system.value
        if self.system is System.MACOS:
            name = "macosx"
        elif self.system is System.LINUX:
            name = name if self.libc is None else _LINUX_TAGS.get(self.libc, name)
            version = "" if self.os_version == (0, 0) else version
        elif self.system is System.WINDOWS:
            name, version = "" if self.arch is Arch.I386 else "win", ""
        platform = "_".join(part for part in (name, version, self.arch_in_tags) if part)
        return "-".join(part for part in (platform, self.python) if part)

    @property
    def arch_in_tags(self) -> str:
        """The architecture as platform tags of this system call it."""
        names = {System.LINUX: _LINUX_NAMES, System.WINDOWS: _WINDOWS_NAMES}.get(self.system, {})
        return names.get(self.arch, str(self.arch))

    @property
    def judged(self) -> bool:
        """Whether there are rules for this system's binary format."""
        return self.system is not System.OTHER

    @property
    def has_rosetta(self) -> bool:
        """Whether helper programs compiled for x86_64 still run beside an arm64 process."""
        mac = self.system is System.MACOS and self.arch is Arch.ARM64
        return mac and self.os_version[0] <= ROSETTA_ENDS_WITH
