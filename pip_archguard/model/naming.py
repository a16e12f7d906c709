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
_ARCH_WORD = re.compile(
    "(?<![a-z0-9])(?:" + "|".join(sorted(_ARCH_WORDS, reverse=True)) + ")(?![a-z0-9])"
)


def archs_named(path: str) -> frozenset[Arch]:
    """Return the architectures that are written into the path."""
    words = _ARCH_WORD.findall(path.lower())
    return frozenset(arch for word in words for arch in _ARCH_WORDS[word])


def arch_named_tail(path: str) -> str | None:
    """Return the path from the first part on that names an architecture, or None.

    It is what source code would have to spell out to ask for this very file.
    """
    parts = PurePosixPath(path).parts
    for index, part in enumerate(parts):
        if _ARCH_WORD.search(part.lower()):
            return "/".join(parts[index:])
    return None


def without_archs(name: str) -> str:
    """Return the name in lower case, without the words for architectures."""
    return _ARCH_WORD.sub("", name.lower())
