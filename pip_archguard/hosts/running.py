"""The interpreter that runs us, as a target."""

from __future__ import annotations

import importlib.machinery
import platform
import re
import subprocess
import sys

from pip_archguard.hosts.names import arch_of
from pip_archguard.model.target import System, Target

_SYSTEMS = {"darwin": System.MACOS, "linux": System.LINUX, "win32": System.WINDOWS}
_SHORT_NAMES = {"cpython": "cp", "pypy": "pp"}  # packaging.tags, INTERPRETER_SHORT_NAMES
_MAC_TAG = r"macosx_(\d+)_(\d+)_"
_FIRST_WITHOUT_MINOR = 11
_SYSCTL = "/usr/sbin/sysctl"
_SYSCTL_SECONDS = 10


def running_target() -> Target:
    """Describe the running process.

    The architecture is that of the running slice, `platform.machine()`;
    `sysconfig.get_platform()` tells how Python was built and may say `universal2`. On Linux
    `platform.machine()` is the kernel's, which may run processes of 32 bits; on Windows it is
    the hardware's, which may emulate the process.
    """
    system = _SYSTEMS.get(sys.platform, System.OTHER)
    target = Target(
        system=system,
        arch=arch_of(platform.machine()),
        os_version=_mac_version() if system is System.MACOS else (0, 0),
        suffixes=tuple(importlib.machinery.EXTENSION_SUFFIXES),
        python=_python_tag(),
    )
    if system is System.WINDOWS:
        from pip_archguard.hosts.windows import process_arch  # noqa: PLC0415 - not for Macs

        return target._replace(arch=process_arch())
    if system is not System.LINUX:
        return target
    from pip_archguard.hosts.linux import with_running_libc  # noqa: PLC0415 - not for Macs

    return with_running_libc(target)


def _python_tag() -> str:
    name = sys.implementation.name
    return _SHORT_NAMES.get(name, name) + "".join(map(str, sys.version_info[:2]))


def _mac_version() -> tuple[int, int]:
    """Return the version as platform tags count it: from macOS 11 on, by the major alone."""
    major = platform.mac_ver()[0].partition(".")[0]
    if major.isdecimal() and int(major) >= _FIRST_WITHOUT_MINOR:
        return int(major), 0
    # packaging asks again where an old SDK makes macOS call itself 10.16 (packaging #419).
    from packaging import tags  # noqa: PLC0415 - takes long, and no other Mac needs it

    match = re.match(_MAC_TAG, next(tags.mac_platforms()))
    return (int(match[1]), int(match[2])) if match else (0, 0)


def is_translated() -> bool:
    """Whether this process is x86_64 code under Rosetta (`sysctl.proc_translated`)."""
    if sys.platform != "darwin" or platform.machine() != "x86_64":
        return False
    return sysctl("sysctl.proc_translated") == "1"


def sysctl(name: str) -> str:
    """Return what a Mac's kernel tells of itself; empty where it does not know the name."""
    from pip_archguard.hosts.programs import program  # noqa: PLC0415 - for Macs alone

    command = [program("sysctl") or _SYSCTL, "-n", name]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=_SYSCTL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip()
