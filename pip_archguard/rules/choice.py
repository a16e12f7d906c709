"""Which slice of a file a target's process would take."""

from __future__ import annotations

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind, Slice
from pip_archguard.model.target import Target

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
"""dyld's GradedArchs, best first: a process takes these slices and no others."""

LOADABLE = frozenset({Kind.BUNDLE, Kind.DYLIB})
"""The Mach-O file types that `dlopen` takes (dyld `MachOFile::isDylibOrBundle`)."""


def is_for_macos(piece: Slice) -> bool:
    """Whether dyld on a Mac would accept the platform; old files name none, which passes."""
    return piece.platform in (None, MACOS)


def chosen_slice(binary: Binary, target: Target) -> Slice | None:
    """Return the slice that the target's dyld would load, or None where it has none."""
    for arch in ACCEPTED.get(target.arch, (target.arch,)):
        for piece in binary.slices:
            if piece.arch is arch and is_for_macos(piece):
                return piece
    return None


def is_library(binary: Binary) -> bool:
    """Whether the file is something that an `import` or `dlopen` could ask for."""
    return binary.format is Format.MACH_O and any(s.kind in LOADABLE for s in binary.slices)


def is_program(binary: Binary) -> bool:
    """Whether the file is an executable for a Mac."""
    return binary.format is Format.MACH_O and any(
        s.kind is Kind.EXECUTABLE and is_for_macos(s) for s in binary.slices
    )


def arch_names(binary: Binary) -> tuple[str, ...]:
    """Return the architectures of the file in its own order, each once."""
    return tuple(dict.fromkeys(str(s.arch) for s in binary.slices))
