"""Scanning wheel files: read in several processes, judged in this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pip_archguard.errors import (
    EXIT_BROKEN,
    EXIT_INPUT,
    EXIT_UNKNOWN,
    UnreadableInputError,
)
from pip_archguard.model.binary import Kind
from pip_archguard.model.event import Listener
from pip_archguard.model.finding import Finding
from pip_archguard.model.result import Progressed
from pip_archguard.model.scan import Scanned
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Judgement, Reason, Severity, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.processes import (
    MOST_PROCESSES,
    NO_PROCESSES,
    in_processes,
)
from pip_archguard.pipbridge.processes import usable_cpus as _usable_cpus
from pip_archguard.rules import judge, modules_at_fault
from pip_archguard.wheels import Reading, WheelFile, judge_wheel, read_file

LEAST_FOR_PROCESSES = 128 * 1024 * 1024
"""Bytes of wheels below which the start of processes (0.4 s) costs more than they save."""

_FEWEST = 2


def scan(
    inputs: Sequence[WheelFile],
    *,
    strict_tags: bool,
    listener: Listener,
    processes: int | None = None,
) -> Iterator[Scanned | UnreadableInputError]:
    """Yield what became of each input, in their order.

    All the wheels count as installed together, two of one project aside.
    """
    read = []
    for number, each in enumerate(_read_all(inputs, processes or _processes(inputs))):
        read.append(each)
        listener.tell(Progressed(done=number + 1, total=len(inputs)))
    libraries = [r.facts for r in read if isinstance(r, Reading) and _has_library(r.facts)]
    for wanted, found in zip(inputs, read, strict=True):
        if isinstance(found, Reading):
            beside = [facts for facts in libraries if facts.project != found.facts.project]
            judgement = _judge(wanted, found, beside, strict_tags=strict_tags)
            yield Scanned(judgement=judgement, targets=wanted.targets, sha256=found.sha256)
        else:
            yield _unreadable(wanted, found)


def exit_code(wheels: Sequence[Scanned], *, failed: bool) -> int:
    """Return what the command ends with; `failed` if an input could not be read.

    What is broken weighs most, then what was not looked at, then what could not be told.
    """
    verdicts = {each.judgement.verdict for each in wheels}
    if Verdict.BROKEN in verdicts:
        return EXIT_BROKEN
    if failed:
        return EXIT_INPUT
    return EXIT_UNKNOWN if Verdict.UNKNOWN in verdicts else 0


def _processes(inputs: Sequence[WheelFile]) -> int:
    files = [each.path for each in inputs if each.path.is_file()]
    if len(files) < _FEWEST or sum(path.stat().st_size for path in files) < LEAST_FOR_PROCESSES:
        return 1
    return min(len(_usable_cpus()), MOST_PROCESSES)


def _read_all(inputs: Sequence[WheelFile], processes: int) -> Iterator[Reading | str]:
    """Read the wheels; where processes cannot be had, or die, this one reads what is left."""
    done = 0
    if processes > 1:
        try:
            for found in _read_in_processes(inputs, processes):
                yield found
                done += 1
        except NO_PROCESSES:
            pass
    for each in inputs[done:]:
        yield read_file(each)


def _read_in_processes(inputs: Sequence[WheelFile], processes: int) -> Iterator[Reading | str]:
    return in_processes(read_file, inputs, processes)


def _has_library(facts: WheelFacts) -> bool:
    return any(piece.kind is Kind.DYLIB for binary in facts.binaries for piece in binary.slices)


def _judge(
    wanted: WheelFile, found: Reading, beside: Sequence[WheelFacts], *, strict_tags: bool
) -> Judgement:
    facts, targets = found.facts, wanted.targets
    judgement = judge(facts, targets, companions=beside, strict_tags=strict_tags)
    if not modules_at_fault(judgement.findings) <= found.at_fault:
        # The wheels beside it make more of its imports fail: their source counts now.
        judgement = judge_wheel(
            wanted.path,
            replace(facts, optional_modules=None),
            targets,
            companions=beside,
            strict_tags=strict_tags,
        )
    if not facts.binaries and not facts.problems:
        return judgement
    untold = tuple(not_judged(facts, target) for target in targets if not target.judged)
    return Judgement(facts=judgement.facts, findings=(*judgement.findings, *untold))


def not_judged(facts: WheelFacts, target: Target) -> Finding:
    """Return the finding on native files for a system for which there are no rules."""
    system = "this platform" if target.system is System.OTHER else target.system.value
    return Finding(
        reason=Reason.COULD_NOT_TELL,
        severity=Severity.WARN,
        path=facts.filename,
        target=target,
        found=(f"wheels for {system} are not judged yet",),
    )


def _unreadable(wanted: WheelFile, why: str) -> UnreadableInputError:
    return UnreadableInputError(
        f"`{wanted.asked}` cannot be read: {why}",
        hint="download or build it anew, and name a whole wheel",
    )
