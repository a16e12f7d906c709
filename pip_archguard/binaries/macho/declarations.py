"""Structures and constants of Mach-O as macholib declares them, given types.

macholib has no annotations, so nothing else touches it. Its `from_str` builds an object
for each field, nine times slower than `struct` on the same format, so a `Layout` takes
the declaration and unpacks it at once.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

from macholib import mach_o


class Layout:
    """The fields of one C structure, in either byte order."""

    def __init__(self, structure: Any) -> None:
        self.size: Final[int] = structure._size_
        self._names: Final[tuple[str, ...]] = tuple(structure._names_)
        format_ = str(structure._format_)
        self._structs: Final = {order: struct.Struct(order + format_) for order in "<>"}

    def unpack(self, content: bytes, offset: int, order: str) -> dict[str, int]:
        """Return the fields at `offset` by name; there must be `size` bytes."""
        return dict(
            zip(self._names, self._structs[order].unpack_from(content, offset), strict=True)
        )

    def tuples(self, order: str) -> Callable[[bytes, int], tuple[int, ...]]:
        """Return what unpacks the fields at an offset as a bare tuple, for many in a row."""
        return self._structs[order].unpack_from

    def iter_unpack(self, content: bytes, order: str) -> Iterator[tuple[int, ...]]:
        """Yield the fields of structure after structure, as bare tuples."""
        return self._structs[order].iter_unpack(content)


# <mach-o/fat.h>
FAT_MAGIC: Final[int] = mach_o.FAT_MAGIC
FAT_MAGIC_64: Final[int] = mach_o.FAT_MAGIC_64
FAT_HEADER: Final = Layout(mach_o.fat_header)
FAT_ARCH: Final = Layout(mach_o.fat_arch)
FAT_ARCH_64: Final = Layout(mach_o.fat_arch64)

# <mach-o/loader.h>
MH_MAGIC: Final[int] = mach_o.MH_MAGIC
MH_MAGIC_64: Final[int] = mach_o.MH_MAGIC_64
MACH_HEADER: Final = Layout(mach_o.mach_header)
MACH_HEADER_64: Final = Layout(mach_o.mach_header_64)

MH_OBJECT: Final[int] = mach_o.MH_OBJECT
MH_EXECUTE: Final[int] = mach_o.MH_EXECUTE
MH_DYLIB: Final[int] = mach_o.MH_DYLIB
MH_BUNDLE: Final[int] = mach_o.MH_BUNDLE
MH_DSYM: Final[int] = mach_o.MH_DSYM
MH_TWOLEVEL: Final[int] = mach_o.MH_TWOLEVEL

LOAD_COMMAND: Final = Layout(mach_o.load_command)
# macholib's structures of single commands leave `cmd` and `cmdsize` out.
DYLIB_COMMAND: Final = Layout(mach_o.dylib_command)
RPATH_COMMAND: Final = Layout(mach_o.rpath_command)
BUILD_VERSION_COMMAND: Final = Layout(mach_o.build_version_command)
VERSION_MIN_COMMAND: Final = Layout(mach_o.version_min_command)
SYMTAB_COMMAND: Final = Layout(mach_o.symtab_command)
DYSYMTAB_COMMAND: Final = Layout(mach_o.dysymtab_command)
DYLD_INFO_COMMAND: Final = Layout(mach_o.dyld_info_command)
LINKEDIT_DATA_COMMAND: Final = Layout(mach_o.linkedit_data_command)

LC_SYMTAB: Final[int] = mach_o.LC_SYMTAB
LC_DYSYMTAB: Final[int] = mach_o.LC_DYSYMTAB
LC_DYLD_INFO: Final[int] = mach_o.LC_DYLD_INFO
LC_DYLD_INFO_ONLY: Final[int] = mach_o.LC_DYLD_INFO_ONLY
LC_DYLD_CHAINED_FIXUPS: Final[int] = mach_o.LC_DYLD_CHAINED_FIXUPS
LC_DYLD_EXPORTS_TRIE: Final[int] = mach_o.LC_DYLD_EXPORTS_TRIE
LC_ID_DYLIB: Final[int] = mach_o.LC_ID_DYLIB
LC_LOAD_DYLIB: Final[int] = mach_o.LC_LOAD_DYLIB
LC_LOAD_WEAK_DYLIB: Final[int] = mach_o.LC_LOAD_WEAK_DYLIB
LC_REEXPORT_DYLIB: Final[int] = mach_o.LC_REEXPORT_DYLIB
LC_LAZY_LOAD_DYLIB: Final[int] = mach_o.LC_LAZY_LOAD_DYLIB
LC_LOAD_UPWARD_DYLIB: Final[int] = mach_o.LC_LOAD_UPWARD_DYLIB
LC_RPATH: Final[int] = mach_o.LC_RPATH
LC_CODE_SIGNATURE: Final[int] = mach_o.LC_CODE_SIGNATURE
LC_BUILD_VERSION: Final[int] = mach_o.LC_BUILD_VERSION
LC_VERSION_MIN_MACOSX: Final[int] = mach_o.LC_VERSION_MIN_MACOSX
LC_VERSION_MIN_IPHONEOS: Final[int] = mach_o.LC_VERSION_MIN_IPHONEOS
LC_VERSION_MIN_TVOS: Final[int] = mach_o.LC_VERSION_MIN_TVOS
LC_VERSION_MIN_WATCHOS: Final[int] = mach_o.LC_VERSION_MIN_WATCHOS

# <mach-o/nlist.h>
NLIST: Final = Layout(mach_o.nlist)
NLIST_64: Final = Layout(mach_o.nlist_64)
N_STAB: Final[int] = mach_o.N_STAB
N_TYPE: Final[int] = mach_o.N_TYPE
N_EXT: Final[int] = mach_o.N_EXT
N_UNDF: Final[int] = mach_o.N_UNDF
N_ABS: Final[int] = mach_o.N_ABS
N_SECT: Final[int] = mach_o.N_SECT
N_INDR: Final[int] = mach_o.N_INDR
N_PEXT: Final[int] = mach_o.N_PEXT
N_WEAK_REF: Final[int] = mach_o.N_WEAK_REF
