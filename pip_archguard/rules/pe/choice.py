"""Which files the process of a Windows target can load."""

from __future__ import annotations

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind, Slice
from pip_archguard.model.target import Target

_ACCEPTED = {Arch.X86_64: (Arch.X86_64, Arch.ARM64EC)}
"""A process takes code of its own machine; on Windows on Arm, an x86_64 one takes ARM64EC
too (Microsoft, "Arm64EC for Windows on Arm"), and so the half of ARM64X that is."""


def chosen_slice(binary: Binary, target: Target) -> Slice | None:
    """Return what the target's process would take of a file, or None where it refuses it."""
    for arch in _ACCEPTED.get(target.arch, (target.arch,)):
        for piece in binary.slices:
            if piece.arch is arch:
                return piece
    return None


def is_library(binary: Binary) -> bool:
    """Whether the file is native code that an `import` or `LoadLibrary` could ask for.

    An assembly of .NET is none: .NET compiles it for the process.
    """
    return binary.format is Format.PE and any(s.kind is Kind.DYLIB for s in binary.slices)


def is_program(binary: Binary) -> bool:
    """Whether the file is a native program for Windows."""
    return binary.format is Format.PE and any(s.kind is Kind.EXECUTABLE for s in binary.slices)
