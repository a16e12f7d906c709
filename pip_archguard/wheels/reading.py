"""Reading a wheel file whole, in any process: this module is quick to import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pip_archguard.errors import ArchGuardError
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge, modules_at_fault
from pip_archguard.wheels.digest import sha256_of
from pip_archguard.wheels.disk import look_into
from pip_archguard.wheels.facts_cache import FactsCache
from pip_archguard.wheels.judged import judge_wheel


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelFile:
    """A wheel file, the name that tells its claims, and where it must load.

    `asked` is how the user named it.
    """

    path: Path
    filename: str
    asked: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is in a wheel file; for the modules `at_fault`, its source was looked at."""

    facts: WheelFacts
    sha256: str
    at_fault: frozenset[str]


def read_file(file: WheelFile, known: FactsCache | None = None) -> Reading | str:
    """Return what is in a wheel file, or why it cannot be read as a wheel.

    A wheel whose facts are `known` is not opened, unless an import from it would fail.
    """
    try:
        sha256 = sha256_of(file.path)
    except OSError as error:
        return f"it cannot be opened ({error})"
    try:
        facts = known.get(sha256, file.filename) if known is not None else None
        if facts is None:
            facts, is_wheel = look_into(file.path, file.filename)
            for problem in facts.problems:
                if problem.path == facts.filename:
                    return problem.reason
            if not is_wheel:
                return "it has no `.dist-info/WHEEL`"
            if known is not None:
                known.put(sha256, facts)
        # Source is parsed here already, where an import would fail.
        judgement = judge_wheel(file.path, facts, file.targets)
        return Reading(
            facts=judgement.facts,
            sha256=sha256,
            at_fault=modules_at_fault(judge(facts, file.targets).findings),
        )
    except (ArchGuardError, OSError) as error:
        return str(error)
