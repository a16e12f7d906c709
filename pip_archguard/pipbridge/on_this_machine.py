"""Libraries that no package brings along, but that this very machine has."""

from __future__ import annotations

import os
from pathlib import Path

from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason
from pip_archguard.model.target import Target
from pip_archguard.rules.choice import chosen_slice


def is_on_this_machine(finding: Finding) -> bool:
    """Whether a finding tells of a library that is missing, and lies here all the same.

    It must have the architecture: Homebrew's on Apple silicon is no help to a process of
    Rosetta's. One that is not to be read is taken for good.
    """
    if finding.reason is not Reason.UNDELOCATED or finding.target.named:
        return False
    # `Path.exists` raises on names that are too long, and in folders that nobody may search.
    path = finding.found[0]
    return os.path.exists(path) and _fits(Path(path), finding.target)  # noqa: PTH110 - see above


def _fits(path: Path, target: Target) -> bool:
    try:
        with path.open("rb") as stream:
            binary = read_binary(path.name, FileSource(stream), symbols=False)
    except (ArchGuardError, OSError):
        return True
    if binary is None or not binary.slices:
        return True
    return chosen_slice(binary, target) is not None
