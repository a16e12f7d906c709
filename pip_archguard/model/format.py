"""The container formats of native files."""

from __future__ import annotations

from enum import Enum


class Format(Enum):
    """The container format of a native file, told by its first bytes."""

    MACH_O = "mach-o"
    ELF = "elf"
    PE = "pe"

    def __str__(self) -> str:
        return self.value
