"""Two wheels in, one wheel out, judged before and after."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from pip_archguard.errors import UnreadableInputError
from pip_archguard.fusing.halves import Pair, pair_of, promised_by, targets_of
from pip_archguard.fusing.opened import opened
from pip_archguard.fusing.plan import Plan, plan_of
from pip_archguard.fusing.writing import put_in_place, temporary, write_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.fusing import FusedWheel, Unfit
from pip_archguard.model.problem import Fault
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels import judge_wheel, parse_wheel_name, read_wheel

_FIT = frozenset({Verdict.OK, Verdict.WARNING})


def fuse(
    first: Path, second: Path, folder: Path, *, take_from: Arch | None = None
) -> FusedWheel | Unfit:
    """Fuse a wheel for arm64 and one for x86_64, in any order, into one in a folder.

    Each is judged for its own architecture first, and the result for both before it gets
    its name; what does not load is not fused, or not kept. `take_from` is the wheel whose
    files stand where the two differ and nothing can stand for both. Raises UnfusableError
    where they do not go together, UnreadableInputError and UnwritableFileError.
    """
    pair = pair_of(first, second)
    facts = []
    for half in (pair.arm64, pair.x86_64):
        judgement = _judged(half.path, half.targets)
        for problem in judgement.facts.problems:
            if problem.path == judgement.facts.filename and problem.fault is Fault.UNREADABLE:
                msg = f"`{half.path}` cannot be read: {problem.reason}"
                raise UnreadableInputError(msg)
        if judgement.verdict not in _FIT:
            return Unfit(judgement=judgement, whole=False)
        facts.append(judgement.facts)
    with ExitStack() as stack:
        path = stack.enter_context(temporary(folder, pair.filename))
        plan = _write(pair, facts, path, take_from)
        targets = _targets(pair)
        judgement = _judged(path, targets, pair.filename)
        if judgement.verdict not in _FIT:
            return Unfit(judgement=judgement, whole=True)
        put_in_place(path, folder / pair.filename)
    return FusedWheel(
        path=str(folder / pair.filename),
        halves=(pair.arm64.name.filename, pair.x86_64.name.filename),
        files=tuple(entry.told for entry in plan.entries if entry.told is not None),
        metadata=plan.metadata,
        judgement=judgement,
        targets=targets,
    )


def _write(pair: Pair, facts: list[WheelFacts], path: Path, take_from: Arch | None) -> Plan:
    with opened(pair.arm64, facts[0]) as arm64, opened(pair.x86_64, facts[1]) as x86_64:
        plan = plan_of(pair, arm64, x86_64, take_from)
        write_wheel(path, plan.entries, arm64.dist_info)
    return plan


def _targets(pair: Pair) -> tuple[Target, ...]:
    """Return where the name of the fused wheel says that it loads."""
    name = parse_wheel_name(pair.filename)
    oldest = promised_by(name)
    return tuple(target for arch in oldest for target in targets_of(name, arch, oldest[arch]))


def _judged(path: Path, targets: tuple[Target, ...], filename: str | None = None) -> Judgement:
    return judge_wheel(path, read_wheel(path, filename), targets)
