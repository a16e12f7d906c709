"""Slices whose header is right and whose code was left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from pip_archguard.model.binary import MANY_LOOKUPS, Binary, Slice
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.loading import Need

SAMPLE = 3
"""How many symbol names a finding carries."""

# Names of Apple's frameworks and of the Objective-C and C++ runtimes: the system has them,
# and a process that links one framework has the others which that one links. So pyobjc's
# Quartz, Kivy and pygame leave up to 28 of them open, and setproctitle those of
# CoreFoundation, which Python itself links, and panda3d those of IOKit, which AppKit links.
# The compression libraries of /usr/lib come with the frameworks, too: pyreadr has taken 9 to
# 12 of their names so for years. Some names are called on one architecture alone
# (`_objc_retain_x19`), so an asymmetry says nothing either.
_SYSTEM = (
    *("_objc_", "__objc_", "___objc_", "_OBJC_", "___CFConstant", "_NS", "_CF", "_kCF"),
    *("_CG", "_kCG", "_CM", "_kCM", "_CV", "_kCV", "_CPS", "_Audio", "_kAudio", "_FS"),
    *("_IOHID", "_IOService", "_IORegistry", "_IOObject", "_IOIterator", "_IOMa", "_kIO"),
    *("_IONotification", "_IOConnect", "_IOPM", "_IOPS", "_IODisplay", "_IOSurface"),
    *("_deflate", "_inflate", "_adler32", "_gz", "_zlib", "_BZ2_", "_lzma_"),
    *("___cxa_", "___gxx_", "__Zn", "__Zd", "__ZSt", "__ZNSt3__1", "__ZNKSt3__1"),
)


_LIBSYSTEM = frozenset({"/usr/lib/libSystem.dylib", "/usr/lib/libSystem.B.dylib"})


def check_hollow(case: Case) -> Iterator[Finding]:
    """Refuse a slice that looks up names nobody has.

    A static library linked in for one architecture only leaves the other slice with
    undefined symbols bound by flat look-up (uamqp 1.6.1): dyld then fails with "symbol
    not found in flat namespace". A sibling slice without these look-ups is proof. Equal
    counts in both slices are names that the process has, such as those of system
    frameworks, unless there are many of them; so it is with a thin file, which has no
    sibling to compare with.
    """
    explained = _exported(case)
    for binary, taken in case.loadable():
        others = [s for s in binary.slices if s is not taken and s.flat_lookups is not None]
        elsewhere = frozenset[str]().union(*(_from_elsewhere(s, case) for s in others))
        missing = tuple(n for n in _unexplained(taken, explained) if n not in elsewhere)
        proof: tuple[str, ...] = ()
        siblings = [frozenset(_unexplained(s, explained)) for s in others if _says_from_where(s)]
        if siblings and _says_from_where(taken):
            fewest = min(siblings, key=len)
            if len(missing) > len(fewest):
                proof = tuple(name for name in missing if name not in fewest)
        if not proof and _says_from_where(taken) and _is_hollow_alone(case, binary, missing):
            proof = missing
        if proof:
            yield case.finding(
                Reason.HOLLOW_SLICE,
                Severity.REFUSE,
                binary.path,
                *proof[:SAMPLE],
                count=len(proof),
            )


def _exported(case: Case) -> frozenset[str]:
    """Return the names that libraries of the wheel offer to a process of the target."""
    return frozenset(name for _, piece in case.loadable() for name in piece.exports or ())


def _says_from_where(piece: Slice) -> bool:
    """Whether a slice says of the system's names which library has them.

    One that is linked with `-flat_namespace` looks everything up flat. So does one that
    links no libSystem with the functions of C (spacy 3.3.3 for arm64, by some toolchain
    that left it out); each process has them.
    """
    linked = {dependency.install_name for dependency in piece.dependencies}
    return piece.two_level and not _LIBSYSTEM.isdisjoint(linked)


def _unexplained(piece: Slice, explained: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        name
        for name in piece.flat_lookups or ()
        if name not in explained and not name.startswith(_SYSTEM)
    )


def _from_elsewhere(piece: Slice, case: Case) -> frozenset[str]:
    """Return the names that a slice takes from libraries beyond the wheel.

    netgen-mesher's arm64 slice does so where its x86_64 slice looks the names up flat:
    its Python code loads these libraries, which are another wheel's, beforehand.
    """
    if not piece.imports:
        return frozenset()
    own = {PurePosixPath(path).name for path in case.own}
    return frozenset(
        taken.symbol for taken in piece.imports if PurePosixPath(taken.library).name not in own
    )


def _is_hollow_alone(case: Case, binary: Binary, missing: tuple[str, ...]) -> bool:
    """Whether a file without a better sibling leaves too much open to be sound.

    Only files that `import` reaches count: what else looks names up may be opened by a
    program that has them. So may the names be in a library beyond the wheel, or in one
    whose exports were not read.
    """
    reach = case.loading.reach.get(binary.path, 0)
    if len(missing) < MANY_LOOKUPS or not reach:
        return False
    if any(s.exports is None for b, s in case.loadable() if b.path != binary.path):
        return False
    return not any(
        _leads_beyond(need, case) and case.loading.reach.get(need.image.binary.path, 0) & reach
        for need in case.loading.needs
    )


def _leads_beyond(need: Need, case: Case) -> bool:
    return need.link.binary is None or not case.owns(need.link.binary.path)
