"""Architectures as people write them into file and folder names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from pip_archguard.model.arch import Arch

_BOTH = frozenset({Arch.ARM64, Arch.X86_64})
_ARCH_WORDS = {
    **dict.fromkeys(("arm64", "arm64e", "aarch64"), frozenset({Arch.ARM64})),
    **dict.fromkeys(("universal2", "universal"), _BOTH),
    **dict.fromkeys(
        ("x86_64", "x86-64", "x86_64h", "amd64", "x64", "intel"), frozenset({Arch.X86_64})
    ),
    **dict.fromkeys(("i386", "i686", "x86"), frozenset({Arch.I386})),
}
# Machines that no Mac is, as wheels with libraries for several Linuxes name them.
_LINUX_WORDS = {
    **dict.fromkeys(("arm", "arm32", "armel", "armhf"), frozenset({Arch.ARM})),
    **dict.fromkeys(("armv6", "armv6l", "armv7", "armv7l", "armv7hf"), frozenset({Arch.ARM})),
    **dict.fromkeys(("i586", "linux32", "x86_32"), frozenset({Arch.I386})),
    **dict.fromkeys(("ppc64le", "powerpc64le"), frozenset({Arch.PPC64LE})),
    "s390x": frozenset({Arch.S390X}),
    "riscv64": frozenset({Arch.RISCV64}),
    "loongarch64": frozenset({Arch.LOONGARCH64}),
    **dict.fromkeys(("mips", "mips64", "mipsel", "sparc"), frozenset({Arch.OTHER})),
}


# To compile these takes longer than to import all of this, and few wheels need it.
_WORD = "(?<![a-z0-9])(?:{})(?![a-z0-9])"
_ARCH_WORD = _WORD.format("|".join(sorted(_ARCH_WORDS, reverse=True)))
_LINUX_WORD = _WORD.format("|".join(sorted(_LINUX_WORDS, reverse=True)))


def archs_named(path: str) -> frozenset[Arch]:
    """Return the architectures that are written into the path."""
    words = re.findall(_ARCH_WORD, path.lower())
    return frozenset(arch for word in words for arch in _ARCH_WORDS[word])


def machines_named(path: str) -> frozenset[Arch]:
    """Return the architectures that are written into the path, those of Linux among them."""
    words = re.findall(_LINUX_WORD, path.lower())
    return archs_named(path).union(*(_LINUX_WORDS[word] for word in words))


def arch_named_tail(path: str) -> str | None:
    """Return the path from the first part on that names an architecture, or None.

    It is what source code would have to spell out to ask for this very file.
    """
    parts = PurePosixPath(path).parts
    for index, part in enumerate(parts):
        if re.search(_ARCH_WORD, part.lower()):
            return "/".join(parts[index:])
    return None


def without_archs(name: str) -> str:
    """Return the name in lower case, without the words for architectures."""
    return re.sub(_ARCH_WORD, "", name.lower())
