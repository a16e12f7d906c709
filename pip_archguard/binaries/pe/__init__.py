"""PE files, which Windows runs and .NET anywhere."""

from pip_archguard.binaries.pe.file import read_pe

__all__ = ["read_pe"]
