"""The symbol table of a slice, read forward in bounded pieces."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from pip_archguard.binaries.bounds import CHUNK, NAME_LENGTH, NAMES, SYMBOLS
from pip_archguard.binaries.macho.declarations import (
    DYSYMTAB_COMMAND,
    LC_DYSYMTAB,
    LC_SYMTAB,
    N_ABS,
    N_EXT,
    N_INDR,
    N_PEXT,
    N_SECT,
    N_STAB,
    N_TYPE,
    N_UNDF,
    N_WEAK_REF,
    NLIST,
    NLIST_64,
    SYMTAB_COMMAND,
    Layout,
)
from pip_archguard.binaries.macho.header import Code, Piece
from pip_archguard.errors import BeyondBoundsError, BrokenSymbolsError

SELF = 0
"""BIND_SPECIAL_DYLIB_SELF of <mach-o/loader.h>: here, what the slice itself defines."""

FLAT = -2
"""BIND_SPECIAL_DYLIB_FLAT_LOOKUP."""

# GET_LIBRARY_ORDINAL of <mach-o/nlist.h>: the high byte of `n_desc`.
_DYNAMIC_LOOKUP_ORDINAL = 0xFE
_EXECUTABLE_ORDINAL = 0xFF
_DEFINED = (N_SECT, N_ABS, N_INDR)
_WORD = 0xFFFFFFFF  # macholib declares the offset of a name signed; the header does not


class _Table(NamedTuple):
    """A symbol table: `parts` are the symbols to look at, as their offset and count."""

    layout: Layout
    parts: tuple[tuple[int, int], ...]
    names_at: int
    names_size: int


def read_symbols(
    piece: Piece, kept: Container[int], *, undefined: bool, defined: bool
) -> Iterator[tuple[int, bytes]]:
    """Yield ordinals and names: of what is `undefined` and bound to `kept` ordinals, weak
    references aside, and of what is `defined` and external, with the ordinal `SELF`.

    Raises BrokenSymbolsError where the table makes no sense; dyld does without it.
    """  # noqa: D205
    fields = {c.number: c.fields(SYMTAB_COMMAND) for c in piece.commands if c.number == LC_SYMTAB}
    if fields:
        table = _table(piece, fields[LC_SYMTAB], undefined=undefined, defined=defined)
        places = _places(piece, table, kept, undefined=undefined, defined=defined)
        yield from _names(piece.code, table, places)


def _table(piece: Piece, fields: dict[str, int], *, undefined: bool, defined: bool) -> _Table:
    layout = NLIST_64 if piece.header.is_64_bit else NLIST
    at, total = fields["symoff"], fields["nsyms"]
    if (
        at + total * layout.size > piece.code.size
        or fields["stroff"] + fields["strsize"] > piece.code.size
    ):
        msg = "has a list of names that runs past its end"
        raise BrokenSymbolsError(msg)
    parts = {(0, total)}
    for command in piece.commands:
        if command.number == LC_DYSYMTAB:
            ranges = command.fields(DYSYMTAB_COMMAND)
            wanted = [kind for kind, yes in (("extdef", defined), ("undef", undefined)) if yes]
            parts = {(ranges[f"i{kind}sym"], ranges[f"n{kind}sym"]) for kind in wanted}
            if any(first + count > total for first, count in parts):
                parts = {(0, total)}
    piece.code.source.spend(sum(count for _, count in parts))
    if sum(count for _, count in parts) > SYMBOLS:
        msg = f"has more than {SYMBOLS} names to look at"
        raise BeyondBoundsError(msg)
    return _Table(
        layout=layout,
        parts=tuple((at + first * layout.size, count) for first, count in sorted(parts)),
        names_at=fields["stroff"],
        names_size=fields["strsize"],
    )


def _places(
    piece: Piece, table: _Table, kept: Container[int], *, undefined: bool, defined: bool
) -> set[tuple[int, int]]:
    """Return where the names asked for lie in the string table, each with its ordinal."""
    found: set[tuple[int, int]] = set()
    for name, kind, _, description, value in _entries(piece, table):
        ordinal = SELF
        if kind & (N_STAB | N_EXT | N_PEXT) != N_EXT:  # debugging or local
            continue
        if kind & N_TYPE != N_UNDF:
            if not defined or kind & N_TYPE not in _DEFINED:
                continue
        else:
            # A common symbol has a value: its size.
            if not undefined or value or description & N_WEAK_REF:
                continue
            ordinal = _ordinal(description >> 8 & 0xFF, two_level=piece.facts.two_level)
            if ordinal == SELF or ordinal not in kept:
                continue
        found.add((name & _WORD, ordinal))
        if len(found) > NAMES:
            msg = f"has more than {NAMES} names of a kind to be kept"
            raise BeyondBoundsError(msg)
    return found


def _ordinal(high_byte: int, *, two_level: bool) -> int:
    if not two_level or high_byte == _DYNAMIC_LOOKUP_ORDINAL:
        return FLAT
    return -1 if high_byte == _EXECUTABLE_ORDINAL else high_byte


def _entries(piece: Piece, table: _Table) -> Iterator[tuple[int, ...]]:
    size = table.layout.size
    for at, count in table.parts:
        end = at + count * size
        for start in range(at, end, CHUNK // size * size):
            chunk = piece.code.read(start, min(CHUNK // size * size, end - start))
            yield from table.layout.iter_unpack(chunk, piece.header.order)


def _names(code: Code, table: _Table, places: set[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    """Yield the names at these places, in their order, so that reading goes forward."""
    chunk, chunk_at = b"", 0
    for at, ordinal in sorted(places):
        if at >= table.names_size:
            msg = "has a name outside its list of names"
            raise BrokenSymbolsError(msg)
        end = min(at + NAME_LENGTH, table.names_size)
        if end > chunk_at + len(chunk):
            chunk_at = at
            chunk = code.read(table.names_at + at, min(CHUNK, table.names_size - at))
        name, terminated, _ = chunk[at - chunk_at : end - chunk_at].partition(b"\0")
        if not terminated and len(name) < NAME_LENGTH:
            msg = "has a name that runs past its list of names"
            raise BrokenSymbolsError(msg)
        yield ordinal, name
