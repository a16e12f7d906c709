"""From a needed name to a file: the search that ld.so makes for one dependency."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from posixpath import basename, dirname

from pip_archguard.model.binary import Binary
from pip_archguard.model.target import System, Target
from pip_archguard.rules.choice import is_library
from pip_archguard.rules.linking import MOST_LOOKUPS, MOST_PLACES, Image, Link, Outcome, link_to
from pip_archguard.rules.site import Site, place_of

_ORIGIN = re.compile(r"\$(?:ORIGIN\b|\{ORIGIN\})")

# Libraries that no wheel has to bring along: the allow list of `manylinux2014` (PEP 599).
_SYSTEM = re.compile(
    r"ld-.*|ld64\.so.*|linux-vdso.*|libc\.(?:so|musl-).*"
    r"|lib(?:gcc_s|stdc\+\+|m|dl|rt|c|nsl|util|pthread|resolv|X11|Xext|Xrender|ICE|SM|GL"
    r"|gobject-2\.0|gthread-2\.0|glib-2\.0|anl|mvec|atomic|z)\.so(?:\.\d+)*"
)


class LdSoSearch:
    """The searches that ld.so makes (`man ld.so`).

    What it does not find in the wheel is the system's business: LD_LIBRARY_PATH, its cache
    and its own folders are not known here.
    """

    def __init__(self, site: Site, target: Target) -> None:
        self.exhausted = False
        self._site = site
        self._target = target
        self._left, self._lookups = MOST_PLACES, MOST_LOOKUPS
        self._by_soname: defaultdict[str, list[Binary]] = defaultdict(list)
        for binary in site.files.values():
            if is_library(binary, System.LINUX):
                for name in {s.install_name for s in binary.slices if s.install_name}:
                    self._by_soname[name].append(binary)

    def resolve(self, install_name: str, image: Image) -> Link:
        """Search for a needed library: by run path, then among all that may be loaded already.

        A file for another machine is no match: ld.so passes it over and goes on (glibc,
        `open_verify`), so it is told only where nothing else is found. Of a library of that
        name, or SONAME, elsewhere in the wheel it is not certain that this one is meant.
        """
        self._lookups -= 1
        if self._lookups < 0:
            self.exhausted = True
            return Link(outcome=Outcome.SYSTEM, install_name=install_name)
        unfit: list[Link] = []
        for place, exact in self._places(install_name, image):
            binary = self._site.at(place)
            if binary is not None and is_library(binary, System.LINUX):
                link = link_to(install_name, binary, self._target, exact=exact)
                if link.outcome is Outcome.FOUND:
                    return link
                unfit.append(link)
        name = basename(install_name)
        for binary in chain(self._site.named(name), self._by_soname.get(name, ())):
            if not self._may_go_on():
                break
            if is_library(binary, System.LINUX):
                link = link_to(install_name, binary, self._target, exact=False)
                if link.outcome is Outcome.FOUND:
                    return link
                unfit.append(link)
        if unfit and not _SYSTEM.fullmatch(name):
            return unfit[0]
        return Link(outcome=Outcome.SYSTEM, install_name=install_name)

    def _places(self, name: str, image: Image) -> Iterator[tuple[str, bool]]:
        """Yield the paths at which ld.so looks, and whether it certainly does.

        The run paths of those that loaded an image hold for it in musl, and in glibc if they
        are DT_RPATH, which the facts do not tell from DT_RUNPATH.
        """
        if "/" in name:
            yield from ((place, True) for place in _expanded(name, image))
            return
        for loader in image.chain():
            for rpath in loader.piece.rpaths:
                if not self._may_go_on():
                    return
                for place in _expanded(f"{rpath}/{name}", loader):
                    yield place, loader is image

    def _may_go_on(self) -> bool:
        """Count a step, and say whether there is one left to take."""
        self._left -= 1
        self.exhausted = self.exhausted or self._left < 0
        return not self.exhausted


def _expanded(name: str, image: Image) -> Iterator[str]:
    """Put the folder of the image in the place of `$ORIGIN`.

    Any other relative path is taken from the working directory, where nothing of ours lies.
    """
    if _ORIGIN.match(name):
        yield _ORIGIN.sub(lambda _: dirname(place_of(image.binary.path)), name, count=1)
    elif name.startswith("/"):
        yield name
