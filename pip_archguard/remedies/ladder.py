"""What took the place of a refused wheel, and how plain pip would be told to do the same."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from pip_archguard.model.event import Refused, Replaced
from pip_archguard.model.outcome import Choice, Origin, Remedy

MOST_VERSIONS = 10
"""After so many refused versions of one project, older ones are not worth the wait."""


def replacement(refused: Sequence[Refused], choice: Choice, command: str) -> Replaced:
    """Say which rung of the ladder `choice` is for a project whose files were refused.

    `refused` are the refusals of that project alone, in order; `command` is pip's.
    """
    releases = {r.judgement.facts.release for r in refused}
    installed = any(r.origin is Origin.INSTALLED for r in refused)
    if choice.release not in releases:
        remedy = Remedy.OTHER_VERSION
    elif not choice.is_wheel:
        remedy = Remedy.BUILT
    elif installed and len(refused) == 1:
        remedy = Remedy.REINSTALLED
    else:
        remedy = Remedy.OTHER_WHEEL
    start = ["pip", command]
    if installed:
        # pip would find the broken one in place and leave it there.
        start += ["--force-reinstall", "--no-deps"]
    words = [*start, *_asking_for(remedy, choice)]
    return Replaced(choice=choice, remedy=remedy, plain_command=shlex.join(words))


def _asking_for(remedy: Remedy, choice: Choice) -> list[str]:
    """Return the arguments by which plain pip takes just this choice."""
    pin = f"{choice.project}=={choice.release}"
    if not choice.is_wheel:
        return ["--no-binary", choice.project, pin]
    if remedy is Remedy.OTHER_WHEEL:
        mark = f"#sha256={choice.sha256}" if choice.sha256 else ""
        return [f"{choice.project} @ {choice.url}{mark}"]
    return [pin]
