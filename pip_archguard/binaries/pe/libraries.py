"""The DLLs that a PE file asks for."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.binaries.bounds import PE_LIBRARIES
from pip_archguard.binaries.pe.declarations import DELAY_IMPORT, IMPORT, RVA_BASED, Directory
from pip_archguard.binaries.pe.image import Image
from pip_archguard.errors import BeyondBoundsError
from pip_archguard.model.binary import Dependency


def imported_libraries(image: Image) -> tuple[Dependency, ...]:
    """Return what Windows loads with the file, and as weak what it loads once it is called."""
    found = {_name(image, address): False for address in _delayed(image)}
    weak = dict.fromkeys(found, True)
    found = {_name(image, address): False for address in _imported(image)}
    names = {**found, **{name: True for name in weak if name not in found}}
    return tuple(Dependency(install_name=n, weak=w) for n, w in names.items() if n)


def _imported(image: Image) -> Iterator[int]:
    """Yield where the names lie; the table ends as Windows sees it (`LdrpSnapIAT`)."""
    start = image.header.table(Directory.IMPORT)
    for at in _entries(start, IMPORT.size):
        name, thunk = IMPORT.unpack(image.at(at, IMPORT.size))
        if not name or not thunk:
            return
        yield name


def _delayed(image: Image) -> Iterator[int]:
    start = image.header.table(Directory.DELAY_IMPORT)
    for at in _entries(start, DELAY_IMPORT.size):
        attributes, name = DELAY_IMPORT.unpack(image.at(at, DELAY_IMPORT.size))
        if not name:
            return
        yield name if attributes & RVA_BASED else name - image.header.base


def _entries(start: int, size: int) -> Iterator[int]:
    """Yield the places of a table's entries; there is no table at 0."""
    if not start:
        return
    yield from range(start, start + PE_LIBRARIES * size, size)
    msg = f"imports more than {PE_LIBRARIES} libraries"
    raise BeyondBoundsError(msg)


def _name(image: Image, address: int) -> str:
    return image.text(address).decode("utf-8", "replace")
