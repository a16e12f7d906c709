"""Symbols that a slice must have, or that its libraries owe it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pip_archguard.model.binary import Slice
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.hollow import SAMPLE
from pip_archguard.rules.linking import Link, Outcome
from pip_archguard.rules.names import module_of


def check_init(case: Case) -> Iterator[Finding]:
    """Refuse an extension whose slice lacks the init function that a sibling slice has.

    CPython calls `PyInit_NAME` (PEP 489), from 3.15 on also `PyModExport_NAME` (PEP
    793). Where no slice has it, the file may well be a library under the name of an
    extension, as setuptools builds them for ctypes: that is no more than information.
    """
    for binary, taken in case.loadable():
        if taken.exports_init is not False or module_of(binary.path, case.target) is None:
            continue
        proof = any(s.exports_init for s in binary.slices)
        yield case.finding(
            Reason.MISSING_INIT, Severity.REFUSE if proof else Severity.INFO, binary.path
        )


def check_imports(case: Case) -> Iterator[Finding]:
    """Refuse a file that takes a symbol from a library of its wheel which has it not.

    dyld ends with "Symbol not found … expected in", for Python opens extension modules
    with RTLD_NOW. A library that re-exports one beyond the wheel may have anything.
    """
    links = {(n.image.binary.path, n.link.install_name): n.link for n in case.loading.needs}
    reexports = _Reexports(case)
    for image in case.loading.images.values():
        if not case.owns(image.binary.path):
            continue
        missing: defaultdict[str, list[str]] = defaultdict(list)
        for wanted in image.piece.imports or ():
            link = links.get((image.binary.path, wanted.library))
            if link is not None and reexports.lack(link, wanted.symbol):
                missing[wanted.library].append(wanted.symbol)
        for library, symbols in missing.items():
            yield case.finding(
                Reason.MISSING_SYMBOL,
                Severity.REFUSE,
                image.binary.path,
                library,
                *symbols[:SAMPLE],
                count=len(symbols),
            )


class _Reexports:
    """What libraries offer together with those that they re-export."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known: dict[str, tuple[Slice, ...] | None] = {}
        self._links: defaultdict[str, dict[str, Link]] = defaultdict(dict)
        for need in case.loading.needs:
            self._links[need.image.binary.path][need.link.install_name] = need.link

    def lack(self, link: Link, symbol: str) -> bool:
        """Whether it is certain that a library, and all it re-exports, lacks a symbol."""
        if not self._is_certain(link) or link.binary is None:
            return False
        path = link.binary.path
        if path not in self._known:
            self._known[path] = self._together(path)
        pieces = self._known[path]
        return pieces is not None and not any(symbol in (p.exports or ()) for p in pieces)

    def _is_certain(self, link: Link) -> bool:
        found = link.outcome is Outcome.FOUND and link.exact and link.binary is not None
        return found and link.binary is not None and self._case.owns(link.binary.path)

    def _together(self, path: str) -> tuple[Slice, ...] | None:
        """Return the slices whose exports count; None if one of them is not known."""
        found: dict[str, Slice] = {}
        waiting = [path]
        while waiting:
            at = waiting.pop()
            if at in found:
                continue
            found[at] = piece = self._case.loading.images[at].piece
            if piece.exports is None:
                return None
            for dependency in piece.dependencies:
                if not dependency.reexported:
                    continue
                link = self._links[at].get(dependency.install_name)
                if link is None or not self._is_certain(link) or link.binary is None:
                    return None  # the system's, a weak one, or one beyond the wheel
                waiting.append(link.binary.path)
        return tuple(found.values())
