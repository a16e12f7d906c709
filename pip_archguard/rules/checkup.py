"""What is wrong with a machine's set-up: pure, from what was looked at."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from pip_archguard.model.arch import Arch
from pip_archguard.model.doctor import (
    Ailment,
    Checkup,
    Conda,
    Interpreter,
    Machine,
    Trouble,
)
from pip_archguard.model.enabling import Enabling
from pip_archguard.model.reason import Severity
from pip_archguard.model.target import System

_ARM64, _X86_64 = str(Arch.ARM64), str(Arch.X86_64)
_CONDA_VARIABLE = "CONDA_SUBDIR"
_ON_BOTH = "universal2"
_CONDA_ARCHS = {"osx-64": _X86_64, "osx-arm64": _ARM64}


def troubles_of(checkup: Checkup) -> tuple[Trouble, ...]:
    """Return what is wrong, then what is worth knowing; parts that are None say nothing."""
    found = (
        *_of_the_process(checkup),
        *_of_pip(checkup),
        *_of_variables(checkup),
        *_of_tools(checkup),
        *_of_conda(checkup),
        *_of_the_cache(checkup),
    )
    return tuple(sorted(found, key=lambda trouble: trouble.severity is Severity.INFO))


def is_ill(troubles: tuple[Trouble, ...]) -> bool:
    """Whether anything is wrong, rather than only worth knowing."""
    return any(trouble.severity is not Severity.INFO for trouble in troubles)


def _of_the_process(checkup: Checkup) -> Iterator[Trouble]:
    machine, python = checkup.machine, checkup.interpreter
    if machine is None or machine.target.system is not System.MACOS:
        return
    if machine.translated and python is not None:
        yield _translated(python)
    if machine.rosetta is False:
        yield Trouble(
            ailment=Ailment.NO_ROSETTA,
            severity=Severity.INFO,
            commands=("softwareupdate --install-rosetta",),
        )


def _translated(python: Interpreter) -> Trouble:
    if _ARM64 not in python.archs:
        return Trouble(
            ailment=Ailment.INTEL_PYTHON, severity=Severity.INFO, about=(python.executable,)
        )
    return Trouble(
        ailment=Ailment.TRANSLATED,
        severity=Severity.WARN,
        about=(python.executable,),
        commands=(f"arch -arm64 {shlex.quote(python.executable)} …",),
    )


def _of_pip(checkup: Checkup) -> Iterator[Trouble]:
    pip = checkup.pip
    if pip is None:
        return
    if pip.unguardable:
        yield Trouble(
            ailment=Ailment.UNSUPPORTED_PIP, severity=Severity.WARN, about=(pip.unguardable,)
        )
    if pip.enabling is Enabling.STALE:
        yield Trouble(
            ailment=Ailment.STALE_ENABLING,
            severity=Severity.WARN,
            commands=("pip-archguard enable",),
        )
    if pip.on_path and not pip.is_ours:
        yield Trouble(ailment=Ailment.OTHER_PIP, severity=Severity.INFO, about=(pip.on_path,))


def _of_variables(checkup: Checkup) -> Iterator[Trouble]:
    """Name what makes a source build yield code for another architecture than this process."""
    machine = checkup.machine
    if machine is None or machine.target.system is not System.MACOS:
        return
    running = str(machine.target.arch)
    for setting in checkup.variables or ():
        archs = set(re.findall(r"-arch\s+(\S+)", setting.value))
        if setting.name == "_PYTHON_HOST_PLATFORM" and setting.value:
            label = setting.value.rpartition("-")[2]
            archs = {running} if label == _ON_BOTH else {label}
        if archs and running not in archs:
            yield Trouble(
                ailment=Ailment.OTHER_ARCH_SET,
                severity=Severity.WARN,
                about=(setting.name, setting.value, running),
                commands=(f"unset {setting.name}",),
            )


def _of_tools(checkup: Checkup) -> Iterator[Trouble]:
    tools, machine = checkup.tools, checkup.machine
    if tools is None or machine is None or machine.target.system is not System.MACOS:
        return
    if tools.developer_folder == "":
        yield Trouble(
            ailment=Ailment.NO_DEVELOPER_TOOLS,
            severity=Severity.INFO,
            commands=("xcode-select --install",),
        )
    native = machine.target.arch is Arch.ARM64
    foreign = [tool.path for tool in tools.found if native and tool.archs == (_X86_64,)]
    if foreign:
        yield Trouble(ailment=Ailment.INTEL_TOOL, severity=Severity.INFO, about=tuple(foreign))


def _of_conda(checkup: Checkup) -> Iterator[Trouble]:
    for conda in checkup.conda or ():
        platforms = tuple(name for name, _ in conda.subdirs if name != "noarch")
        if len(platforms) > 1:
            yield Trouble(
                ailment=Ailment.CONDA_MIXED,
                severity=Severity.WARN,
                about=(conda.prefix, *(f"{count} for {name}" for name, count in conda.subdirs)),
            )
        elif platforms:
            yield from _of_one_platform(conda, platforms[0], checkup.machine)


def _of_one_platform(conda: Conda, platform: str, machine: Machine | None) -> Iterator[Trouble]:
    for setting in conda.configured[:1]:
        if setting.value != platform:
            command = f"conda config --env --set subdir {platform}"
            if setting.name == _CONDA_VARIABLE:
                command = f"unset {_CONDA_VARIABLE}"
            yield Trouble(
                ailment=Ailment.CONDA_SUBDIR,
                severity=Severity.WARN,
                about=(conda.prefix, platform, setting.name, setting.value),
                commands=(command,),
            )
    intel = _CONDA_ARCHS.get(platform) == _X86_64
    if intel and machine is not None and machine.hardware == _ARM64:
        yield Trouble(ailment=Ailment.CONDA_INTEL, severity=Severity.INFO, about=(conda.prefix,))


def _of_the_cache(checkup: Checkup) -> Iterator[Trouble]:
    for wheel in checkup.cache.poisoned if checkup.cache is not None else ():
        yield Trouble(
            ailment=Ailment.POISONED_CACHE,
            severity=Severity.WARN,
            about=(wheel.filename,),
            commands=(f"pip cache remove {shlex.quote(wheel.pattern)}",),
        )
