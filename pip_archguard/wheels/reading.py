"""Reading a wheel for a report, in any process: this module is quick to import."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.problem import Fault
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge, libraries_beyond, modules_at_fault
from pip_archguard.wheels.digest import sha256_of
from pip_archguard.wheels.disk import is_wheel_file, look_into, opened
from pip_archguard.wheels.facts_cache import FactsCache
from pip_archguard.wheels.judged import judge_wheel

if TYPE_CHECKING:
    from pip_archguard.wheels.remote import RemoteWheel

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is in a wheel, and the judgement on it if nothing else is installed.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelFile:
    """A wheel, the name that tells its claims, and where it must load.

    `asked` is how the user named it; what was `fetched` lies on this machine alone. `read`
    is what was found in it, or why it cannot be read, if that is known already; a wheel
    that is not on disk is always read before. `whole` has all of such a wheel fetched, and
    raises UnreadableInputError if that cannot be.
    """

    path: Path | RemoteWheel
    filename: str
    asked: str
    targets: tuple[Target, ...]
    strict_tags: bool = False
    fetched: bool = False
    read: Reading | str | None = None
    whole: Callable[[], Path] | None = None


def read_file(file: WheelFile, known: FactsCache | None = None) -> Reading | str:
    """Return what is in a wheel file, or why it cannot be read as a wheel.

    A wheel whose facts are `known` is not opened, unless an import from it would fail.
    """
    if file.read is not None:
        return file.read
    if not isinstance(file.path, Path):
        return "it was not fetched"
    if not os.path.isfile(file.path):  # noqa: PTH113 - `Path` raises for a link to itself
        return "it cannot be opened (it is no file)"  # to open a pipe would wait for its other end
    try:
        # What is no archive may be of any length: no sum is made of it.
        sha256 = sha256_of(file.path) if zipfile.is_zipfile(file.path) else ""
    except OSError as error:
        return f"it cannot be opened ({error})"
    try:
        facts = known.get(sha256, file.filename) if known is not None and sha256 else None
        if facts is None:
            facts, is_wheel = look_into(file.path, file.filename)
            if why := _fault_of(facts, is_wheel=is_wheel):
                return why
            if known is not None:
                known.put(sha256, facts)
        return _judged(file, facts, sha256)
    except (ArchGuardError, OSError) as error:
        return str(error)


def reading_of(file: WheelFile, facts: WheelFacts, sha256: str) -> Reading | str:
    """Return what is in a wheel of which the facts are known, or why it is none.

    Raises what opening does.
    """
    return _fault_of(facts, is_wheel=_is_wheel(file.path)) or _judged(file, facts, sha256)


def _fault_of(facts: WheelFacts, *, is_wheel: bool) -> str:
    """Return why a file cannot be read as a wheel, or nothing."""
    for problem in facts.problems:
        if problem.path == facts.filename and problem.fault is Fault.UNREADABLE:
            return problem.reason
    return "" if is_wheel else "it has no `.dist-info/WHEEL`"


def _judged(file: WheelFile, facts: WheelFacts, sha256: str) -> Reading:
    # Source is parsed here already, where an import would fail.
    judgement = judge_wheel(file.path, facts, file.targets, strict_tags=file.strict_tags)
    asked = judgement.facts.optional_modules is not None
    return Reading(
        judgement=judgement,
        sha256=sha256,
        at_fault=modules_at_fault(judge(facts, file.targets).findings) if asked else _NONE,
        linked=libraries_beyond(facts, file.targets),
    )


def _is_wheel(path: Path | RemoteWheel) -> bool:
    if not isinstance(path, Path) and not path.trips:
        return True  # its facts were kept, and not of what is none
    with path.open("rb") as stream, opened(path, stream) as archive:
        return any(map(is_wheel_file, archive.namelist()))
