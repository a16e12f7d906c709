"""The machine under the process: its processor, and what it can run beside its own code."""

from __future__ import annotations

import platform
import sys

from pip_archguard.hosts.names import arch_of
from pip_archguard.hosts.other_slice import can_start_as
from pip_archguard.hosts.running import is_translated, sysctl
from pip_archguard.model.arch import Arch


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
    return can_start_as(Arch.X86_64)
