"""Packages with one native module, and the ways in which they are good or bad."""

from __future__ import annotations

from builders.macho_bytes import command, thin
from builders.wheels import SUFFIX, native_tag
from pip_archguard.binaries.bounds import LOAD_COMMANDS

UNIVERSAL2 = native_tag("macosx_10_9_universal2")
ARM64 = native_tag("macosx_11_0_arm64")
X86_64 = native_tag("macosx_10_9_x86_64")
ANY = "py3-none-any"
LC_UNKNOWN = 0x99
MODULE = f"_c{SUFFIX}"


def native(name: str, module: bytes, path: str = MODULE) -> dict[str, bytes]:
    """Return the files of a package whose one native file is `module`."""
    return {f"{name}/__init__.py": b"", f"{name}/{path}": module}


def beyond_bounds() -> bytes:
    """Return an arm64 module of which nobody can tell whether it loads."""
    return thin(more=[command(LC_UNKNOWN, bytes(LOAD_COMMANDS))])


def pure(name: str) -> dict[str, bytes]:
    """Return the files of a package without native code."""
    return {f"{name}/__init__.py": b""}


def wheel_name(name: str, version: str, tag: str) -> str:
    """Return the file name of a wheel."""
    return f"{name}-{version}-{tag}.whl"
