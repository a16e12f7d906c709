"""From an install name to a file: the search that dyld makes for one dependency."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import PurePosixPath
from posixpath import dirname
from typing import NamedTuple, Protocol

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.target import Target
from pip_archguard.rules.choice import chosen_slice, is_library, is_program
from pip_archguard.rules.site import Site, place_of

SYSTEM = ("/usr/lib/", "/System/")
"""Where the libraries of macOS itself lie."""

_LOADER_PATH, _EXECUTABLE_PATH, _RPATH = "@loader_path/", "@executable_path/", "@rpath/"

MOST_PLACES = 50_000
"""Places looked at for one wheel; vtk 9.7.2, the most known, takes 8,000."""

MOST_LOOKUPS = 40_000
"""Dependencies looked for in one wheel; PySide6-Essentials 6.12.0, the most known, takes 19,284."""


class Outcome(Enum):
    """What the search for a dependency comes to."""

    FOUND = "found"
    UNFIT = "unfit"
    SYSTEM = "system"
    OUTSIDE = "outside"
    NOWHERE = "nowhere"


class Link(NamedTuple):
    """A dependency and the file it comes to.

    `exact` if that lies where dyld looks, rather than elsewhere under the same name;
    `outside` is the first path beyond any wheel at which dyld looks.
    """

    outcome: Outcome
    install_name: str
    binary: Binary | None = None
    exact: bool = True
    outside: str = ""


class Image(NamedTuple):
    """A file that a process has loaded, and the one for whose sake it was loaded first."""

    binary: Binary
    piece: Slice
    root: Binary
    loader: Image | None = None

    def chain(self) -> Iterator[Image]:
        """Yield this image, its loader, and so on: whose LC_RPATHs dyld searches."""
        image: Image | None = self
        while image is not None:
            yield image
            image = image.loader


def link_to(install_name: str, binary: Binary, target: Target, *, exact: bool) -> Link:
    """Return a dependency that comes to this file, which the target may be unable to load."""
    fits = chosen_slice(binary, target) is not None
    return Link(
        outcome=Outcome.FOUND if fits else Outcome.UNFIT,
        install_name=install_name,
        binary=binary,
        exact=exact,
    )


class Search(Protocol):
    """The searches of one target's loader for dependencies, among the files of a site."""

    @property
    def exhausted(self) -> bool:
        """Whether they have taken more steps than any sound wheel asks for."""

    def resolve(self, install_name: str, image: Image) -> Link:
        """Search for a dependency of an image."""


class DyldSearch:
    """The searches that dyld makes on a Mac."""

    def __init__(self, site: Site, target: Target) -> None:
        self.exhausted = False
        self._site = site
        self._target = target
        self._left, self._lookups = MOST_PLACES, MOST_LOOKUPS
        program = site.program
        piece = None if program is None else chosen_slice(program, target)
        # The LC_RPATHs of the main program hold for all (dyld `Loader::LoadChain`).
        self._program: tuple[Image, ...] = ()
        if program is not None and piece is not None:
            self._program = (Image(binary=program, piece=piece, root=program),)

    def resolve(self, install_name: str, image: Image) -> Link:
        """Search for a dependency of an image as dyld does.

        A path that leads nowhere may still be met by a library of that name which is
        loaded already (dyld compares install names before it opens files), and packages
        do load such libraries themselves: so one of that name anywhere will do.
        """
        self._lookups -= 1
        if self._lookups < 0:
            self.exhausted = True
            return Link(outcome=Outcome.NOWHERE, install_name=install_name)
        if install_name.startswith(SYSTEM):
            return Link(outcome=Outcome.SYSTEM, install_name=install_name)
        unfit: list[Link] = []
        outside = ""
        for place in self._places(install_name, image):
            if (binary := self._site.at(place)) is not None:
                link = link_to(install_name, binary, self._target, exact=True)
                if link.outcome is Outcome.FOUND:
                    return link
                unfit.append(link)
            elif place.startswith("/"):
                outside = outside or place
                if place.startswith(SYSTEM):
                    return Link(outcome=Outcome.SYSTEM, install_name=install_name)
        for binary in self._site.named(PurePosixPath(install_name).name):
            if not is_library(binary):
                continue
            if not self._may_go_on():
                break
            link = link_to(install_name, binary, self._target, exact=False)
            if link.outcome is Outcome.FOUND:
                return link
            unfit.append(link)
        if unfit:
            return unfit[0]
        outcome = Outcome.OUTSIDE if outside else Outcome.NOWHERE
        return Link(outcome=outcome, install_name=install_name, outside=outside)

    def _places(self, name: str, image: Image) -> Iterator[str]:
        """Yield the paths at which dyld looks: below the prefix, or absolute."""
        if not name.startswith(_RPATH):
            yield from self._expanded(name, image)
            return
        for loader in (*image.chain(), *self._program):
            for rpath in loader.piece.rpaths:
                if not self._may_go_on():
                    return
                yield from self._expanded(f"{rpath}/{name.removeprefix(_RPATH)}", loader)
            if not self._may_go_on():
                return

    def _may_go_on(self) -> bool:
        """Count a step, and say whether there is one left to take."""
        self._left -= 1
        self.exhausted = self.exhausted or self._left < 0
        return not self.exhausted

    def _expanded(self, name: str, image: Image) -> Iterator[str]:
        """Put the folder of the image, or of the program, in the place of its name.

        The program is the one that the closure began with, or that of the site. A name that
        is neither absolute nor begins with one of dyld's words is taken from the working
        directory, where nothing of ours lies.
        """
        if name.startswith("/"):
            yield name
        elif name.startswith(_LOADER_PATH):
            folder = dirname(place_of(image.binary.path))
            yield f"{folder}/{name.removeprefix(_LOADER_PATH)}"
        elif name.startswith(_EXECUTABLE_PATH):
            folder = self._site.program_folder
            if is_program(image.root):
                folder = dirname(place_of(image.root.path))
            yield f"{folder}/{name.removeprefix(_EXECUTABLE_PATH)}"
