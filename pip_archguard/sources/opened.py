"""Optional extensions, told from the sources as they are opened one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import IO

from pip_archguard.sources.bounds import SOURCE_LENGTH, SOURCES
from pip_archguard.sources.fallback import optional_modules
from pip_archguard.sources.modules import counts, installed_path


def optional_in(
    opened: Iterable[tuple[str, IO[bytes]]], modules: Collection[str]
) -> frozenset[str]:
    """Return the modules that `optional_modules` calls optional, read from open files.

    Paths may be those in a wheel. Each source is read up to a bound and all are up to
    another; where one is passed nothing is optional, for what is left may import anything.
    """
    texts: dict[str, bytes] = {}
    left = SOURCES
    for path, source in opened:
        place = installed_path(path)
        if not counts(place):
            continue
        bound = min(SOURCE_LENGTH, left)
        text = source.read(bound + 1)
        if len(text) > bound:
            return frozenset()
        left -= len(text)
        texts[place] = text
    places = {installed_path(module): module for module in modules}
    return frozenset(places[place] for place in optional_modules(texts, places))
