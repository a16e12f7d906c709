"""How much of a native file its facts lie in, told by its first bytes."""

from __future__ import annotations

from io import BytesIO

from pip_archguard.binaries.beginning import Beginning
from pip_archguard.binaries.bounds import HEAD, LOAD_COMMANDS, LONE_SLICE
from pip_archguard.binaries.macho.cpu import CPU_TYPE_ARM64, CPU_TYPE_X86_64
from pip_archguard.binaries.macho.header import Code, read_header
from pip_archguard.binaries.magic import identify
from pip_archguard.binaries.reader import FileSource
from pip_archguard.errors import BinaryProblemError
from pip_archguard.model.binary import Kind
from pip_archguard.model.format import Format

FIRST = 32
"""Bytes by which it is told: `mach_header_64` of <mach-o/loader.h>."""

BEGINNING = 2048
"""Bytes by which it is told of ELF and PE files: their headers and tables of segments."""

_FAT = b"\xca\xfe\xba"  # FAT_MAGIC and FAT_MAGIC_64 of <mach-o/fat.h>
_SYMBOLS_IN = (Kind.BUNDLE, Kind.DYLIB)
_FAMILIES = (CPU_TYPE_ARM64, CPU_TYPE_X86_64)


def reach_of(first: bytes, size: int, *, symbols: bool = True) -> int:
    """Return how many of a file's first bytes `read_binary` and `read_exports` may ask for.

    `first` are its first bytes, `FIRST` of them or more; `size` is its whole length. Of a
    file that is not native no more than these are asked for. A thin Mach-O file is read up
    to the end of its load commands, and whole if it is a library whose symbols are read
    (see `LONE_SLICE`), for they lie at its end. In a universal file the last slice lies
    there, in ELF and PE files what they link, and whatever is broken is read as far as it
    goes. Without `symbols` no thin file
    is read beyond its load commands.
    """
    found = identify(first)
    if found is None:
        return min(size, HEAD)
    if found is not Format.MACH_O:
        return _foreign_reach(found, Beginning(first, size))
    if first.startswith(_FAT):
        return size
    try:
        header = read_header(Code(source=FileSource(BytesIO(first)), offset=0, size=len(first)))
    except BinaryProblemError:
        return size
    has_symbols = header.kind in _SYMBOLS_IN and header.cpu_type in _FAMILIES
    if symbols and has_symbols and size <= LONE_SLICE:
        return size
    return min(size, header.commands_at + min(header.commands_size, LOAD_COMMANDS))


def _foreign_reach(found: Format, beginning: Beginning) -> int:
    if found is Format.ELF:
        from pip_archguard.binaries.elf.reach import reach_of_elf as told  # noqa: PLC0415 - rare
    else:
        from pip_archguard.binaries.pe.reach import reach_of_pe as told  # noqa: PLC0415 - rare
    try:
        return min(beginning.size, max(BEGINNING, told(beginning)))
    except BinaryProblemError:
        return beginning.size
