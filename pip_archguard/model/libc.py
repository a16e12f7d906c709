"""The C libraries of systems whose files are ELF."""

from __future__ import annotations

from enum import Enum


class Libc(Enum):
    """Which C library code was linked against, or a process runs with."""

    GLIBC = "glibc"
    MUSL = "musl"
    BIONIC = "bionic"

    def __str__(self) -> str:
        return self.value
