"""What a lock file pins for each target; it is taken as it is, and pip resolves nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pip_archguard.hosts.matrix import Place, thin_places
from pip_archguard.locks.fields import Table
from pip_archguard.locks.kinds import READERS, FileKind
from pip_archguard.locks.markers import Wanted
from pip_archguard.locks.pins import choose
from pip_archguard.model.coverage import Cover
from pip_archguard.model.covering import Resolved, Taken, Why


def locked(
    kind: FileKind,
    document: Table,
    extras: Sequence[str],
    groups: Sequence[str],
    address_of: Callable[[str, str], str],
    asked: Sequence[tuple[Place, frozenset[str]]],
) -> list[Resolved]:
    """Return what the lock has for each target, without the files that are refused there.

    `address_of` finds a file of a project in the index, for a lock that names no addresses.
    """
    found = []
    for place, refused in asked:
        wanted = Wanted(environment=place.markers, extras=tuple(extras), groups=tuple(groups))
        pins = READERS[kind](document, wanted)
        if isinstance(pins, str):
            found.append(Resolved(failure=pins))
            continue
        tags, thin = place.tags(), [each.tags() for each in thin_places(place)]
        taken = (choose(pin, tags, refused, thin) for pin in pins)
        found.append(Resolved(taken=tuple(_addressed(each, address_of) for each in taken)))
    return found


def _addressed(taken: Taken, address_of: Callable[[str, str], str]) -> Taken:
    if taken.url or taken.cover is not None:
        return taken
    url = address_of(taken.project, taken.filename)
    if url:
        return replace(taken, url=url)
    return replace(taken, cover=Cover.UNKNOWN, why=(Why.NOT_IN_INDEX,))
