"""What LLVM's `llvm-readobj` reads of the same bytes, where it takes them without a warning."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache

from builders.delocate_check import llvm_tool
from fuzz import scratch
from fuzz.elf_pe_targets import elf_files, pe_files
from fuzz.macho_targets import whole_files
from fuzz.other_readers import has_two_places, sound
from fuzz.target import FuzzTarget
from pip_archguard.model.binary import Format

_TOOL = "llvm-readobj"
_LIBRARIES = re.compile(r"^NeededLibraries \[\n(.*?)^\]", re.MULTILINE | re.DOTALL)
_IMPORTED = re.compile(r"^Import \{\n  Name: (.*)$", re.MULTILINE)
_ARCHS = re.compile(r"^File: ", re.MULTILINE)
_SECONDS = 10


def check(content: bytes) -> None:
    """The libraries of a file of one slice are those that LLVM reads."""
    for format_ in Format:
        binary = sound(content, format_)
        if binary is None or len(binary.slices) != 1 or b"!<arch>" in content:
            continue
        (piece,) = binary.slices
        is_pe = format_ is Format.PE  # of these LLVM tells delayed imports elsewhere
        linked = [d.install_name for d in piece.dependencies if not (is_pe and d.weak)]
        if format_ is Format.MACH_O and piece.install_name is not None:
            linked.append(piece.install_name)  # LLVM counts a library's own name
        if format_ is Format.ELF and (not piece.dependencies or has_two_places(content)):
            continue
        told = _told(content)
        if told is not None:
            assert sorted(_libraries(told, format_)) == sorted(linked)


def _told(content: bytes) -> str | None:
    path = scratch.file("read", content)
    command = [_tool(), "--needed-libs", "--coff-imports", str(path)]
    done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    text = done.stdout.decode("utf-8", "replace")
    clean = not done.returncode and not done.stderr and len(_ARCHS.findall(text)) == 1
    return text if clean else None


def _libraries(told: str, format_: Format) -> Iterator[str]:
    if format_ is Format.PE:
        yield from _IMPORTED.findall(told)
    elif found := _LIBRARIES.search(told):
        yield from (line[2:] for line in found[1].splitlines())


@cache
def _tool() -> str:
    return llvm_tool(_TOOL) or _TOOL


LLVM = (
    FuzzTarget(
        name="llvm",
        promise="what is sound for us links the same libraries to LLVM",
        check=check,
        seeds=lambda: [*whole_files(), *elf_files(), *pe_files()],
        tool=_TOOL,
    ),
)
"""The target that needs LLVM's tools."""
