"""The names a slice leaves to the flat namespace, read forward in bounded pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass

from pip_archguard.binaries.bounds import CHUNK, NAME_BYTES, NAME_LENGTH, NAMES, SYMBOLS
from pip_archguard.binaries.macho.binds import read_flat_binds
from pip_archguard.binaries.macho.declarations import (
    DYSYMTAB_COMMAND,
    LC_DYSYMTAB,
    LC_SYMTAB,
    MH_TWOLEVEL,
    N_EXT,
    N_STAB,
    N_TYPE,
    N_UNDF,
    N_WEAK_REF,
    NLIST,
    NLIST_64,
    SYMTAB_COMMAND,
    Layout,
)
from pip_archguard.binaries.macho.header import Code, Header, LoadCommand
from pip_archguard.errors import MalformedBinaryError

# The ordinal is the high byte of `n_desc`: GET_LIBRARY_ORDINAL of <mach-o/nlist.h>.
_DYNAMIC_LOOKUP_ORDINAL = 0xFE
# Python's own names: the interpreter that loads the file has them.
_PYTHON = ("_Py", "__Py")
_WORD = 0xFFFFFFFF  # macholib declares the offset of a name signed; the header does not


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The part of a symbol table to look at, and where its names are."""

    layout: Layout
    first_at: int
    count: int
    names_at: int
    names_size: int


def read_flat_lookups(
    code: Code, header: Header, commands: tuple[LoadCommand, ...]
) -> tuple[str, ...]:
    """Return the undefined names that no named library has to provide, sorted.

    Names of Python itself and weak references are left out: neither can be missing.
    What dyld would bind is asked first; the symbol table serves where it has nothing.
    """
    found = read_flat_binds(code, header, commands)
    if found is None:
        found = _undefined(code, header, commands)
    _check_count(found)
    names = (name.decode("utf-8", "backslashreplace") for name in found if name)
    return tuple(sorted(name for name in names if not name.startswith(_PYTHON)))


def _undefined(code: Code, header: Header, commands: Iterable[LoadCommand]) -> set[bytes]:
    fields = {c.number: c for c in commands if c.number in (LC_SYMTAB, LC_DYSYMTAB)}
    if LC_SYMTAB not in fields:
        return set()
    table = _table(code, header, fields[LC_SYMTAB], fields.get(LC_DYSYMTAB))
    return set(_names(code, table, _flat(code, header, table)))


def _table(code: Code, header: Header, symtab: LoadCommand, dysymtab: LoadCommand | None) -> _Table:
    layout = NLIST_64 if header.is_64_bit else NLIST
    fields = symtab.fields(SYMTAB_COMMAND)
    first, count = 0, fields["nsyms"]
    if (
        fields["symoff"] + count * layout.size > code.size
        or fields["stroff"] + fields["strsize"] > code.size
    ):
        msg = "has a list of names that runs past its end"
        raise MalformedBinaryError(msg)
    if dysymtab is not None:
        undefined = dysymtab.fields(DYSYMTAB_COMMAND)
        if undefined["iundefsym"] + undefined["nundefsym"] <= count:
            first, count = undefined["iundefsym"], undefined["nundefsym"]
    if count > SYMBOLS:
        msg = f"has more than {SYMBOLS} names to look at"
        raise MalformedBinaryError(msg)
    return _Table(
        layout=layout,
        first_at=fields["symoff"] + first * layout.size,
        count=count,
        names_at=fields["stroff"],
        names_size=fields["strsize"],
    )


def _flat(code: Code, header: Header, table: _Table) -> set[int]:
    """Return where the names of the flat look-ups lie in the string table."""
    two_level = bool(header.flags & MH_TWOLEVEL)
    found: set[int] = set()
    for name, kind, _, description, value in _symbols(code, header, table):
        # A defined, a local, a debugging or a common symbol: nothing is looked up.
        if kind & (N_STAB | N_TYPE | N_EXT) != N_UNDF | N_EXT or value:
            continue
        flat = description >> 8 & 0xFF == _DYNAMIC_LOOKUP_ORDINAL or not two_level
        if flat and not description & N_WEAK_REF:
            found.add(name & _WORD)
            _check_count(found)
    return found


def _check_count(found: Sized) -> None:
    if len(found) > NAMES:
        msg = f"leaves more than {NAMES} names to be looked up"
        raise MalformedBinaryError(msg)


def _symbols(code: Code, header: Header, table: _Table) -> Iterator[tuple[int, ...]]:
    size = table.layout.size
    at, end = table.first_at, table.first_at + table.count * size
    while at < end:
        chunk = code.read(at, min(CHUNK // size * size, end - at))
        yield from table.layout.iter_unpack(chunk, header.order)
        at += len(chunk)


def _names(code: Code, table: _Table, offsets: set[int]) -> Iterator[bytes]:
    """Yield the names at these offsets, in their order, so that reading goes forward."""
    chunk, chunk_at, kept = b"", 0, 0
    for at in sorted(offsets):
        if at >= table.names_size:
            msg = "has a name outside its list of names"
            raise MalformedBinaryError(msg)
        end = min(at + NAME_LENGTH, table.names_size)
        if end > chunk_at + len(chunk):
            chunk_at = at
            chunk = code.read(table.names_at + at, min(CHUNK, table.names_size - at))
        name, terminated, _ = chunk[at - chunk_at : end - chunk_at].partition(b"\0")
        if not terminated and len(name) < NAME_LENGTH:
            msg = "has a name that runs past its list of names"
            raise MalformedBinaryError(msg)
        kept += len(name)
        if kept > NAME_BYTES:
            msg = f"leaves more than {NAME_BYTES} bytes of names to be looked up"
            raise MalformedBinaryError(msg)
        yield name
