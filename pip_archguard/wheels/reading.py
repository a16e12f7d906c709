"""Reading a wheel file whole, in any process: this module is quick to import."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge, libraries_beyond, modules_at_fault
from pip_archguard.wheels.digest import sha256_of
from pip_archguard.wheels.disk import read_wheel
from pip_archguard.wheels.judged import judge_wheel

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelFile:
    """A wheel file, the name that tells its claims, and where it must load.

    `asked` is how the user named it; what was `fetched` lies on this machine alone.
    """

    path: Path
    filename: str
    asked: str
    targets: tuple[Target, ...]
    strict_tags: bool = False
    fetched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is in a wheel file, and the judgement on it if nothing else is installed.

    For the modules `at_fault`, its source was looked at. `linked` are the names of libraries
    that it links and has not, so that wheels which have them may change the judgement.
    """

    judgement: Judgement
    sha256: str
    at_fault: frozenset[str]
    linked: frozenset[str]

    @property
    def facts(self) -> WheelFacts:
        """What the wheel claims and holds."""
        return self.judgement.facts


def read_file(file: WheelFile) -> Reading | str:
    """Return what is in a wheel file, or why it cannot be read as a wheel."""
    try:
        facts = read_wheel(file.path, file.filename)
        for problem in facts.problems:
            if problem.path == facts.filename:
                return problem.reason
        with zipfile.ZipFile(file.path) as archive:
            if not any(_is_wheel_file(name) for name in archive.namelist()):
                return "it has no `.dist-info/WHEEL`"
        # Source is parsed here already, where an import would fail.
        judgement = judge_wheel(file.path, facts, file.targets, strict_tags=file.strict_tags)
        asked = judgement.facts.optional_modules is not None
        return Reading(
            judgement=judgement,
            sha256=sha256_of(file.path),
            at_fault=modules_at_fault(judge(facts, file.targets).findings) if asked else _NONE,
            linked=libraries_beyond(facts, file.targets),
        )
    except (ArchGuardError, OSError, zipfile.BadZipFile) as error:
        return str(error)


def _is_wheel_file(member: str) -> bool:
    folder, _, name = member.rpartition("/")
    return name == "WHEEL" and folder.endswith(".dist-info") and "/" not in folder
