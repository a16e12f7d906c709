"""ELF files: what their program headers and dynamic section declare."""

from pip_archguard.binaries.elf.file import read_elf

__all__ = ["read_elf"]
