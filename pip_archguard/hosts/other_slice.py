"""Starting a program as its other architecture, by the program `arch` of macOS."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence

from pip_archguard.hosts.programs import program
from pip_archguard.model.arch import Arch

_ARCH = "/usr/bin/arch"
_ANY_PROGRAM = "/usr/bin/true"  # universal on every Mac that Rosetta runs on
# Without `-I`, `-c` would import a `platform.py` of the current folder.
_ASK = ("-I", "-c", "import platform; print(platform.machine())")
_SECONDS = 60  # Rosetta translates a program the first time it runs


def command_as(arch: Arch, python: str) -> tuple[str, ...] | None:
    """Return the words that start an interpreter as an architecture; None if none do.

    It is started once and asked what it runs as (`man arch`): that needs a part of the
    interpreter for the architecture and, for x86_64 on Apple silicon, Rosetta.
    """
    for command in _commands(arch):
        done = _run((*command, python, *_ASK))
        if done is not None and done.returncode == 0 and done.stdout.strip() == str(arch):
            return (*command, python)
    return None


def can_start_as(arch: Arch) -> bool | None:
    """Whether programs of this Mac run as an architecture at all; None if that is untold."""
    runs = [done for c in _commands(arch) if (done := _run((*c, _ANY_PROGRAM))) is not None]
    return any(done.returncode == 0 for done in runs) if runs else None


def _commands(arch: Arch) -> Iterator[tuple[str, str]]:
    """Yield what may start a program; GNU has an `arch` that only prints the machine."""
    for path in dict.fromkeys((program("arch") or _ARCH, _ARCH)):
        yield path, f"-{arch}"


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(  # noqa: S603 - words of ours, and the interpreter
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
