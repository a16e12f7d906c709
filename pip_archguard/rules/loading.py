"""What a target's process would load of a wheel: the modules, and all that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import chosen_slice, is_library, is_program
from pip_archguard.rules.linking import Image, Link, Outcome, resolve
from pip_archguard.rules.names import is_for_other_python, module_of
from pip_archguard.rules.site import Site, site_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A dependency that an image has, not weak, and what the search for it comes to."""

    image: Image
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """The dependency closure of a wheel's own libraries, for one target.

    `libraries` are those that this target's Python or its dyld could be asked for;
    `images` those of them that load, the programs that run, and the libraries that both
    bring along; `needs` the dependencies of these; `elsewhere` the paths of libraries
    that only slices link which this process never takes.
    """

    libraries: tuple[Binary, ...]
    images: tuple[Image, ...]
    needs: tuple[Need, ...]
    elsewhere: frozenset[str]


def load(facts: WheelFacts, target: Target, companions: Iterable[WheelFacts] = ()) -> Loading:
    """Follow every library of the wheel that loads, as dyld would, to what it links.

    The files of `companions`, wheels that are installed with it, are there to be found.
    """
    site = site_of((facts, *companions))
    libraries = tuple(
        b
        for b in facts.binaries
        if is_library(b) and b.problem is None and not is_for_other_python(b.path, target)
    )
    images: dict[str, Image] = {}
    needs: list[Need] = []
    # What a module needs is said of it, not of a library beside it.
    modules_first = sorted(libraries, key=lambda b: module_of(b.path, target) is None)
    for binary in (*modules_first, *filter(is_program, facts.binaries)):
        needs += _follow(binary, site, target, images)
    return Loading(
        libraries=libraries,
        images=tuple(images.values()),
        needs=tuple(needs),
        elsewhere=frozenset(_elsewhere(images.values(), site, target)),
    )


def _follow(root: Binary, site: Site, target: Target, images: dict[str, Image]) -> Iterator[Need]:
    piece = chosen_slice(root, target)
    waiting = [] if piece is None else [Image(binary=root, piece=piece)]
    while waiting:
        image = waiting.pop()
        if image.binary.path in images:
            continue
        images[image.binary.path] = image
        for dependency in image.piece.dependencies:
            link = resolve(dependency.install_name, image, site, target)
            taken = chosen_slice(link.binary, target) if link.binary else None
            if link.outcome is Outcome.FOUND and link.binary and taken:
                waiting.append(Image(binary=link.binary, piece=taken, loader=image))
            if not dependency.weak and link.outcome is not Outcome.SYSTEM:
                yield Need(image=image, link=link)


def _elsewhere(images: Iterable[Image], site: Site, target: Target) -> Iterator[str]:
    """Yield the libraries that untaken slices of loaded files link, and what these link.

    numpy 1.21.3 universal2 is made so: each slice links thin libraries of its own. What
    only a program links is not among them, for Python code may well open that, too.
    """
    waiting = [
        Image(binary=image.binary, piece=piece)
        for image in images
        for piece in image.binary.slices
        if piece is not image.piece
    ]
    seen: set[tuple[str, Slice]] = set()
    while waiting:
        image = waiting.pop()
        for dependency in image.piece.dependencies:
            link = resolve(dependency.install_name, image, site, target)
            if link.outcome is not Outcome.UNFIT or link.binary is None:
                continue
            yield link.binary.path
            for piece in link.binary.slices:
                if (link.binary.path, piece) not in seen:
                    seen.add((link.binary.path, piece))
                    waiting.append(Image(binary=link.binary, piece=piece, loader=image))
