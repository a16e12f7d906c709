"""One native file, whatever its format."""

from __future__ import annotations

from pip_archguard.binaries.bounds import HEAD
from pip_archguard.binaries.extension_module import init_symbols
from pip_archguard.binaries.macho import Detail, read_macho, with_symbols
from pip_archguard.binaries.magic import identify
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.model.binary import Binary, Format


def read_binary(path: str, source: ByteSource, *, symbols: bool = True) -> Binary | None:
    """Return what a native file declares, None if the content is not a native file.

    Without `symbols` only the headers and load commands of a Mach-O file are read.
    A file that breaks its own format comes back with a `problem`; only what keeps its
    bytes from being read at all raises (UnreadableWheelError).
    """
    found = identify(source.read_at(0, HEAD))
    return None if found is None else READERS[found](path, source, symbols)


def _macho(path: str, source: ByteSource, symbols: bool) -> Binary:  # noqa: FBT001 - as the others
    return read_macho(path, source, _with_symbols(path) if symbols else None)


# Few wheels for Macs have files of the other formats: what reads those is imported when it does.
def _elf(path: str, source: ByteSource, _: bool) -> Binary:  # noqa: FBT001
    from pip_archguard.binaries.elf import read_elf  # noqa: PLC0415

    return read_elf(path, source)


def _pe(path: str, source: ByteSource, _: bool) -> Binary:  # noqa: FBT001
    from pip_archguard.binaries.pe import read_pe  # noqa: PLC0415

    return read_pe(path, source)


READERS = {Format.MACH_O: _macho, Format.ELF: _elf, Format.PE: _pe}


def _with_symbols(path: str) -> Detail:
    """Return what reads the symbols of a slice, asking for init functions only in pairs."""
    inits = init_symbols(path)
    return lambda piece: with_symbols(piece, inits if piece.paired else frozenset())
