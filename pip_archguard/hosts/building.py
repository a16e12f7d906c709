"""What a source build in this process yields, and how it yields what is wanted."""

from __future__ import annotations

import platform
import re
import sysconfig
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pip_archguard.hosts.names import UNIVERSAL2, arch_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target

ARCHFLAGS = "ARCHFLAGS"
"""Flags for the compiler; distutils, setuptools and maturin put them in the place of Python's."""

HOST_PLATFORM = "_PYTHON_HOST_PLATFORM"
"""What `sysconfig.get_platform()` answers, and with it the tag of a wheel that is built."""

_OLDEST_ON_ARM64 = (11, 0)
_ON_BOTH = frozenset({Arch.ARM64, Arch.X86_64})


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSettings:
    """Variables to set for a source build, and the architectures that it then yields."""

    variables: tuple[tuple[str, str], ...]
    archs: frozenset[Arch]


def settings_on(
    running: Target, wanted: Collection[Arch], environ: Mapping[str, str]
) -> BuildSettings:
    """Return how a source build on this machine yields the wanted architectures.

    Elsewhere than on a Mac a compiler makes code for the machine it runs on, and no variable
    that all build backends know says otherwise.
    """
    if running.system is System.MACOS:
        return build_settings(wanted, environ)
    return BuildSettings(variables=(), archs=frozenset({running.arch}))


def build_settings(wanted: Collection[Arch], environ: Mapping[str, str]) -> BuildSettings:
    """Return how a source build on a Mac yields them, under a name that is true.

    What the user set stands: with an `ARCHFLAGS` of theirs only the name is mended. A
    Python built for both architectures names its wheels `universal2` whatever they hold,
    and pip's cache would give such a wheel to the other architecture (uv issue 13984).
    cibuildwheel sets the same two variables. `wanted` is not empty.
    """
    default = _archs_of_python() or frozenset({arch_of(platform.machine())})
    chosen = _archs_in(environ.get(ARCHFLAGS, ""))
    if environ.get(HOST_PLATFORM):  # whoever sets that knows what they build
        return BuildSettings(variables=(), archs=chosen or default)
    archs = chosen or frozenset(wanted)
    if archs == default:
        return BuildSettings(variables=(), archs=archs)
    name = (HOST_PLATFORM, _platform_of(archs, environ))
    flags = (ARCHFLAGS, " ".join(f"-arch {arch}" for arch in sorted(archs, key=str)))
    return BuildSettings(variables=(name,) if chosen else (flags, name), archs=archs)


def _archs_of_python() -> frozenset[Arch]:
    """Return what Python was built for; sysconfig itself puts `ARCHFLAGS` into `CFLAGS`."""
    names = ("_OSX_SUPPORT_INITIAL_CFLAGS", "CFLAGS")
    flags = (sysconfig.get_config_var(name) for name in names)
    return _archs_in(str(next(filter(None, flags), "")))


def _archs_in(flags: str) -> frozenset[Arch]:
    return frozenset(arch_of(name) for name in re.findall(r"-arch\s+(\S+)", flags))


def _platform_of(archs: frozenset[Arch], environ: Mapping[str, str]) -> str:
    name = "MACOSX_DEPLOYMENT_TARGET"
    oldest = environ.get(name) or str(sysconfig.get_config_var(name) or "")
    numbers = [*map(int, re.findall(r"\d+", oldest)), 0, 0]
    version = (numbers[0], numbers[1])
    if archs == {Arch.ARM64}:  # there is no older macOS for it
        version = max(version, _OLDEST_ON_ARM64)
    label = UNIVERSAL2 if archs == _ON_BOTH else "_".join(sorted(map(str, archs)))
    return f"macosx-{version[0]}.{version[1]}-{label}"
