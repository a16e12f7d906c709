"""Reading a wheel for a report, in any process: this module is quick to import."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge, modules_at_fault
from pip_archguard.wheels.digest import sha256_of
from pip_archguard.wheels.disk import opened, read_wheel
from pip_archguard.wheels.judged import judge_wheel

if TYPE_CHECKING:
    from pip_archguard.wheels.remote import RemoteWheel


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is in a wheel; for the modules `at_fault`, its source was looked at."""

    facts: WheelFacts
    sha256: str
    at_fault: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelFile:
    """A wheel, the name that tells its claims, and where it must load.

    `asked` is how the user named it. `read` is what was found in it, or why it cannot be
    read, if that is known already; a wheel that is not on disk is always read before.
    """

    path: Path | RemoteWheel
    filename: str
    asked: str
    targets: tuple[Target, ...]
    read: Reading | str | None = None


def read_file(file: WheelFile) -> Reading | str:
    """Return what is in a wheel file, or why it cannot be read as a wheel."""
    if file.read is not None:
        return file.read
    if not isinstance(file.path, Path):
        return "it was not fetched"
    try:
        facts = read_wheel(file.path, file.filename)
        return reading_of(file, facts, sha256_of(file.path))
    except (ArchGuardError, OSError, zipfile.BadZipFile) as error:
        return str(error)


def reading_of(file: WheelFile, facts: WheelFacts, sha256: str) -> Reading | str:
    """Return what is in a wheel of which the facts are known, or why it is none.

    Source is parsed here already, where an import would fail. Raises what opening does.
    """
    for problem in facts.problems:
        if problem.path == facts.filename:
            return problem.reason
    if not _is_wheel(file.path):
        return "it has no `.dist-info/WHEEL`"
    judgement = judge_wheel(file.path, facts, file.targets)
    return Reading(
        facts=judgement.facts,
        sha256=sha256,
        at_fault=modules_at_fault(judge(facts, file.targets).findings),
    )


def _is_wheel(path: Path | RemoteWheel) -> bool:
    if not isinstance(path, Path) and not path.trips:
        return True  # its facts were kept, and not of what is none
    with path.open("rb") as stream, opened(path, stream) as archive:
        return any(_is_wheel_file(name) for name in archive.namelist())


def _is_wheel_file(member: str) -> bool:
    folder, _, name = member.rpartition("/")
    return name == "WHEEL" and folder.endswith(".dist-info") and "/" not in folder
