"""Whether a PE file exports a function."""

from __future__ import annotations

from collections.abc import Iterable

from pip_archguard.binaries.pe.declarations import EXPORT, WORD, Directory
from pip_archguard.binaries.pe.image import Image


def exports_one_of(image: Image, names: Iterable[bytes]) -> bool:
    """Whether one of the names is exported, found as `GetProcAddress` finds it."""
    start = image.header.table(Directory.EXPORT)
    if not start:
        return False
    count, addresses = EXPORT.unpack(image.at(start, EXPORT.size))
    return any(_holds(image, addresses, count, name) for name in names)


def _holds(image: Image, addresses: int, count: int, name: bytes) -> bool:
    """Search the names by halves: they are sorted, and Windows takes that for granted."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        (address,) = WORD.unpack(image.at(addresses + middle * WORD.size, WORD.size))
        found = image.text(address)
        if found == name:
            return True
        if found < name:
            low = middle + 1
        else:
            high = middle
    return False
