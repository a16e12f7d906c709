"""What a target's process would load of a wheel: the modules, and all that follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pip_archguard.model.binary import Binary, Dependency, Slice
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import chosen_slice, is_library, is_program
from pip_archguard.rules.linking import Image, Link, Outcome, Search
from pip_archguard.rules.names import is_for_other_python, is_test_data, module_of
from pip_archguard.rules.site import Site, site_of


class Need(NamedTuple):
    """A dependency that an image has, not weak, and what the search for it comes to."""

    image: Image
    link: Link


class Loading(NamedTuple):
    """The dependency closure of a wheel's own libraries, for one target.

    `libraries` are those that this target's Python or its loader could be asked for;
    `images` those of them that load, the programs that run, and the libraries that both
    bring along, by path; `needs` the dependencies of these; `modules` the paths of the
    extension modules, `reach` which of them, bit by bit, need a file;
    `elsewhere` the paths of libraries that only slices link which this process never
    takes, or that may be missing. `complete` unless the searches were broken off.
    """

    libraries: tuple[Binary, ...]
    images: Mapping[str, Image]
    needs: tuple[Need, ...]
    modules: tuple[str, ...]
    reach: Mapping[str, int]
    elsewhere: frozenset[str]
    complete: bool

    def modules_of(self, path: str) -> tuple[str, ...]:
        """Return the modules whose import loads a file, or asks for it."""
        bits = self.reach.get(path, 0)
        return tuple(name for at, name in enumerate(self.modules) if bits >> at & 1)


def load(
    facts: WheelFacts,
    target: Target,
    searching: Callable[[Site, Target], Search],
    companions: Iterable[WheelFacts] = (),
    site: Site | None = None,
) -> Loading:
    """Follow every library of the wheel that loads, as the loader would, to what it links.

    `searching` makes the searches of that loader. The files of `companions`, wheels installed
    with it, can be found; or those of a `site` that holds its own files, too. Material of tests
    is followed only where something else links it.
    """
    libraries = tuple(b for b in facts.binaries if _is_asked_for(b, target))
    search = searching(site or site_of((facts, *companions)), target)
    images: dict[str, Image] = {}
    named = {b.path for b in libraries if module_of(b.path, target) is not None}
    # What a module needs is said of it, not of a library beside it.
    roots = sorted(libraries, key=lambda b: b.path not in named)
    roots += [b for b in facts.binaries if is_program(b, target.system)]
    needs, weak = _needs(roots, target, search, images)
    loaded = [path for path in images if path in named]
    reach = _reach(loaded, needs)
    elsewhere = weak.union(_elsewhere(images.values(), search))
    elsewhere -= {n.link.binary.path for n in needs if n.link.binary is not None}
    lacking = _lacking(libraries, named.difference(images, reach), images, search)
    return Loading(
        libraries=libraries,
        images=images,
        needs=tuple(needs),
        modules=(*loaded, *lacking),
        reach={**_reach_of(lacking, len(loaded)), **reach},
        elsewhere=frozenset(elsewhere),
        complete=not search.exhausted,
    )


def _is_asked_for(binary: Binary, target: Target) -> bool:
    """Whether a file is a library that the target's Python or its loader may be asked for."""
    sound = is_library(binary, target.system) and binary.problem is None
    return sound and not is_for_other_python(binary.path, target)


def _needs(
    roots: Iterable[Binary], target: Target, search: Search, images: dict[str, Image]
) -> tuple[list[Need], set[str]]:
    """Load all that follows from these; return what is needed, and what may be missing."""
    needs: list[Need] = []
    weak: set[str] = set()
    for root in (b for b in roots if not is_test_data(b.path)):
        for image, dependency, link in _follow(root, target, search, images):
            if not dependency.weak:
                needs.append(Need(image=image, link=link))
            elif link.outcome is Outcome.UNFIT and link.binary is not None:
                weak.add(link.binary.path)
    return needs, weak


def _follow(
    root: Binary, target: Target, search: Search, images: dict[str, Image]
) -> Iterator[tuple[Image, Dependency, Link]]:
    """Load a file and all that it links and that is not there yet; yield each dependency."""
    piece = chosen_slice(root, target)
    waiting = [] if piece is None else [Image(binary=root, piece=piece, root=root)]
    while waiting:
        image = waiting.pop()
        if image.binary.path in images:
            continue
        images[image.binary.path] = image
        for dependency in image.piece.dependencies:
            if search.exhausted:
                return
            link = search.resolve(dependency.install_name, image)
            taken = chosen_slice(link.binary, target) if link.binary else None
            if link.binary is not None and taken is not None:
                waiting.append(Image(binary=link.binary, piece=taken, root=root, loader=image))
            if link.outcome is not Outcome.SYSTEM:
                yield image, dependency, link


def _reach(modules: Sequence[str], needs: Iterable[Need]) -> dict[str, int]:
    """Return, by the path of each file, the modules it is loaded for: a bit for each."""
    links: defaultdict[str, set[str]] = defaultdict(set)
    for need in needs:
        if need.link.binary is not None:
            links[need.image.binary.path].add(need.link.binary.path)
    reach = {path: 1 << at for at, path in enumerate(modules)}
    waiting = list(modules)
    while waiting:
        path = waiting.pop()
        for linked in links.get(path, ()):
            bits = reach.get(linked, 0) | reach[path]
            if bits != reach.get(linked):
                reach[linked] = bits
                waiting.append(linked)
    return reach


def _lacking(
    libraries: Iterable[Binary], modules: Collection[str], images: Container[str], search: Search
) -> dict[str, tuple[str, ...]]:
    """Return, by these modules that do not load, what fails with them: what else they link.

    panda3d's `rocket` for x86_64 alone links four libraries that are so, too.
    """
    lacking = {}
    for module in (b for b in libraries if b.path in modules):
        slices = [Image(binary=module, piece=piece, root=module) for piece in module.slices]
        linked = (path for path in _unfit(slices, search) if path not in images)
        lacking[module.path] = (module.path, *linked)
    return lacking


def _reach_of(lacking: Mapping[str, Iterable[str]], first: int) -> dict[str, int]:
    """Return as `_reach` does what fails along with modules, `first` being the bit of the first."""
    reach: dict[str, int] = {}
    for at, paths in enumerate(lacking.values(), start=first):
        for path in paths:
            reach[path] = reach.get(path, 0) | 1 << at
    return reach


def _elsewhere(images: Iterable[Image], search: Search) -> Iterator[str]:
    """Yield the libraries that untaken slices of loaded files link, and what these link.

    numpy 1.21.3 universal2 is made so: each slice links thin libraries of its own. What
    only a program links is not among them, for Python code may well open that, too.
    """
    untaken = [
        Image(binary=image.binary, piece=piece, root=image.binary)
        for image in images
        for piece in image.binary.slices
        if piece is not image.piece
    ]
    return _unfit(untaken, search)


def _unfit(waiting: list[Image], search: Search) -> Iterator[str]:
    """Yield the libraries that do not load and that these slices link, and what those link."""
    seen: set[tuple[str, Slice]] = set()
    while waiting:
        image = waiting.pop()
        for dependency in image.piece.dependencies:
            if search.exhausted:
                return
            link = search.resolve(dependency.install_name, image)
            if link.outcome is not Outcome.UNFIT or link.binary is None:
                continue
            yield link.binary.path
            for piece in link.binary.slices:
                if (link.binary.path, piece) not in seen:
                    seen.add((link.binary.path, piece))
                    waiting.append(
                        Image(binary=link.binary, piece=piece, root=image.root, loader=image)
                    )
