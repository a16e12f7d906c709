"""What a wheel's name claims and what it holds, each in a few words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind
from pip_archguard.model.naming import archs_named
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.reports.systems import system_name
from pip_archguard.reports.wording import visible

NOTHING = "-"

_MAC = re.compile(r"macosx_(\d{1,4})_(\d{1,4})_\w+")
_LIBRARIES = (Kind.BUNDLE, Kind.DYLIB)


def claims(facts: WheelFacts) -> str:
    """Say for which architectures, and which macOS at least, the name says a wheel is."""
    macs = {tag: m for tag in facts.platforms if (m := _MAC.fullmatch(tag))}
    archs = sorted({str(arch) for tag in macs for arch in archs_named(tag)})
    unknown = {"unknown"}  # what is installed need not claim anything
    tags = facts.platforms - unknown
    others = sorted(visible(tag) for tag in tags if tag not in macs or not archs)
    if not archs:
        return " ".join(others) or NOTHING
    oldest = min((int(m[1]), int(m[2])) for m in macs.values())
    words = f"{' '.join(archs)}, macOS {_dotted(oldest)}"
    return ", ".join([words, *others])


def holds(facts: WheelFacts) -> str:
    """Say which architectures its libraries are made for, or else its programs.

    Of those that not every file has, it is told how many have them. Beside files for Macs
    others are named by their format alone.
    """
    macs = [b for b in facts.binaries if b.format is Format.MACH_O]
    shown = macs or facts.binaries
    files = [_archs(b) for b in shown if _is_library(b)] or [_archs(b) for b in shown]
    counts = Counter(arch for archs in files for arch in archs)
    words = [
        str(arch) if count == len(files) else f"{arch} ({count} of {len(files)})"
        for arch, count in sorted(counts.items(), key=lambda item: item[0].value)
    ]
    formats = {b.format for b in facts.binaries if b.format is not Format.MACH_O}
    return " ".join([*words, *sorted(map(str, formats))]) or NOTHING


def machine_of(target: Target) -> str:
    """Name the system and architecture of a target: `macOS arm64`."""
    return f"{system_name(target.system, 'other')} {target.arch}"


def version_of(target: Target) -> str:
    """Return the version of a target's system, or of its C library; nothing if none is known."""
    version = _dotted(target.os_version) if any(target.os_version) else ""
    return " ".join(str(part) for part in (target.libc, version) if part)


def label_of(target: Target) -> str:
    """Name a target in full: `macOS 14.0 arm64, cp312`."""
    system = " ".join(
        part for part in (system_name(target.system, "other"), version_of(target)) if part
    )
    return ", ".join(part for part in (f"{system} {target.arch}", target.python) if part)


def _is_library(binary: Binary) -> bool:
    return any(piece.kind in _LIBRARIES for piece in binary.slices)


def _archs(binary: Binary) -> frozenset[Arch]:
    return frozenset(piece.arch for piece in binary.slices)


def _dotted(version: Iterable[int]) -> str:
    return ".".join(map(str, version))
