"""What lief reads of the same bytes, where it takes them.

Only what both define is compared. Of a file for which we say that something is wrong, nothing
is: lief goes on where the system's loader, and so we, give up.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from typing import Any

from builders.lief_facts import lief_slices
from builders.lief_windows import our_facts
from fuzz.elf_pe_targets import elf_files, pe_files
from fuzz.macho_targets import whole_files
from fuzz.native_promises import MODULE
from fuzz.target import FuzzTarget
from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.model.binary import Binary, Format, Slice

_ARCHIVE = b"!<arch>\n"


@cache
def _lief() -> Any:
    lief: Any = importlib.import_module("lief")
    lief.logging.disable()
    return lief


def check_macho(content: bytes) -> None:
    """Processors, libraries, run paths and names of the slices are those that lief reads."""
    binary = _sound(content, Format.MACH_O)
    if binary is None or _ARCHIVE in content or _is_odd(content):
        return
    theirs = [facts for facts, _ in lief_slices(MODULE, content)]
    ours = {piece.cpu_type: piece for piece in binary.slices}
    for facts in theirs:
        # lief passes over slices that it cannot read, and does not know hidden ones.
        assert facts.cpu_type in ours
        assert _compared(facts) == _compared(ours[facts.cpu_type])


def _compared(piece: Slice) -> tuple[object, ...]:
    return (
        piece.cpu_subtype,
        piece.kind,
        piece.two_level,
        piece.rpaths,
        piece.install_name,
        [(d.install_name, d.reexported) for d in piece.dependencies],
    )


def _is_odd(content: bytes) -> bool:
    """Whether something is in it that lief reads otherwise than dyld does."""
    return not content.isascii() and b"\x00\x18\x74\x1a" in content


def check_elf(content: bytes) -> None:
    """Machine, libraries and paths of a shared object are those that lief reads."""
    binary = _sound(content, Format.ELF)
    theirs = _lief().ELF.parse(content) if binary is not None else None
    if binary is None or theirs is None:
        return
    (piece,) = binary.slices
    assert piece.cpu_type == theirs.header.machine_type.value & 0xFFFF
    if piece.libc is None:
        return
    assert [d.install_name for d in piece.dependencies] == list(theirs.libraries)


def check_pe(content: bytes) -> None:
    """Machine and imported libraries are those that lief reads."""
    binary = _sound(content, Format.PE)
    theirs = _lief().PE.parse(content) if binary is not None else None
    if binary is None or theirs is None:
        return
    ours = our_facts(binary)
    assert ours.machine == theirs.header.machine.value


def _sound(content: bytes, wanted: Format) -> Binary | None:
    binary = read_binary(MODULE, FileSource(BytesIO(content)))
    if binary is None or binary.format is not wanted or binary.problem is not None:
        return None
    return binary


def _target(
    name: str, check: Callable[[bytes], object], seeds: Callable[[], Iterable[bytes]]
) -> FuzzTarget:
    return FuzzTarget(
        name=name,
        promise="what is fine for us is to lief what it is to us",
        check=check,
        seeds=seeds,
        needs="lief",
    )


OTHER_READERS = (
    _target("lief-macho", check_macho, whole_files),
    _target("lief-elf", check_elf, elf_files),
    _target("lief-pe", check_pe, pe_files),
)
"""The targets that need lief."""
