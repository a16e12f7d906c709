"""Real PE files, compiled from a few lines of C, without the run time of C."""

from __future__ import annotations

from typing import Literal

from builders.zig import Zig

Machine = Literal["x86_64", "aarch64", "x86"]

_START = "int DllMainCRTStartup(void *a, unsigned b, void *c) { return 1; }\n"
_MODULE = "__declspec(dllexport) void *PyInit_%s(void) { return 0; }\n"
_LIBRARY = "__declspec(dllexport) int answer(void) { return 42; }\n"


def windows_extension(zig: Zig, name: str, machine: Machine) -> bytes:
    """Return an extension module, which exports its init function."""
    return _dll(zig, _MODULE % name, machine)


def windows_dll(zig: Zig, machine: Machine) -> bytes:
    """Return a library without Python."""
    return _dll(zig, _LIBRARY, machine)


def _dll(zig: Zig, source: str, machine: Machine) -> bytes:
    return zig.build(_START + source, f"{machine}-windows-gnu", "-nostdlib", "-shared")
