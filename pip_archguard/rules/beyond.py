"""What a wheel leaves to others: libraries that it links and has not, by their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from pip_archguard.model.binary import Kind
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import is_library
from pip_archguard.rules.linking import SYSTEM, Image, Outcome, Search
from pip_archguard.rules.site import Site, site_of
from pip_archguard.rules.systems import rules_of


def libraries_beyond(facts: WheelFacts, targets: Iterable[Target]) -> frozenset[str]:
    """Return the names of libraries that another wheel may have for this one, in lower case.

    These are all that some slice links, but those of the system and those which every target
    finds in the wheel itself, where dyld looks first. A wheel without a library of these
    names changes nothing about this one.
    """
    linked = tuple(
        Image(binary=binary, piece=piece, root=binary)
        for binary in facts.binaries
        for piece in binary.slices
        if not all(d.install_name.startswith(SYSTEM) for d in piece.dependencies)
    )
    if not linked:
        return frozenset()
    site = site_of((facts,))
    return frozenset[str]().union(*(_beyond(linked, site, t) for t in targets if t.judged))


def library_names(facts: WheelFacts) -> frozenset[str]:
    """Return the names, in lower case, of what other wheels may link in this one."""
    if not has_libraries(facts):
        return frozenset()
    return frozenset(_name(binary.path) for binary in facts.binaries if is_library(binary))


def has_libraries(facts: WheelFacts) -> bool:
    """Whether a wheel has libraries that others may link."""
    return any(piece.kind is Kind.DYLIB for binary in facts.binaries for piece in binary.slices)


def _beyond(linked: Sequence[Image], site: Site, target: Target) -> frozenset[str]:
    search = rules_of(target.system).searching(site, target)
    return frozenset(
        _name(dependency.install_name)
        for image in linked
        for dependency in image.piece.dependencies
        if not _is_settled(search, dependency.install_name, image)
    )


def _is_settled(search: Search, install_name: str, image: Image) -> bool:
    link = search.resolve(install_name, image)
    return link.outcome is Outcome.SYSTEM or (link.outcome is Outcome.FOUND and link.exact)


def _name(path: str) -> str:
    return PurePosixPath(path).name.lower()
