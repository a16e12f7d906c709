"""How much of a PE file its facts lie in, told by its headers."""

from __future__ import annotations

from pip_archguard.binaries.bounds import PE_REACH
from pip_archguard.binaries.pe.declarations import Directory
from pip_archguard.binaries.pe.header import Section, read_header
from pip_archguard.binaries.reader import ByteSource


def reach_of_pe(source: ByteSource) -> int:
    """Return how many of a file's first bytes `read_pe` asks for, unless they lead further.

    Its tables lie behind its code, mostly in one section. Those that lie too far into the
    file are never read (see `PE_REACH`).
    """
    header = read_header(source)
    addresses = [address for table in Directory if (address := header.table(table))]
    ends = [
        section.offset + section.file_size
        for section in header.sections
        if any(_holds(section, address) for address in addresses)
    ]
    return max((end for end in ends if end <= PE_REACH), default=0)


def _holds(section: Section, address: int) -> bool:
    return 0 <= address - section.address < max(section.memory_size, section.file_size)
