"""How much of an ELF file its facts lie in, told by its headers."""

from __future__ import annotations

from pip_archguard.binaries.bounds import DYNAMIC_SECTION, LATE_DYNAMIC
from pip_archguard.binaries.elf.header import ET_DYN, PT_DYNAMIC, read_header, read_segments
from pip_archguard.binaries.reader import ByteSource


def reach_of_elf(source: ByteSource) -> int:
    """Return how many of a file's first bytes `read_elf` asks for, unless they lead further.

    Only of shared objects more than the header is read: up to the end of the dynamic
    section, behind which the strings of some lie that were patched; where that comes late,
    the part that tells whether it is worth it (see `LATE_DYNAMIC`).
    """
    header = read_header(source)
    if header.type != ET_DYN:
        return 0
    segments = read_segments(source, header)
    at = next((s for s in segments if s.type == PT_DYNAMIC and s.size), None)
    if at is None:
        return 0
    return LATE_DYNAMIC if at.offset > LATE_DYNAMIC else at.offset + min(at.size, DYNAMIC_SECTION)
