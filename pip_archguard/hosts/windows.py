"""Windows: what its platform tags and suffixes say, and the machine of this process."""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Sequence

from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target

_PLATFORMS = {
    "win_amd64": Arch.X86_64,
    "win_arm64": Arch.ARM64,
    "win_arm32": Arch.ARM,
    "win32": Arch.I386,
}
_PYPY = r"pypy(\d)(\d+)_pp(\d+)"
_CPYTHON = r"cp\d{2,}t?"


def windows_targets(platform: str) -> tuple[Target, ...]:
    """Return the machine that a platform tag of Windows names; none for any other tag."""
    arch = _PLATFORMS.get(platform)
    if arch is None:
        return ()
    return (Target(system=System.WINDOWS, arch=arch, named=True),)


def windows_suffixes(machine: Target, abis: Sequence[str]) -> tuple[str, ...]:
    """Return what the first of these Pythons that is known imports (CPython `dynload_win.c`).

    Modules for the stable ABI have no name of their own there: they are plain `.pyd`.
    """
    platform = next((name for name, arch in _PLATFORMS.items() if arch is machine.arch), None)
    if platform is None:
        return ()
    for abi in abis:
        if pypy := re.fullmatch(_PYPY, abi):
            return (f".pypy{pypy[1]}{pypy[2]}-pp{pypy[3]}-{platform}.pyd", ".pyd")
        if re.fullmatch(_CPYTHON, abi):
            return (f".{abi}-{platform}.pyd", ".pyd")
    return ()


def process_arch() -> Arch:
    """Return the architecture that this process runs as.

    `sysconfig.get_platform()` tells what Python was compiled for, and a PE file is for one
    machine; `platform.machine()` tells the hardware, which may emulate that machine.
    """
    name = sysconfig.get_platform().replace("-", "_")
    # MSYS2's Python calls itself `mingw_x86_64_ucrt` and the like.
    words = {**_PLATFORMS, "x86_64": Arch.X86_64, "aarch64": Arch.ARM64, "i686": Arch.I386}
    return next((arch for word, arch in words.items() if word in name), Arch.OTHER)
