"""Which architecture a CPU type and subtype mean, as <mach/machine.h> numbers them."""

from __future__ import annotations

from pip_archguard.model.arch import Arch

CPU_TYPE_X86_64 = 0x01000007  # CPU_ARCH_ABI64 | CPU_TYPE_X86
CPU_TYPE_ARM64 = 0x0100000C  # CPU_ARCH_ABI64 | CPU_TYPE_ARM
CPU_TYPE_ARM64_32 = 0x0200000C  # CPU_ARCH_ABI64_32 | CPU_TYPE_ARM

_CPU_SUBTYPE_X86_64_H = 8
_CPU_SUBTYPE_ARM64E = 2
# The top byte holds capabilities: x86_64 is 3 and 0x80000003, arm64e 2 and 0x80000002.
_CPU_SUBTYPE = 0x00FFFFFF

_BY_TYPE = {
    7: Arch.I386,
    12: Arch.ARM,
    18: Arch.PPC,
    0x01000012: Arch.PPC64,
    CPU_TYPE_X86_64: Arch.X86_64,
    CPU_TYPE_ARM64: Arch.ARM64,
    CPU_TYPE_ARM64_32: Arch.ARM64_32,
}
_BY_SUBTYPE = {
    (CPU_TYPE_X86_64, _CPU_SUBTYPE_X86_64_H): Arch.X86_64H,
    (CPU_TYPE_ARM64, _CPU_SUBTYPE_ARM64E): Arch.ARM64E,
}

_PAGE = 0x1000
_APPLE_PAGE = 0x4000


def arch_of(cpu_type: int, cpu_subtype: int) -> Arch:
    """Return the architecture; `Arch.OTHER` for a CPU no Mac has had."""
    special = _BY_SUBTYPE.get((cpu_type, plain_subtype(cpu_subtype)))
    return special or _BY_TYPE.get(cpu_type, Arch.OTHER)


def plain_subtype(cpu_subtype: int) -> int:
    """Return the subtype without its capability bits, as dyld compares it."""
    return cpu_subtype & _CPU_SUBTYPE


def page_size(cpu_type: int) -> int:
    """Return the size of the pages that code is mapped in (dyld, `uses16KPages`)."""
    return _APPLE_PAGE if cpu_type in (CPU_TYPE_ARM64, CPU_TYPE_ARM64_32) else _PAGE
