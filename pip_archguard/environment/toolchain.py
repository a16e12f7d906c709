"""The programs that source builds use, and which of them are here."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.errors import ArchGuardError
from pip_archguard.hosts.programs import program
from pip_archguard.model.doctor import Tool, Tools
from pip_archguard.model.format import Format

_NAMES = (
    *("cc", "clang", "cmake", "rustc", "cargo", "gfortran", "ninja", "pkg-config", "make"),
    "swig",
)
_SECONDS = 20
_LONGEST = 200
_WORKERS = 4

# Programs here that only lead to Xcode's: without Xcode, each opens a window that offers it.
_SHIMS = "/usr/bin/"


def build_tools() -> Tools:
    """Look for the programs on PATH and ask each for its version, several at a time."""
    mac = sys.platform == "darwin"
    folder = _developer_folder() if mac else None
    paths = {name: program(name) for name in _NAMES}
    found = {name: path for name, path in paths.items() if path}
    with ThreadPoolExecutor(_WORKERS) as pool:
        versions = pool.map(
            lambda path: "" if folder == "" and path.startswith(_SHIMS) else _version(path),
            found.values(),
        )
        tools = [
            Tool(name=name, path=path, version=version, archs=_archs(path) if mac else ())
            for (name, path), version in zip(found.items(), versions, strict=True)
        ]
    return Tools(
        found=tuple(tools),
        missing=tuple(name for name in _NAMES if name not in found),
        developer_folder=folder,
    )


def _developer_folder() -> str:
    """Return where Xcode or its command line tools are; empty if nowhere."""
    path = program("xcode-select")
    output = _output([path, "-p"]) if path else None
    return output.strip()[:_LONGEST] if output else ""


def _version(path: str) -> str:
    output = _output([path, "--version"]) or ""
    return next((line.strip() for line in output.splitlines() if line.strip()), "")[:_LONGEST]


def _output(command: list[str]) -> str | None:
    """Return what a program prints; None if it fails.

    It runs in a folder of ours: one with a `rust-toolchain.toml` would have `cargo`
    fetch that toolchain.
    """
    try:
        done = subprocess.run(  # noqa: S603 - programs of PATH, as a build would start them
            command,
            cwd=sys.prefix,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return done.stdout if done.returncode == 0 else None


def _archs(path: str) -> tuple[str, ...]:
    try:
        with Path(os.path.realpath(path)).open("rb") as stream:
            binary = read_binary(Path(path).name, FileSource(stream), symbols=False)
    except (ArchGuardError, OSError):
        return ()
    if binary is None or binary.format is not Format.MACH_O:
        return ()
    return tuple(str(piece.arch) for piece in binary.slices)
