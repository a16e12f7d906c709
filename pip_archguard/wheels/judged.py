"""The judgement on a wheel of which the facts are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts

if TYPE_CHECKING:
    from pip_archguard.wheels.remote import RemoteWheel


def judge_wheel(
    path: Path | RemoteWheel,
    facts: WheelFacts,
    targets: Sequence[Target],
    *,
    built: bool = False,
    companions: Sequence[WheelFacts] = (),
    strict_tags: bool = False,
) -> Judgement:
    """Judge facts as `rules.judge` does, and look for a fallback where an import would fail.

    The Python source in the wheel at `path` is parsed only in that case, and only if the
    facts do not hold yet what it says; those of the judgement do then.
    """
    if not facts.binaries and not facts.problems:
        return Judgement(facts=facts)  # no rule finds fault with what is not there
    # Most wheels end above, and need none of the rules.
    from pip_archguard.rules import judge  # noqa: PLC0415

    judgement = judge(facts, targets, built=built, companions=companions, strict_tags=strict_tags)
    if not judgement.findings:
        return judgement
    from pip_archguard.rules import loading_besides, modules_at_fault  # noqa: PLC0415

    modules = modules_at_fault(judgement.findings)
    if not modules or facts.optional_modules is not None:
        return judgement
    from pip_archguard.wheels.fallbacks import optional_extensions  # noqa: PLC0415 - nor this

    loading = loading_besides(facts, judgement.findings, targets)
    return judge(
        facts._replace(optional_modules=optional_extensions(path, modules, loading)),
        targets,
        built=built,
        companions=companions,
        strict_tags=strict_tags,
    )
