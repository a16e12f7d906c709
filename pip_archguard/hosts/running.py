"""The interpreter that runs us, as a target."""

from __future__ import annotations

import importlib.machinery
import platform
import re
import shutil
import subprocess
import sys

from packaging import tags

from pip_archguard.hosts.names import arch_of
from pip_archguard.model.target import System, Target

_SYSTEMS = {"darwin": System.MACOS, "linux": System.LINUX, "win32": System.WINDOWS}
_MAC_TAG = re.compile(r"macosx_(\d+)_(\d+)_")
_SYSCTL = "/usr/sbin/sysctl"
_SYSCTL_SECONDS = 10


def running_target() -> Target:
    """Describe the running process.

    The architecture is that of the running slice, `platform.machine()`;
    `sysconfig.get_platform()` tells how Python was built and may say `universal2`.
    """
    system = _SYSTEMS.get(sys.platform, System.OTHER)
    return Target(
        system=system,
        arch=arch_of(platform.machine()),
        os_version=_mac_version() if system is System.MACOS else (0, 0),
        suffixes=tuple(importlib.machinery.EXTENSION_SUFFIXES),
        python=f"{tags.interpreter_name()}{tags.interpreter_version()}",
    )


def _mac_version() -> tuple[int, int]:
    # packaging asks again where an old SDK makes macOS call itself 10.16 (packaging #419).
    match = _MAC_TAG.match(next(tags.mac_platforms()))
    return (int(match[1]), int(match[2])) if match else (0, 0)


def is_translated() -> bool:
    """Whether this process is x86_64 code under Rosetta (`sysctl.proc_translated`)."""
    if sys.platform != "darwin" or platform.machine() != "x86_64":
        return False
    command = [shutil.which("sysctl") or _SYSCTL, "-n", "sysctl.proc_translated"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=_SYSCTL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == "1"
