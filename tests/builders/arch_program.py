"""`arch -MACHINE PROGRAM …` of macOS, on a simulated host: starts it as the other machine.

    FAKEHOST_ROSETTA=0      Rosetta is not installed
    FAKEHOST_INTERPRETER    whose slices decide what Python can be started as

As on a Mac, the words for what cannot run go to standard error, and the code is 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from builders.universal import archs_of


def variables_as(machine: str, program: str, environ: Mapping[str, str]) -> dict[str, str] | None:
    """Return what makes a program of this host run as a machine; None where it cannot."""
    apple = environ.get("FAKEHOST") == "arm64" or environ.get("FAKEHOST_TRANSLATED") == "1"
    translated = apple and machine == "x86_64"
    if machine not in ("arm64", "x86_64") or (machine == "arm64" and not apple):
        return None
    if translated and environ.get("FAKEHOST_ROSETTA") == "0":
        return None
    if "python" in Path(program).name and machine not in _slices(environ):
        return None
    return {"FAKEHOST": machine, "FAKEHOST_TRANSLATED": "1" if translated else "0"}


def _slices(environ: Mapping[str, str]) -> tuple[str, ...]:
    if binary := environ.get("FAKEHOST_INTERPRETER"):
        return archs_of(Path(binary).read_bytes())
    both = environ.get("FAKEHOST_UNIVERSAL2") == "1"
    return ("arm64", "x86_64") if both else (environ.get("FAKEHOST", ""),)


def main(arguments: list[str]) -> int:
    """Become the program, or say why not and return 1."""
    option, program, *_ = arguments
    variables = variables_as(option.removeprefix("-"), program, os.environ)
    if variables is not None:
        os.execvpe(program, arguments[1:], os.environ | variables)  # noqa: S606 - as `arch` does
    sys.stderr.write(f"arch: posix_spawnp: {program}: Bad CPU type in executable\n")
    return 1
