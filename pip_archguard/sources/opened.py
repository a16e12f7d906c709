"""Optional extensions, told from the sources as they are opened one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import IO

from pip_archguard.sources.bounds import SOURCE_LENGTH, SOURCES
from pip_archguard.sources.fallback import optional_modules
from pip_archguard.sources.modules import counts, installed_path
from pip_archguard.sources.requirements import is_metadata, required_modules


def optional_in(
    opened: Iterable[tuple[str, IO[bytes]]],
    modules: Collection[str],
    standard: frozenset[str],
    loading: int = 0,
) -> frozenset[str]:
    """Return the modules that `optional_modules` calls optional, read from open files.

    `standard` are Python's own modules. Paths may be those in a wheel; METADATA among them
    tells what is installed with it. So many other libraries are `loading`. Each file is
    read up to a bound and all are up to another; where one is passed nothing is optional, for
    what is left may import anything.
    """
    texts: dict[str, bytes] = {}
    elsewhere = standard
    left = SOURCES
    for path, source in opened:
        place = installed_path(path)
        if not (counts(place) or is_metadata(place)):
            continue
        bound = min(SOURCE_LENGTH, left)
        text = source.read(bound + 1)
        if len(text) > bound:
            return frozenset()
        left -= len(text)
        if is_metadata(place):
            elsewhere |= required_modules(text)
        else:
            texts[place] = text
    places = {installed_path(module): module for module in modules}
    return frozenset(places[place] for place in optional_modules(texts, places, elsewhere, loading))
