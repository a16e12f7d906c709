"""The names that dyld itself would bind: chained imports, or bind opcodes.

dyld goes by these. The symbol table only repeats their library ordinals, and zig's
linker leaves them out there.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import chain

from pip_archguard.binaries.bounds import BINDS
from pip_archguard.binaries.macho.chained import read_chained
from pip_archguard.binaries.macho.declarations import (
    DYLD_INFO_COMMAND,
    LC_DYLD_CHAINED_FIXUPS,
    LC_DYLD_INFO,
    LC_DYLD_INFO_ONLY,
    LINKEDIT_DATA_COMMAND,
)
from pip_archguard.binaries.macho.header import Code, Piece
from pip_archguard.errors import BeyondBoundsError


def read_binds(piece: Piece, kept: Container[int]) -> Iterator[tuple[int, bytes]] | None:
    """Return ordinals and names of what is bound to `kept` ordinals; None if nothing tells.

    Weak references are left out, and a name may occur twice. This raises MalformedBinaryError
    if the tables lie outside the slice, and iterating does if they make no sense.
    """
    for command in piece.commands:
        if command.number == LC_DYLD_CHAINED_FIXUPS:
            fields = command.fields(LINKEDIT_DATA_COMMAND)
            data = read_part(piece.code, fields["dataoff"], fields["datasize"])
            return read_chained(data, piece.header.order, kept)
        if command.number in (LC_DYLD_INFO, LC_DYLD_INFO_ONLY):
            fields = command.fields(DYLD_INFO_COMMAND)
            eager = (fields["bind_off"], fields["bind_size"])
            lazy = (fields["lazy_bind_off"], fields["lazy_bind_size"])
            return chain(
                _run(piece.code, eager, kept, lazy=False), _run(piece.code, lazy, kept, lazy=True)
            )
    return None


def read_part(code: Code, offset: int, size: int) -> bytes:
    """Return a table that dyld reads, if it is not larger than any should be."""
    if size > BINDS and offset + size <= code.size:
        msg = f"has a table of more than {BINDS} bytes of names"
        raise BeyondBoundsError(msg)
    code.source.spend(size)
    return code.read(offset, size) if size else b""


def _run(
    code: Code, place: tuple[int, int], kept: Container[int], *, lazy: bool
) -> Iterator[tuple[int, bytes]]:
    # Only older linkers write these, and their grammar takes long to compile.
    from pip_archguard.binaries.macho.opcodes import run_opcodes  # noqa: PLC0415

    return run_opcodes(read_part(code, *place), kept, lazy=lazy)
