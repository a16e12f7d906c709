"""Files for Windows on Arm that load into x86_64 processes as well."""

from __future__ import annotations

from struct import Struct

from pip_archguard.binaries.bounds import PE_RELOCATIONS
from pip_archguard.binaries.pe.declarations import (
    ARM64X_RELOCATION,
    CHPE_METADATA,
    DYNAMIC_RELOCATIONS,
    RELOCATION,
    RELOCATION_TABLE,
    WORD,
    Directory,
)
from pip_archguard.binaries.pe.image import Image
from pip_archguard.binaries.pe.machine import AMD64, ARM64, arch_of
from pip_archguard.model.arch import Arch


def archs_of(image: Image) -> tuple[Arch, ...]:
    """Return the architectures whose processes can load the file, its own first.

    A file for AMD64 with hybrid metadata is ARM64EC, one for ARM64 is ARM64X, which
    Windows turns into ARM64EC where it loads it into an x86_64 process; it knows how by
    dynamic relocations, which suffice for an ARM64X file that only forwards to others.
    """
    machine = image.header.machine
    if machine == AMD64 and _has_metadata(image):
        return (Arch.ARM64EC,)
    if machine == ARM64 and (_has_metadata(image) or _is_turned(image)):
        return (Arch.ARM64, Arch.ARM64EC)
    return (arch_of(machine),)


def _has_metadata(image: Image) -> bool:
    found = _configured(image, *CHPE_METADATA)
    return found is not None and found != (0,)


def _is_turned(image: Image) -> bool:
    sections = image.header.sections
    offset, number = _configured(image, *DYNAMIC_RELOCATIONS) or (0, 0)
    if not 1 <= number <= len(sections):
        return False
    at = sections[number - 1].address + offset
    version, size = RELOCATION_TABLE.unpack(image.at(at, RELOCATION_TABLE.size))
    at += RELOCATION_TABLE.size
    end = at + size
    for _ in range(PE_RELOCATIONS):
        if version != 1 or at + RELOCATION.size > end:
            break
        kind, length = RELOCATION.unpack(image.at(at, RELOCATION.size))
        if kind == ARM64X_RELOCATION:
            return True
        at += RELOCATION.size + length
    return False


def _configured(image: Image, offset: int, form: Struct) -> tuple[int, ...] | None:
    """Return fields of the load configuration, None where it is too old to have them."""
    start = image.header.table(Directory.LOAD_CONFIG)
    if not start or not image.header.is_64_bit:
        return None
    (size,) = WORD.unpack(image.at(start, WORD.size))
    if size < offset + form.size:
        return None
    return form.unpack(image.at(start + offset, form.size))
