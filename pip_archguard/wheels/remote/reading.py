"""The facts of a wheel on a server."""

from __future__ import annotations

from pathlib import PurePosixPath

from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels.disk import read_wheel
from pip_archguard.wheels.remote.names import is_passed_over
from pip_archguard.wheels.remote.wheel import RemoteWheel


def read_remote(wheel: RemoteWheel) -> WheelFacts:
    """Return facts of a wheel that lead to the same verdict as those of the whole file.

    They are the same but for symbols, where the wheel knows its targets, and but for files
    that are native though their name says otherwise (see `names`). If something in the wheel
    links such a file, all of the wheel is read. Raises NoRangesError.
    """
    facts = read_wheel(wheel)
    if _links_data(facts):
        wheel.bring_all()
        facts = read_wheel(wheel)
    return facts


def _links_data(facts: WheelFacts) -> bool:
    """Whether a library asks dyld for a file that was passed over by its name."""
    return any(
        is_passed_over(PurePosixPath(dependency.install_name).name)
        for binary in facts.binaries
        for piece in binary.slices
        for dependency in piece.dependencies
    )
