"""Where the files of wheels lie once they are installed, as paths below the prefix."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from posixpath import basename, normpath

from pip_archguard.model.binary import Binary
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import is_library

SITE_PACKAGES = "lib/python/site-packages"
"""Stands for `lib/python3.12/site-packages`: as deep, which is what `..` counts."""

# The `.data` folder of a wheel (PEP 427) and where its parts go (`sysconfig`, posix_prefix).
_DATA = re.compile(r"[^/]+\.data/(?P<scheme>[^/]+)/(?P<rest>.+)")
_SCHEMES = {
    "purelib": SITE_PACKAGES,
    "platlib": SITE_PACKAGES,
    "scripts": "bin",
    "headers": "include",
    "data": ".",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The native files of some wheels by where they lie, and by their bare names.

    Names are compared in lower case, as file systems of Macs do.
    """

    files: Mapping[str, Binary]
    by_name: Mapping[str, tuple[str, ...]]

    def at(self, place: str) -> Binary | None:
        """Return the file at a path below the prefix, or None."""
        return self.files.get(normpath(place).lower())

    def named(self, name: str) -> tuple[Binary, ...]:
        """Return the libraries of this base name, wherever they lie."""
        return tuple(self.files[place] for place in self.by_name.get(name.lower(), ()))


def place_of(path: str) -> str:
    """Return where a member of a wheel is installed, below the prefix."""
    match = _DATA.fullmatch(path)
    root = _SCHEMES.get(match["scheme"]) if match else None
    if match is None or root is None:
        return f"{SITE_PACKAGES}/{path}"
    return normpath(f"{root}/{match['rest']}")


def module_path(path: str) -> str:
    """Return the path of a member as `import` sees it, below site-packages."""
    return place_of(path).removeprefix(f"{SITE_PACKAGES}/")


def site_of(wheels: Iterable[WheelFacts]) -> Site:
    """Lay the files of these wheels out; of two in one place, that of the first wheel stays."""
    files: dict[str, Binary] = {}
    names: defaultdict[str, list[str]] = defaultdict(list)
    for wheel in wheels:
        for binary in wheel.binaries:
            place = normpath(place_of(binary.path)).lower()
            if place not in files:
                files[place] = binary
                if is_library(binary):
                    names[basename(place)].append(place)
    return Site(files=files, by_name={name: tuple(places) for name, places in names.items()})
