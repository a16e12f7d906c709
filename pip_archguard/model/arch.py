"""CPU architectures, named as Apple's tools name them, and as Linux names the others."""

from __future__ import annotations

from enum import Enum


class Arch(Enum):
    """What one slice of a binary was compiled for; the value is the name users know.

    `ARM64EC` is code for Arm that takes the place of x86_64 code on Windows; `ANY` is that
    of a virtual machine, which runs on each architecture (.NET's AnyCPU).
    """

    ARM64 = "arm64"
    ARM64E = "arm64e"
    ARM64EC = "arm64ec"
    ARM64_32 = "arm64_32"
    ARM = "arm"
    X86_64 = "x86_64"
    X86_64H = "x86_64h"
    I386 = "i386"
    PPC = "ppc"
    PPC64 = "ppc64"
    PPC64LE = "ppc64le"
    S390X = "s390x"
    RISCV64 = "riscv64"
    LOONGARCH64 = "loongarch64"
    ANY = "any"
    OTHER = "other"

    def __str__(self) -> str:
        return self.value
