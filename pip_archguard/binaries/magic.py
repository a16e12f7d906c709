"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from pip_archguard.binaries.bounds import JAVA_CLASS
from pip_archguard.model.format import Format

_FAT_MAGIC = b"\xca\xfe\xba\xbe"  # FAT_MAGIC of <mach-o/fat.h>; big-endian on every machine
_FAT_HEADER = 8  # the magic and the count of slices

_FORMATS = {
    b"\xfe\xed\xfa\xce": Format.MACH_O,  # MH_MAGIC of <mach-o/loader.h>, big-endian
    b"\xfe\xed\xfa\xcf": Format.MACH_O,  # MH_MAGIC_64
    b"\xce\xfa\xed\xfe": Format.MACH_O,  # MH_MAGIC, little-endian
    b"\xcf\xfa\xed\xfe": Format.MACH_O,  # MH_MAGIC_64, little-endian
    _FAT_MAGIC: Format.MACH_O,
    b"\xca\xfe\xba\xbf": Format.MACH_O,  # FAT_MAGIC_64
    b"\x7fELF": Format.ELF,  # <elf.h>
}
_PE_MAGIC = b"MZ"  # the DOS header that each PE file begins with


def identify(head: bytes) -> Format | None:
    """Return the format of a native file of which these are the first 8 bytes or more.

    Java class files begin as 32-bit universal files do, but have a version where those
    have a small count of slices. Counts between the two are taken for Mach-O, which
    they claim to be; dyld refuses them. Object archives are no files that load: None.
    """
    found = _FORMATS.get(head[:4])
    if found is None:
        return Format.PE if head[:2] == _PE_MAGIC else None
    if head[:4] == _FAT_MAGIC:
        count = head[4:_FAT_HEADER]
        if len(head) < _FAT_HEADER or int.from_bytes(count, "big") >= JAVA_CLASS:
            return None
    return found
