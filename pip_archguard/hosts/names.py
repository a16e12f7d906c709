"""The names by which systems and users call an architecture."""

from __future__ import annotations

from pip_archguard.model.arch import Arch

_ALIASES = {
    "aarch64": Arch.ARM64,
    "amd64": Arch.X86_64,
    "armv6l": Arch.ARM,
    "armv7l": Arch.ARM,
    "armv8l": Arch.ARM,
    "i586": Arch.I386,
    "intel": Arch.X86_64,
    "i686": Arch.I386,
    "win32": Arch.I386,
    "x86": Arch.I386,
}

UNIVERSAL2 = "universal2"
ARCH_CHOICES = (Arch.ARM64.value, Arch.X86_64.value, UNIVERSAL2, "aarch64", "amd64")
"""What `--arch` takes; Linux calls arm64 `aarch64`, Windows x86_64 `amd64`."""


def arch_of(name: str) -> Arch:
    """Return the architecture that `platform.machine()` or a platform tag names."""
    lowered = name.lower()
    if lowered in _ALIASES:
        return _ALIASES[lowered]
    try:
        arch = Arch(lowered)
    except ValueError:
        return Arch.OTHER
    return Arch.OTHER if arch is Arch.ANY else arch


def archs_of(name: str) -> tuple[Arch, ...]:
    """Return what a platform tag or `--arch` promises: `universal2` is two architectures."""
    if name == UNIVERSAL2:
        return (Arch.ARM64, Arch.X86_64)
    arch = arch_of(name)
    return () if arch is Arch.OTHER else (arch,)
