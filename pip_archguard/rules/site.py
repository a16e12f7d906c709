"""Where native files lie: those of wheels once installed, or those of a folder on disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename, dirname, normpath
from types import MappingProxyType
from typing import NamedTuple

from pip_archguard.model.binary import Binary
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import has_library

SITE_PACKAGES = "lib/python/site-packages"
"""Stands for `lib/python3.12/site-packages`: as deep, which is what `..` counts."""

# Where the parts of a wheel's `.data` folder go (PEP 427; `sysconfig`, posix_prefix).
_SCHEMES = {
    "purelib": SITE_PACKAGES,
    "platlib": SITE_PACKAGES,
    "scripts": "bin",
    "headers": "include",
    "data": ".",
}


_BIN = "bin"
_MOST_LINKS = 32
"""Links that one path may lead through: MAXSYMLINKS of <sys/param.h> on a Mac."""


class Ground(NamedTuple):
    """What is known of the folder in which files lie that are judged in place.

    `root` is its absolute path, which the paths of the files are relative to; `links` are
    symbolic links within it; `program` is the program whose process loads the files. Of a
    wheel nothing is known: Python lies in `bin`, as `sysconfig` has it.
    """

    root: str = ""
    links: Mapping[str, str] = MappingProxyType({})
    program: Binary | None = None


NO_GROUND = Ground()


class Site(NamedTuple):
    """Native files by where they lie, and by their bare names.

    Names are compared in lower case, as file systems of Macs do. `links` leads from places
    to places, `root` is the absolute path of site-packages, if it has one.
    """

    files: Mapping[str, Binary]
    by_name: Mapping[str, tuple[str, ...]]
    links: Mapping[str, str] = MappingProxyType({})
    root: str = ""
    program: Binary | None = None

    @property
    def program_folder(self) -> str:
        """Where the program of the process lies (dyld's `@executable_path`)."""
        return _BIN if self.program is None else dirname(place_of(self.program.path))

    def at(self, place: str) -> Binary | None:
        """Return the file at a path below the prefix, or at an absolute one; or None."""
        if place.startswith("/"):
            root = f"{self.root}/"
            if not self.root or not normpath(place).startswith(root):
                return None
            place = f"{SITE_PACKAGES}/{normpath(place).removeprefix(root)}"
        return self.files.get(_resolved(normpath(place).lower(), self.files, self.links))

    def named(self, name: str) -> Iterator[Binary]:
        """Yield the libraries of this base name, wherever they lie."""
        return (self.files[place] for place in self.by_name.get(name.lower(), ()))


def place_of(path: str) -> str:
    """Return where a member of a wheel is installed, below the prefix."""
    folder, _, inside = path.partition("/")
    scheme, _, rest = inside.partition("/")
    root = _SCHEMES.get(scheme) if folder.endswith(".data") else None
    if not root or not rest:
        return f"{SITE_PACKAGES}/{path}"
    return normpath(f"{root}/{rest}")


def module_path(path: str) -> str:
    """Return the path of a member as `import` sees it, below site-packages."""
    return place_of(path).removeprefix(f"{SITE_PACKAGES}/")


def site_of(wheels: Iterable[WheelFacts], ground: Ground = NO_GROUND) -> Site:
    """Lay the files of these wheels out; of two in one place, that of the first wheel stays."""
    files: dict[str, Binary] = {}
    names: defaultdict[str, list[str]] = defaultdict(list)
    for wheel in wheels:
        for binary in wheel.binaries:
            place = normpath(place_of(binary.path)).lower()
            if place not in files:
                files[place] = binary
                if has_library(binary):
                    names[basename(place)].append(place)
    links = {_key(link): _key(target) for link, target in ground.links.items()}
    for link in links:
        place = _resolved(link, files, links)
        if place in files and place not in names[basename(link)] and has_library(files[place]):
            names[basename(link)].append(place)
    return Site(
        files=files,
        by_name={name: tuple(places) for name, places in names.items()},
        links=links,
        root=ground.root,
        program=ground.program,
    )


def _key(path: str) -> str:
    return normpath(place_of(path)).lower()


def _resolved(place: str, files: Mapping[str, Binary], links: Mapping[str, str]) -> str:
    """Return where a place leads, through the links to it and to the folders above it."""
    if not links:
        return place
    for _ in range(_MOST_LINKS):
        if place in files:
            break
        link = next((p for p in _prefixes(place) if p in links), None)
        if link is None:
            break
        place = normpath(links[link] + place.removeprefix(link))
    return place


def _prefixes(place: str) -> Iterator[str]:
    """Yield the folders above a place, the highest first, and the place itself."""
    at = place.find("/")
    while at >= 0:
        yield place[:at]
        at = place.find("/", at + 1)
    yield place
