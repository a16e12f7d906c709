"""The machine under the process: its processor, and what it can run beside its own code."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys

from pip_archguard.hosts.names import arch_of
from pip_archguard.hosts.running import is_translated, sysctl
from pip_archguard.model.arch import Arch

_SECONDS = 10
_ARCH = "/usr/bin/arch"
_UNIVERSAL_PROGRAM = "/usr/bin/true"
"""A program of macOS that has code for both architectures."""


def hardware_arch() -> Arch | None:
    """Return the architecture of the processor, whatever this process runs as.

    `hw.optional.arm64` is 1 on Apple silicon, also under Rosetta; an Intel Mac does not
    know that name.
    """
    arch = arch_of(platform.machine())
    if sys.platform == "darwin":
        return Arch.ARM64 if arch is Arch.ARM64 or sysctl("hw.optional.arm64") == "1" else arch
    return None if arch is Arch.OTHER else arch


def chip() -> str:
    """Return the name of a Mac's processor, such as `Apple M2 Pro`; empty if it is untold."""
    return sysctl("machdep.cpu.brand_string") if sys.platform == "darwin" else ""


def has_rosetta() -> bool | None:
    """Whether x86_64 programs run on this Mac with Apple silicon; None on other machines."""
    if sys.platform != "darwin" or hardware_arch() is not Arch.ARM64:
        return None
    if is_translated():
        return True
    command = [shutil.which("arch") or _ARCH, "-x86_64", _UNIVERSAL_PROGRAM]
    try:
        done = subprocess.run(  # noqa: S603 - a program of macOS, with fixed arguments
            command, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode == 0
