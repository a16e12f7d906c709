"""The machines of PE files."""

from __future__ import annotations

from pip_archguard.model.arch import Arch

I386 = 0x014C
AMD64 = 0x8664
ARM64 = 0xAA64

# IMAGE_FILE_MACHINE of <winnt.h>. Arm's three are one: Windows runs ARMNT, CE ran the others.
_ARCHS = {
    I386: Arch.I386,
    AMD64: Arch.X86_64,
    ARM64: Arch.ARM64,
    0x01C0: Arch.ARM,
    0x01C2: Arch.ARM,
    0x01C4: Arch.ARM,
    0xA641: Arch.ARM64EC,
}


def arch_of(machine: int) -> Arch:
    """Return the architecture of a machine, `OTHER` for those that Python never ran on."""
    return _ARCHS.get(machine, Arch.OTHER)
