"""Which files are native code for a target's system, and which slice its process would take."""

from __future__ import annotations

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind, Slice
from pip_archguard.model.libc import Libc
from pip_archguard.model.target import System, Target

MACOS = 1
"""PLATFORM_MACOS of LC_BUILD_VERSION (mach-o/loader.h)."""

PLATFORM_NAMES = {
    1: "macOS",
    2: "iOS",
    3: "tvOS",
    4: "watchOS",
    5: "bridgeOS",
    6: "Mac Catalyst",
    7: "iOS simulator",
    8: "tvOS simulator",
    9: "watchOS simulator",
    10: "DriverKit",
    11: "visionOS",
    12: "visionOS simulator",
}

ACCEPTED = {
    Arch.ARM64: (Arch.ARM64E, Arch.ARM64),
    Arch.X86_64: (Arch.X86_64H, Arch.X86_64),
}
"""dyld's GradedArchs, best first: a process on a Mac takes these slices and no others."""

LOADABLE = frozenset({Kind.BUNDLE, Kind.DYLIB})
"""The file types that `dlopen` takes (dyld `MachOFile::isDylibOrBundle`, ELF's ET_DYN)."""


def is_for(system: System, piece: Slice) -> bool:
    """Whether code is made for this system, beside being in its format.

    A slice of Mach-O names a platform, which iOS has another; old files name none, which
    passes. What is linked against Android's C library is no code for other Linux.
    """
    if system is System.LINUX:
        return piece.libc is not Libc.BIONIC
    return system is not System.MACOS or piece.platform in (None, MACOS)


def platform_names(binary: Binary) -> tuple[str, ...]:
    """Return the platforms that the slices of a file are made for, each once."""
    names = (
        "Android"
        if piece.libc is Libc.BIONIC
        else PLATFORM_NAMES.get(piece.platform or MACOS, f"platform {piece.platform}")
        for piece in binary.slices
    )
    return tuple(dict.fromkeys(names))


def chosen_slice(binary: Binary, target: Target) -> Slice | None:
    """Return the slice that the target's loader would load, or None where it has none."""
    if not is_native(binary, target.system):
        return None
    accepted = ACCEPTED if target.system is System.MACOS else {}
    for arch in accepted.get(target.arch, (target.arch,)):
        for piece in binary.slices:
            if piece.arch is arch and is_for(target.system, piece):
                return piece
    return None


def is_native(binary: Binary, system: System) -> bool:
    """Whether the file is in the format that the system loads."""
    return binary.format is system.format


def has_library(binary: Binary) -> bool:
    """Whether the file is something that some system's `dlopen` could be asked for."""
    return any(s.kind in LOADABLE for s in binary.slices)


def is_library(binary: Binary, system: System = System.MACOS) -> bool:
    """Whether the file is something that an `import` or `dlopen` could ask for."""
    return is_native(binary, system) and has_library(binary)


def is_program(binary: Binary, system: System = System.MACOS) -> bool:
    """Whether the file is an executable for the system."""
    return is_native(binary, system) and any(
        s.kind is Kind.EXECUTABLE and is_for(system, s) for s in binary.slices
    )


def arch_names(binary: Binary) -> tuple[str, ...]:
    """Return the architectures of the file in its own order, each once."""
    return tuple(dict.fromkeys(str(s.arch) for s in binary.slices))
