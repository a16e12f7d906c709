"""Which names the files of a wheel look for in one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from pip_archguard.model.binary import MANY_LOOKUPS, Binary, Format, Kind

_LIBRARIES = (Kind.BUNDLE, Kind.DYLIB)


def wanted_exports(binaries: Iterable[Binary]) -> dict[str, frozenset[str]]:
    """Return the names to look for in each file, by path; files without any are left out.

    A library is told by the base name of what others link, which is that of its path or of
    its own install name; what it re-exports is asked for the same. Names that a file
    leaves to the flat namespace are looked for in all libraries, itself among them, for
    dyld searches every image; but only if they are many or differ between its slices.
    Slices without two levels leave every name there, so theirs say nothing.
    """
    files = tuple(binaries)
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    homes = _homes(files)
    for file in files:
        for library, symbols in _imports(file).items():
            for home in _reached(library, homes):
                if home is not file:
                    wanted[home.path] |= symbols
    lookups = {name for file in files if _looks_up_much(file) for name in _lookups(file)}
    if lookups:
        for file in files:
            if _is_library(file):
                wanted[file.path] |= lookups
    return {path: frozenset(names) for path, names in wanted.items()}


def with_exports(
    binaries: tuple[Binary, ...], read_again: Callable[[Binary, frozenset[str]], Binary]
) -> tuple[Binary, ...]:
    """Return the files with those of their names that others look for.

    `read_again` is asked only for files of which something is wanted; one that cannot be read
    it returns as it is, for then nothing is known of its names.
    """
    wanted = wanted_exports(binaries)
    return tuple(
        read_again(binary, wanted[binary.path]) if binary.path in wanted else binary
        for binary in binaries
    )


def _homes(files: tuple[Binary, ...]) -> dict[str, list[Binary]]:
    """Return the libraries by each base name that they go by."""
    homes: defaultdict[str, list[Binary]] = defaultdict(list)
    for file in files:
        if _is_library(file):
            names = {file.path, *(s.install_name for s in file.slices if s.install_name)}
            for name in {_base(name) for name in names}:
                homes[name].append(file)
    return homes


def _reached(library: str, homes: dict[str, list[Binary]]) -> list[Binary]:
    """Return the files of this base name, and those that they re-export, and so on."""
    seen = {library}
    names = [library]
    found: dict[str, Binary] = {}
    while names:
        for file in homes.get(names.pop(), ()):
            found[file.path] = file
            further = {
                _base(d.install_name) for s in file.slices for d in s.dependencies if d.reexported
            }
            names += further - seen
            seen |= further
    return list(found.values())


def _imports(file: Binary) -> dict[str, set[str]]:
    """Return the symbols that a file takes, by the base name of the library."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for piece in file.slices:
        for taken in piece.imports or ():
            found[_base(taken.library)].add(taken.symbol)
    return found


def _looks_up_much(file: Binary) -> bool:
    counts = [
        len(s.flat_lookups) for s in file.slices if s.two_level and s.flat_lookups is not None
    ]
    return max(counts, default=0) >= MANY_LOOKUPS or len(set(counts)) > 1


def _lookups(file: Binary) -> set[str]:
    return {name for piece in file.slices if piece.two_level for name in piece.flat_lookups or ()}


def _is_library(file: Binary) -> bool:
    return file.format is Format.MACH_O and any(piece.kind in _LIBRARIES for piece in file.slices)


def _base(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2].lower()  # as file systems of Macs compare names
