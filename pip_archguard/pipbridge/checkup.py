"""Looking at the machine, the interpreter, the tools and the caches, each part on its own."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pip_archguard import environment, hosts
from pip_archguard.errors import ArchGuardError
from pip_archguard.hosts.building import ARCHFLAGS, HOST_PLATFORM
from pip_archguard.model.doctor import (
    Cache,
    Checkup,
    Conda,
    Interpreter,
    Machine,
    PipSetup,
    Setting,
    Tools,
)
from pip_archguard.wheels.cached import look_through

_VARIABLES = (
    *(ARCHFLAGS, HOST_PLATFORM, "CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS"),
    *("MACOSX_DEPLOYMENT_TARGET", "SDKROOT", "DYLD_LIBRARY_PATH"),
)
"""What changes what a source build yields, or what a process loads."""

_LONGEST = 1000

# What a part of an odd machine may raise; it is told as not known.
_FAILURES = (
    *(ArchGuardError, OSError, ValueError, LookupError, TypeError, AttributeError),
    *(ImportError, RuntimeError, subprocess.SubprocessError),
)

_T = TypeVar("_T")


def check_up(pip: Callable[[], PipSetup], cache_folder: Callable[[], str]) -> Checkup:
    """Look at everything; what fails is None in the result."""
    environ = os.environ
    return Checkup(
        machine=_told(machine),
        interpreter=_told(interpreter),
        pip=_told(pip),
        tools=_told(tools),
        variables=_told(lambda: variables(environ)),
        conda=_told(lambda: conda(environ)),
        cache=_told(lambda: cache(cache_folder())),
    )


def machine() -> Machine:
    """Describe the machine, and this process on it."""
    hardware = hosts.hardware_arch()
    return Machine(
        target=hosts.running_target(),
        system_version=platform.mac_ver()[0] if sys.platform == "darwin" else platform.release(),
        hardware=str(hardware) if hardware is not None else "",
        chip=hosts.chip(),
        translated=hosts.is_translated(),
        rosetta=hosts.has_rosetta(),
    )


def interpreter() -> Interpreter:
    """Describe the running Python."""
    archs = environment.interpreter_archs()
    return Interpreter(
        executable=sys.executable,
        version=f"{sys.implementation.name} {platform.python_version()}",
        prefix=sys.prefix,
        built_for=sysconfig.get_platform(),
        archs=tuple(sorted(map(str, archs))),
    )


def tools() -> Tools:
    """Look for the programs that source builds use."""
    return environment.build_tools()


def variables(environ: Mapping[str, str]) -> tuple[Setting, ...]:
    """Return the variables that are set and matter to builds; none of them holds a secret."""
    return tuple(
        Setting(name=name, value=environ[name][:_LONGEST])
        for name in _VARIABLES
        if environ.get(name)
    )


def conda(environ: Mapping[str, str]) -> tuple[Conda, ...]:
    """Return the conda environments that matter here."""
    return environment.conda_setups(environ)


def cache(folder: str) -> Cache:
    """Look through the wheels that pip built; without a folder, its cache is switched off."""
    if not folder:
        return Cache(folder="")
    return look_through(Path(folder) / "wheels", hosts.running_target())


def _told(look: Callable[[], _T]) -> _T | None:
    try:
        return look()
    except _FAILURES:
        return None
