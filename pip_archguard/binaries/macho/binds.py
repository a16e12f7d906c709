"""The flat look-ups that dyld itself would make: chained imports, or bind opcodes.

dyld goes by these. The symbol table only repeats their library ordinals, and zig's
linker leaves them out there.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

from pip_archguard.binaries.bounds import BINDS, NAME_LENGTH, SYMBOLS
from pip_archguard.binaries.macho.declarations import (
    DYLD_INFO_COMMAND,
    LC_DYLD_CHAINED_FIXUPS,
    LC_DYLD_INFO,
    LC_DYLD_INFO_ONLY,
    LINKEDIT_DATA_COMMAND,
    MH_TWOLEVEL,
)
from pip_archguard.binaries.macho.header import Code, Header, LoadCommand
from pip_archguard.errors import MalformedBinaryError

_FLAT = -2
"""BIND_SPECIAL_DYLIB_FLAT_LOOKUP of <mach-o/loader.h>."""

# dyld_chained_fixups_header of <mach-o/fixup-chains.h>, and its DYLD_CHAINED_IMPORT,
# _ADDEND and _ADDEND64: what an import is packed into, and how far it is to the next.
_CHAINED_HEADER = "7I"
_CHAINED_IMPORTS = {1: ("I", 4), 2: ("I", 8), 3: ("Q", 16)}
_ZLIB_NAMES = 1

# BIND_OPCODE_* of <mach-o/loader.h>, the high four bits, with how many numbers follow.
_ORDINAL_IMM, _ORDINAL_ULEB, _ORDINAL_SPECIAL, _SYMBOL = 0x10, 0x20, 0x30, 0x40
_BINDS = (0x90, 0xA0, 0xB0, 0xC0)
_NUMBERS_AFTER = {_ORDINAL_ULEB: 1, 0x60: 1, 0x70: 1, 0x80: 1, 0xA0: 1, 0xC0: 2}
_THREADED_TABLE = 0xD0
_WEAK_IMPORT = 0x1
_SOME_LIBRARY = 1


def read_flat_binds(
    code: Code, header: Header, commands: Iterable[LoadCommand]
) -> set[bytes] | None:
    """Return the names bound by flat look-up, weak ones aside; None if nothing tells.

    Raises MalformedBinaryError if the tables lie outside the slice or make no sense.
    """
    two_level = bool(header.flags & MH_TWOLEVEL)
    for command in commands:
        if command.number == LC_DYLD_CHAINED_FIXUPS:
            fields = command.fields(LINKEDIT_DATA_COMMAND)
            data = _part(code, fields["dataoff"], fields["datasize"])
            imports = _chained(data, header.order)
        elif command.number in (LC_DYLD_INFO, LC_DYLD_INFO_ONLY):
            fields = command.fields(DYLD_INFO_COMMAND)
            data = _part(code, fields["bind_off"], fields["bind_size"])
            data += _part(code, fields["lazy_bind_off"], fields["lazy_bind_size"])
            imports = _opcodes(data)
        else:
            continue
        return {name for name, ordinal in imports if ordinal == _FLAT or not two_level}
    return None


def _part(code: Code, offset: int, size: int) -> bytes:
    if size > BINDS:
        msg = f"has more than {BINDS} bytes of names to bind"
        raise MalformedBinaryError(msg)
    return code.read(offset, size) if size else b""


def _chained(data: bytes, order: str) -> Iterator[tuple[bytes, int]]:
    """Yield the names and library ordinals of a list of imports, weak ones aside."""
    if not data:
        return
    try:
        _, _, at, names_at, count, layout, packing = struct.unpack_from(
            order + _CHAINED_HEADER, data
        )
        names = data[names_at:]
        if packing == _ZLIB_NAMES:
            names = zlib.decompressobj().decompress(names, BINDS)
        kind, step = _CHAINED_IMPORTS[layout]
        for entry in range(at, at + min(count, SYMBOLS) * step, step):
            (word,) = struct.unpack_from(order + kind, data, entry)
            ordinal, weak, name_at = _import(word, wide=kind == "Q")
            if not weak:
                yield names[name_at : names.index(b"\0", name_at, name_at + NAME_LENGTH)], ordinal
    except (struct.error, KeyError, ValueError, zlib.error) as error:
        msg = "has a broken list of imports"
        raise MalformedBinaryError(msg) from error


def _import(word: int, *, wide: bool) -> tuple[int, bool, int]:
    """Split an import into library ordinal, weakness and the place of its name."""
    bits = 16 if wide else 8
    ordinal, weak = word & (1 << bits) - 1, bool(word >> bits & 1)
    if ordinal > (1 << bits) - 0x10:  # the special ones are small negative numbers
        ordinal -= 1 << bits
    return ordinal, weak, word >> (32 if wide else 9)


def _opcodes(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Run the bind opcodes and yield a name with its library ordinal at each bind."""
    at, ordinal, name = 0, 0, b""
    try:
        while at < len(data):
            opcode, low = data[at] & 0xF0, data[at] & 0x0F
            at += 1
            if opcode == _ORDINAL_IMM:
                ordinal = low
            elif opcode == _ORDINAL_ULEB:
                ordinal = _SOME_LIBRARY  # whichever: a number that is written out is not flat
            elif opcode == _ORDINAL_SPECIAL:
                ordinal = low - 0x10 if low else 0
            elif opcode == _SYMBOL:
                end = data.index(b"\0", at)
                name, at = (b"" if low & _WEAK_IMPORT else data[at:end]), end + 1
            elif opcode in _BINDS and name:
                yield name, ordinal
            numbers = 1 - low if opcode == _THREADED_TABLE else _NUMBERS_AFTER.get(opcode, 0)
            for _ in range(numbers):
                while data[at] & 0x80:
                    at += 1
                at += 1
    except (IndexError, ValueError) as error:
        msg = "has broken instructions for binding"
        raise MalformedBinaryError(msg) from error
