"""What the symbols of a slice say: what it looks up, takes from libraries, and exports."""

from __future__ import annotations

from collections.abc import Container, Iterable
from contextlib import suppress

from pip_archguard.binaries.bounds import NAME_BYTES, NAME_LENGTH, NAMES
from pip_archguard.binaries.macho.binds import read_binds
from pip_archguard.binaries.macho.header import Piece
from pip_archguard.binaries.macho.nlist import FLAT, SELF, read_symbols
from pip_archguard.binaries.python_api import is_python_api
from pip_archguard.errors import BeyondBoundsError, BinaryProblemError
from pip_archguard.model.binary import Import, Slice

_SYSTEM = ("/usr/lib/", "/System/Library/")
_EVERY_ORDINAL = range(-(1 << 16), 1 << 64)

_Names = dict[int, set[bytes]]


def with_symbols(piece: Piece, inits: frozenset[bytes]) -> Slice:
    """Return the facts of a slice with its flat look-ups, imports and init function.

    What dyld would bind is asked first; the symbol table serves where it has nothing.
    `inits` are the functions of which a module has one, none if the file is no module.
    """
    libraries = _libraries(piece.facts)
    kept: Container[int] = {FLAT, *libraries} if piece.facts.two_level else _EVERY_ORDINAL
    binds = read_binds(piece, kept)
    names = None if binds is None else _gathered(binds)
    found, ask_table = None, False
    if inits:
        with suppress(BinaryProblemError):  # what cannot be told is no fault
            found = _in_trie(piece, inits)
            ask_table = found is None and names is None
            if found is None and names is not None:
                found = _in_table(piece, inits)
    if names is None:
        # One walk for what is undefined and what is defined: a stream goes forward only.
        names = _gathered(read_symbols(piece, kept, undefined=True, defined=ask_table))
        defined = names.pop(SELF, set())
        found = inits & defined if ask_table else found
    return piece.facts._replace(
        flat_lookups=_flat_lookups(names, two_level=piece.facts.two_level),
        imports=_imports(names, libraries),
        exports_init=None if found is None else bool(found),
    )


def with_exports(piece: Piece, wanted: frozenset[bytes]) -> Slice:
    """Return the facts of a slice with those of the wanted names that it exports."""
    try:
        found = _in_trie(piece, wanted)
        if found is None:
            found = _in_table(piece, wanted)
    except BinaryProblemError:  # what cannot be told is no fault: dyld may never look here
        return piece.facts
    return piece.facts._replace(exports=frozenset(map(_decoded, found)))


def _in_trie(piece: Piece, wanted: frozenset[bytes]) -> frozenset[bytes] | None:
    # Most thin files are never asked for their exports.
    from pip_archguard.binaries.macho.trie import find_exports, read_trie  # noqa: PLC0415

    trie = read_trie(piece)
    return None if trie is None else find_exports(trie, wanted)


def _in_table(piece: Piece, wanted: frozenset[bytes]) -> frozenset[bytes]:
    names = _gathered(read_symbols(piece, (), undefined=False, defined=True))
    return wanted & names.get(SELF, set())


def _libraries(facts: Slice) -> dict[int, str]:
    """Return the libraries that could lack a symbol, by the ordinal that imports name."""
    if not facts.two_level:
        return {}
    return {
        ordinal: dependency.install_name
        for ordinal, dependency in enumerate(facts.dependencies, start=1)
        if not dependency.weak and not dependency.install_name.startswith(_SYSTEM)
    }


def _gathered(found: Iterable[tuple[int, bytes]]) -> _Names:
    """Return the names of each ordinal; raise BeyondBoundsError if there are too many."""
    names: _Names = {}
    count = size = 0
    for ordinal, name in found:
        known = names.setdefault(ordinal, set())
        if name in known or not name:
            continue
        known.add(name)
        count += 1
        size += len(name)
        if count > NAMES or size > NAME_BYTES:
            msg = f"binds more than {NAMES} names or {NAME_BYTES} bytes of them"
            raise BeyondBoundsError(msg)
    return names


def _flat_lookups(names: _Names, *, two_level: bool) -> tuple[str, ...]:
    """Return what is looked up everywhere: all there is, where libraries are not told apart."""
    flat = names.get(FLAT, set()) if two_level else set().union(*names.values())
    return tuple(sorted(_decoded(name) for name in flat if not is_python_api(name)))


def _imports(names: _Names, libraries: dict[int, str]) -> tuple[Import, ...]:
    """Return what is taken from these libraries, but for names that were cut."""
    pairs = {
        (_decoded(name), libraries[ordinal])
        for ordinal in names.keys() & libraries.keys()
        for name in names[ordinal]
        if len(name) < NAME_LENGTH
    }
    return tuple(Import(symbol=symbol, library=library) for symbol, library in sorted(pairs))


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
