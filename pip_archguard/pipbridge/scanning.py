"""Scanning wheel files: read and judged by an executor, put together in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from pip_archguard.errors import (
    EXIT_BROKEN,
    EXIT_INPUT,
    EXIT_UNKNOWN,
    NoRangesError,
    UnreadableInputError,
)
from pip_archguard.model.event import Listener
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.result import Progressed
from pip_archguard.model.scan import Scanned
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.companions import Companions
from pip_archguard.pipbridge.executors import Executor, LocalProcesses, carried_out
from pip_archguard.pipbridge.processes import MOST_PROCESSES
from pip_archguard.pipbridge.processes import usable_cpus as _usable_cpus
from pip_archguard.rules import judge, modules_at_fault
from pip_archguard.wheels import FactsCache, Reading, WheelFile, judge_wheel, read_file

LEAST_FOR_PROCESSES = 128 * 1024 * 1024
"""Bytes of wheels below which the start of processes (0.4 s) costs more than they save."""

_FEWEST = 2


def scan(
    inputs: Sequence[WheelFile],
    *,
    listener: Listener,
    executor: Executor | None = None,
    known: FactsCache | None = None,
) -> Iterator[Scanned | UnreadableInputError]:
    """Yield what became of each input, in their order.

    All the wheels count as installed together, two of one project aside. They are read by
    the executor, or else in processes of this machine if there is enough to read; here,
    those whose facts are `known` are not read again.
    """
    read = []
    for number, each in enumerate(_read_all(inputs, executor, known)):
        read.append(each)
        listener.tell(Progressed(done=number + 1, total=len(inputs)))
    companions = Companions(read)
    for wanted, found in zip(inputs, read, strict=True):
        if not isinstance(found, Reading):
            yield _unreadable(wanted, found)
            continue
        try:
            judgement = _judged(wanted, found, companions.of(found))
        except UnreadableInputError as error:
            yield error
            continue
        yield Scanned(judgement=judgement, targets=wanted.targets, sha256=found.sha256)


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


def local_processes(inputs: Sequence[WheelFile]) -> LocalProcesses | None:
    """Return the processes of this machine that pay for the reading of these wheels, if any."""
    files = [path for each in inputs if isinstance(path := each.path, Path) and path.is_file()]
    if len(files) < _FEWEST or sum(path.stat().st_size for path in files) < LEAST_FOR_PROCESSES:
        return None
    count = min(len(_usable_cpus()), MOST_PROCESSES)
    return LocalProcesses(count) if count > 1 else None


def _read_all(
    inputs: Sequence[WheelFile], executor: Executor | None, known: FactsCache | None
) -> Iterator[Reading | str]:
    """Read the wheels; what other machines have not, or cannot read, this one may."""
    here = partial(read_file, known=known)
    # What is read already may hold what cannot be sent to another process.
    unread = [each for each in inputs if each.read is None]
    if executor is None:
        found = carried_out(here, unread, local_processes(unread))
        for each in inputs:
            yield next(found) if each.read is None else each.read
        return
    elsewhere = carried_out(read_file, [each for each in unread if not each.fetched], executor)
    for each in inputs:
        if each.fetched or each.read is not None:
            yield here(each)
        else:
            result = next(elsewhere)
            yield here(each) if isinstance(result, str) else result


def _judged(wanted: WheelFile, found: Reading, beside: Sequence[WheelFacts]) -> Judgement:
    judgement = _judge(wanted, found, beside) if beside else found.judgement
    facts = found.facts
    if not facts.binaries and not facts.problems:
        return judgement
    untold = tuple(not_judged(facts, target) for target in wanted.targets if not target.judged)
    return Judgement(facts=judgement.facts, findings=(*judgement.findings, *untold))


def _judge(wanted: WheelFile, found: Reading, beside: Sequence[WheelFacts]) -> Judgement:
    facts, targets, strict = found.facts, wanted.targets, wanted.strict_tags
    judgement = judge(facts, targets, companions=beside, strict_tags=strict)
    if modules_at_fault(judgement.findings) <= found.at_fault:
        return judgement
    # The wheels beside it make more of its imports fail: their source counts now.
    again = partial(
        judge_wheel,
        facts=facts._replace(optional_modules=None),
        targets=targets,
        companions=beside,
        strict_tags=strict,
    )
    try:
        return again(wanted.path)
    except NoRangesError:  # the server sends no more parts
        if wanted.whole is None:
            raise
        return again(wanted.whole())


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
