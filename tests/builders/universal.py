"""Universal ("fat") Mach-O files: joining, splitting, and a look at the architectures."""

from __future__ import annotations

import struct

MACHINES = {0x0100000C: "arm64", 0x01000007: "x86_64"}
"""CPU_TYPE_ARM64 and CPU_TYPE_X86_64 of <mach/machine.h>."""

_FAT_MAGIC = 0xCAFEBABE  # <mach-o/fat.h>, always big-endian
_MACHO_MAGIC = 0xFEEDFACF  # MH_MAGIC_64 of <mach-o/loader.h>, little-endian on both machines
_ELF_MAGIC = b"\x7fELF"
_ALIGNMENT = 14  # 0x4000, the page size of Apple silicon, which lipo uses too
_CPU = struct.Struct("<III")  # magic, cputype, cpusubtype
_HEADER = struct.Struct(">II")  # magic, nfat_arch
_RECORD = struct.Struct(">IIIII")  # cputype, cpusubtype, offset, size, align


def join_slices(*slices: bytes) -> bytes:
    """Return one universal file of these thin ones, each copied whole."""
    page = 1 << _ALIGNMENT
    table, body = _HEADER.pack(_FAT_MAGIC, len(slices)), b""
    for piece in slices:
        _, cpu, subtype = _CPU.unpack_from(piece)
        table += _RECORD.pack(cpu, subtype, page + len(body), len(piece), _ALIGNMENT)
        body += piece + bytes(-len(piece) % page)
    return table.ljust(page, b"\0") + body


def split_slices(content: bytes) -> dict[str, bytes]:
    """Return the slices of a universal file, or the thin file itself, by machine."""
    if len(content) < _CPU.size:
        return {}
    if _HEADER.unpack_from(content)[0] == _FAT_MAGIC:
        records = _RECORD.iter_unpack(_table_of(content))
        return {
            MACHINES.get(cpu, hex(cpu)): content[at : at + size] for cpu, _, at, size, _ in records
        }
    magic, cpu, _ = _CPU.unpack_from(content)
    return {MACHINES.get(cpu, hex(cpu)): content} if magic == _MACHO_MAGIC else {}


def archs_of(content: bytes) -> tuple[str, ...]:
    """Return the architectures of a Mach-O file, sorted; `elf` for ELF; else nothing."""
    return ("elf",) if content.startswith(_ELF_MAGIC) else tuple(sorted(split_slices(content)))


def _table_of(content: bytes) -> bytes:
    count = _HEADER.unpack_from(content)[1]
    return content[_HEADER.size : _HEADER.size + count * _RECORD.size]
