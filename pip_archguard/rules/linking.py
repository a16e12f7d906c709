"""From an install name to a file: the search that dyld makes for one dependency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.target import Target
from pip_archguard.rules.choice import chosen_slice, is_program
from pip_archguard.rules.site import Site, place_of

_SYSTEM = ("/usr/lib/", "/System/")
_LOADER_PATH, _EXECUTABLE_PATH, _RPATH = "@loader_path/", "@executable_path/", "@rpath/"
_BIN = PurePosixPath("bin")


class Outcome(Enum):
    """What the search for a dependency comes to."""

    FOUND = "found"
    UNFIT = "unfit"
    SYSTEM = "system"
    OUTSIDE = "outside"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A dependency and the file it comes to; `outside` is a path beyond any wheel."""

    outcome: Outcome
    install_name: str
    binary: Binary | None = None
    outside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A file that a process has loaded, with the files by which it came to be loaded."""

    binary: Binary
    piece: Slice
    loader: Image | None = None

    @property
    def root(self) -> Binary:
        """The extension or library that was asked for first."""
        return self.binary if self.loader is None else self.loader.root

    def chain(self) -> Iterator[Image]:
        """Yield this image, its loader, and so on: whose LC_RPATHs dyld searches."""
        image: Image | None = self
        while image is not None:
            yield image
            image = image.loader


def resolve(install_name: str, image: Image, site: Site, target: Target) -> Link:
    """Search for a dependency of an image as dyld does, among the files of the site.

    A path that leads nowhere may still be met by a library of that name which is loaded
    already (dyld compares install names before it opens files), and packages do load
    such libraries themselves: so a file of that name anywhere in the site will do.
    """
    if install_name.startswith(_SYSTEM):
        return Link(outcome=Outcome.SYSTEM, install_name=install_name)
    places = tuple(_places(install_name, image))
    exact = [b for place in places if place[0] != "/" and (b := site.at(place)) is not None]
    found = exact + [b for b in site.named(PurePosixPath(install_name).name) if b not in exact]
    for binary in found:
        if chosen_slice(binary, target) is not None:
            return Link(outcome=Outcome.FOUND, install_name=install_name, binary=binary)
    if found:
        return Link(outcome=Outcome.UNFIT, install_name=install_name, binary=found[0])
    outside = [place for place in places if place[0] == "/"]
    if any(place.startswith(_SYSTEM) for place in outside):
        return Link(outcome=Outcome.SYSTEM, install_name=install_name)
    if outside:
        return Link(outcome=Outcome.OUTSIDE, install_name=install_name, outside=outside[0])
    return Link(outcome=Outcome.NOWHERE, install_name=install_name)


def _places(name: str, image: Image) -> Iterator[str]:
    """Yield the paths at which dyld looks: below the prefix, or absolute."""
    if not name.startswith(_RPATH):
        yield from _expanded(name, image)
        return
    for loader in image.chain():
        for rpath in loader.piece.rpaths:
            yield from _expanded(f"{rpath}/{name.removeprefix(_RPATH)}", loader)


def _expanded(name: str, image: Image) -> Iterator[str]:
    """Put the folder of the image, or of the program, in the place of its name.

    The program is Python in `bin`, or the one that the closure began with. A name that
    is neither absolute nor begins with one of dyld's words is taken from the working
    directory, where nothing of ours lies.
    """
    if name.startswith("/"):
        yield name
    elif name.startswith(_LOADER_PATH):
        folder = PurePosixPath(place_of(image.binary.path)).parent
        yield f"{folder}/{name.removeprefix(_LOADER_PATH)}"
    elif name.startswith(_EXECUTABLE_PATH):
        folder = PurePosixPath(place_of(image.root.path)).parent if is_program(image.root) else _BIN
        yield f"{folder}/{name.removeprefix(_EXECUTABLE_PATH)}"
