"""What of a PE file is read, as <winnt.h> and <corhdr.h> of the Windows SDK declare it."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from struct import Struct

LFANEW = 0x3C
"""Where the DOS header says at which byte the PE header begins (`e_lfanew`)."""

SIGNATURE = b"PE\0\0"
FILE_HEADER = Struct("<HH12xHH")
"""IMAGE_FILE_HEADER: machine, sections, size of the optional header, characteristics."""

PE32, PE32_PLUS = 0x10B, 0x20B
"""IMAGE_NT_OPTIONAL_HDR32_MAGIC and IMAGE_NT_OPTIONAL_HDR64_MAGIC."""

OPTIONAL_HEADER = {
    PE32: Struct("<2x2xI8xI8xI4xI20xI4xH22xI"),
    PE32_PLUS: Struct("<2x2xI8xI4xQ4xI20xI4xH38xI"),
}
"""IMAGE_OPTIONAL_HEADER: the size of code, the entry point, the base, the alignment in the
file, the size of the headers, the subsystem, the number of directories, which follow."""

DIRECTORY = Struct("<II")
SECTION = Struct("<8xIIII16x")
"""IMAGE_SECTION_HEADER: its size in memory and place there, its size in the file and place."""

SECTOR = 0x200
"""Windows rounds where a section begins in the file down to this (Microsoft, "PE Format")."""


class Directory(IntEnum):
    """IMAGE_DIRECTORY_ENTRY: the tables that are of use here."""

    EXPORT = 0
    IMPORT = 1
    LOAD_CONFIG = 10
    DELAY_IMPORT = 13
    COM_DESCRIPTOR = 14


class Characteristics(IntFlag):
    """Of IMAGE_FILE_HEADER."""

    EXECUTABLE_IMAGE = 0x0002
    DLL = 0x2000


NATIVE_SUBSYSTEM = 1
"""IMAGE_SUBSYSTEM_NATIVE: drivers, which the kernel loads."""

IMPORT = Struct("<12xII")
"""IMAGE_IMPORT_DESCRIPTOR: the name, and the first thunk; either is 0 at the end."""

DELAY_IMPORT = Struct("<II24x")
"""IMAGE_DELAYLOAD_DESCRIPTOR: attributes and the name, which is 0 at the end."""

RVA_BASED = 1
"""Attribute of a delay import without which its addresses count from 0 (Visual C++ 6)."""

EXPORT = Struct("<24xI4xI4x")
"""IMAGE_EXPORT_DIRECTORY: the number of names, and where the addresses of names lie."""

WORD = Struct("<I")

CHPE_METADATA = (200, Struct("<Q"))
"""`CHPEMetadataPointer` in IMAGE_LOAD_CONFIG_DIRECTORY64: an address in ARM64EC and ARM64X
files, 0 in others (LLVM, `COFFObjectFile::getMachine`)."""

DYNAMIC_RELOCATIONS = (224, Struct("<IH"))
"""`DynamicValueRelocTableOffset` and `…Section` in the same, counted from 1."""

RELOCATION_TABLE = Struct("<II")
"""IMAGE_DYNAMIC_RELOCATION_TABLE: version and size."""

RELOCATION = Struct("<QI")
"""IMAGE_DYNAMIC_RELOCATION64: its kind and the size of what follows."""

ARM64X_RELOCATION = 6
"""IMAGE_DYNAMIC_RELOCATION_ARM64X: what turns an arm64 file into one for ARM64EC."""

COR20_HEADER = Struct("<16xI44xI4x")
"""IMAGE_COR20_HEADER: the flags, and where the header of compiled code lies."""

READY_TO_RUN = 0x00525452
"""`RTR`, the signature of READYTORUN_HEADER (<readytorun.h> of .NET)."""


class CorFlags(IntFlag):
    """COMIMAGE_FLAGS of <corhdr.h>."""

    IL_ONLY = 0x1
    REQUIRES_32_BIT = 0x2
    PREFERS_32_BIT = 0x20000
