"""Symbols that a slice must have, or that its libraries owe it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.verdict import Finding, Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import chosen_slice
from pip_archguard.rules.hollow import SAMPLE
from pip_archguard.rules.linking import Image, Link, Outcome
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
    own = {b.path for b in case.facts.binaries}
    links = {(n.image.binary.path, n.link.install_name): n for n in case.loading.needs}
    for image in case.loading.images:
        if image.binary.path not in own:
            continue
        missing: defaultdict[str, list[str]] = defaultdict(list)
        for wanted in image.piece.imports or ():
            need = links.get((image.binary.path, wanted.library))
            if need is not None and _lacks(need.link, wanted.symbol, case, own, frozenset()):
                missing[wanted.library].append(wanted.symbol)
        for library, symbols in missing.items():
            yield case.finding(
                Reason.MISSING_SYMBOL,
                Severity.REFUSE,
                image.binary.path,
                library,
                *symbols[:SAMPLE],
                count=len(symbols),
                needed_by=_needed_by(image),
            )


def _needed_by(image: Image) -> str:
    return "" if image.loader is None else image.root.path


def _lacks(link: Link, symbol: str, case: Case, own: set[str], seen: frozenset[str]) -> bool:
    """Whether it is certain that a library, and all it re-exports, does not have a symbol."""
    binary = link.binary
    if link.outcome is not Outcome.FOUND or binary is None or binary.path not in own:
        return False
    piece = chosen_slice(binary, case.target)
    if piece is None or piece.exports is None or symbol in piece.exports:
        return False
    return all(
        path in seen or _lacks(inner, symbol, case, own, seen | {path})
        for path, inner in _reexported(binary, piece, case)
    )


def _reexported(binary: Binary, piece: Slice, case: Case) -> Iterator[tuple[str, Link]]:
    names = {d.install_name for d in piece.dependencies if d.reexported}
    known = {
        n.link.install_name: n.link
        for n in case.loading.needs
        if n.image.binary.path == binary.path
    }
    for name in names:
        beyond = Link(outcome=Outcome.OUTSIDE, install_name=name)  # the system's, or weak
        link = known.get(name, beyond)
        yield link.binary.path if link.binary else name, link
