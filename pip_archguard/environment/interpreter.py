"""The interpreter's own binary and the environment it runs in."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.arch import Arch
from pip_archguard.model.format import Format

# Written by pipx into every environment it makes, and by `uv tool install`.
_TOOL_MARKS = {"pipx_metadata.json": "pipx", "uv-receipt.toml": "uv tool"}


def interpreter_archs() -> frozenset[Arch]:
    """Return those as which the interpreter's binary can be started; empty if that is untold.

    Only a Mach-O file may have several: on other systems there is nothing to choose.
    """
    # Few runs ask for this, and all import this module.
    from pip_archguard.binaries import FileSource, read_binary  # noqa: PLC0415

    path = Path(getattr(sys, "_base_executable", "") or sys.executable)
    try:
        with path.resolve().open("rb") as stream:
            binary = read_binary(path.name, FileSource(stream))
    except (ArchGuardError, OSError):
        return frozenset()
    if binary is None or binary.format is not Format.MACH_O:
        return frozenset()
    return frozenset(s.arch for s in binary.slices)


def tool_environment(prefix: Path) -> str | None:
    """Return which tool made the environment for a program of its own, if one did."""
    for mark, tool in _TOOL_MARKS.items():
        if (prefix / mark).exists():
            return tool
    return None


def other_environment(prefix: Path, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the variable and path of an activated environment that is not ours.

    Inside an activated virtual environment CONDA_PREFIX still names the conda one
    around it, so it counts only where VIRTUAL_ENV is not set.
    """
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if activated := environ.get(variable):
            same = os.path.realpath(activated) == os.path.realpath(prefix)
            return None if same else (variable, activated)
    return None
