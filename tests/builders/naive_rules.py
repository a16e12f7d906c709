"""The simple ways to judge a wheel by the architectures inside it (rules of thumb).

Each is what a header check would do, and is measured beside pip-archguard on the corpus.
They ask only whether the host's architecture is named, as such checks do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pip_archguard.binaries.python_api import is_python_api
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind, Slice
from pip_archguard.model.wheel import WheelFacts

Rule = Callable[[WheelFacts, Arch], bool]
"""Whether a wheel is to be refused on an architecture."""

_LOADABLE = frozenset({Kind.BUNDLE, Kind.DYLIB})


def trusts_tags(facts: WheelFacts, host: Arch) -> bool:
    """Refuse nothing that pip takes: plain pip."""
    del facts, host
    return False


def any_macho_lacks(facts: WheelFacts, host: Arch) -> bool:
    """Refuse if any Mach-O file lacks the host's architecture."""
    return any(_lacks(b, host) for b in _machos(facts))


def every_macho_lacks(facts: WheelFacts, host: Arch) -> bool:
    """Refuse if there are Mach-O files and all lack it."""
    lacking = [_lacks(b, host) for b in _machos(facts)]
    return bool(lacking) and all(lacking)


def named_extension_lacks(facts: WheelFacts, host: Arch) -> bool:
    """Refuse if a file lacks it whose name has an ABI as extension modules' have."""
    return any(_lacks(b, host) for b in _machos(facts) if _has_abi_suffix(b.path))


def bundle_lacks(facts: WheelFacts, host: Arch) -> bool:
    """Refuse if a file of type MH_BUNDLE lacks it."""
    return any(_lacks(b, host) for b in _machos(facts) if _is_any(b, frozenset({Kind.BUNDLE})))


def library_name_lacks(facts: WheelFacts, host: Arch) -> bool:
    """Refuse if a file lacks it that is named `.so` or `.dylib`."""
    return any(_lacks(b, host) for b in _machos(facts) if b.path.endswith((".so", ".dylib")))


def r8(facts: WheelFacts, host: Arch) -> bool:
    """Refuse a platform wheel if any bundle or dylib lacks it, an `any` wheel if all do."""
    lacking = [_lacks(b, host) for b in _machos(facts) if _is_any(b, _LOADABLE)]
    if facts.platforms == frozenset({"any"}):
        return bool(lacking) and all(lacking)
    return any(lacking)


def r9(facts: WheelFacts, host: Arch) -> bool:
    """Refuse as `r8`, or if the host's slice leaves more names open than its sibling."""
    return r8(facts, host) or any(_leaves_more_open(b, host) for b in _machos(facts))


NAIVE: dict[str, Rule] = {
    "plain pip: the tags alone": trusts_tags,
    "any Mach-O lacks the host's architecture": any_macho_lacks,
    "every Mach-O lacks it": every_macho_lacks,
    "extension modules by name only": named_extension_lacks,
    "MH_BUNDLE only": bundle_lacks,
    "any `.so` or `.dylib` lacks it": library_name_lacks,
    "R8: any library; in an `any` wheel all": r8,
    "R9: R8 and a hollow slice": r9,
}
"""What stands in the table of accuracy, by the name it has there."""


def _machos(facts: WheelFacts) -> Iterator[Binary]:
    return (b for b in facts.binaries if b.format is Format.MACH_O and b.slices)


def _lacks(binary: Binary, host: Arch) -> bool:
    return all(s.arch is not host for s in binary.slices)


def _is_any(binary: Binary, kinds: frozenset[Kind]) -> bool:
    return any(s.kind in kinds for s in binary.slices)


def _has_abi_suffix(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(".abi3.so") or (".cpython-" in name and name.endswith("-darwin.so"))


def _leaves_more_open(binary: Binary, host: Arch) -> bool:
    here = [_open_names(s) for s in binary.slices if s.arch is host]
    others = [_open_names(s) for s in binary.slices if s.arch is not host]
    return bool(here and others) and max(here) > min(others)


def _open_names(piece: Slice) -> int:
    return sum(not is_python_api(name.encode()) for name in piece.flat_lookups or ())
