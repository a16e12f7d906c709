"""Assemblies for .NET."""

from __future__ import annotations

from enum import Enum

from pip_archguard.binaries.pe.declarations import (
    COR20_HEADER,
    READY_TO_RUN,
    WORD,
    CorFlags,
    Directory,
)
from pip_archguard.binaries.pe.image import Image
from pip_archguard.binaries.pe.machine import I386


class Managed(Enum):
    """How far an assembly is bound to the machine that its header names."""

    ANY_CPU = "any-cpu"
    BOUND = "bound"


def managed(image: Image) -> Managed | None:
    """Return what an assembly of .NET is; None for native code, also where some IL is in it.

    IL alone for I386 is AnyCPU, unless it insists on 32 bits; "prefers" is set together
    with "requires", and does not insist (Microsoft, CorFlags.exe). Code that was compiled
    ahead (ReadyToRun) has its IL beside it, and .NET takes that where the code is of no use.
    C++/CLI mixes native code and IL, and is as native as any.
    """
    start = image.header.table(Directory.COM_DESCRIPTOR)
    if not start:
        return None
    flags, compiled = COR20_HEADER.unpack(image.at(start, COR20_HEADER.size))
    if not flags & CorFlags.IL_ONLY:
        ahead = compiled and WORD.unpack(image.at(compiled, WORD.size)) == (READY_TO_RUN,)
        return Managed.BOUND if ahead else None
    insists = flags & CorFlags.REQUIRES_32_BIT and not flags & CorFlags.PREFERS_32_BIT
    if image.header.machine != I386 or image.header.is_64_bit or insists:
        return Managed.BOUND
    return Managed.ANY_CPU
