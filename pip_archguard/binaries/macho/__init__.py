"""Mach-O, thin and universal: a bounded walk over macholib's declarations."""

from pip_archguard.binaries.macho.exports import read_exports
from pip_archguard.binaries.macho.file import Detail, read_macho
from pip_archguard.binaries.macho.symbols import with_symbols

__all__ = ["Detail", "read_exports", "read_macho", "with_symbols"]
