"""Mach-O, thin and universal: a bounded walk over macholib's declarations."""

from pip_archguard.binaries.macho.file import read_macho

__all__ = ["read_macho"]
