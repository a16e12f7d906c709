"""Facts of a PE file as lief reads them, in the same shape as ours."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary


@dataclass(frozen=True, slots=True, kw_only=True)
class PeFacts:
    """What is compared of a file; names of libraries in lower case."""

    machine: int
    is_arm64ec: bool
    is_arm64x: bool
    imported: frozenset[str]
    delayed: frozenset[str]


@cache
def _lief() -> Any:
    """Return `lief.PE`; lief is a tool of these tests alone, and not everywhere."""
    lief: Any = importlib.import_module("lief")
    lief.logging.disable()
    return lief.PE


def lief_facts(content: bytes) -> PeFacts:
    """Return the facts that lief sees."""
    file = _lief().parse(content)
    imported = frozenset(each.name.lower() for each in file.imports)
    return PeFacts(
        machine=file.header.machine.value,
        is_arm64ec=file.is_arm64ec,
        is_arm64x=file.is_arm64x,
        imported=imported,
        delayed=frozenset(each.name.lower() for each in file.delay_imports) - imported,
    )


def our_facts(binary: Binary) -> PeFacts:
    """Return the facts that we see."""
    archs = [piece.arch for piece in binary.slices]
    libraries = binary.slices[0].dependencies
    return PeFacts(
        machine=binary.slices[0].cpu_type,
        is_arm64ec=archs == [Arch.ARM64EC],
        is_arm64x=archs == [Arch.ARM64, Arch.ARM64EC],
        imported=frozenset(d.install_name.lower() for d in libraries if not d.weak),
        delayed=frozenset(d.install_name.lower() for d in libraries if d.weak),
    )
