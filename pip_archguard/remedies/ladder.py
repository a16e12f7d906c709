"""What took the place of a refused wheel, and how plain pip would be told to do the same."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from pip_archguard.model.event import Refused, Replaced
from pip_archguard.model.outcome import Choice, Origin, Remedy

MOST_VERSIONS = 10
"""After so many refused versions of one project, older ones are not worth the wait."""


def remedy_of(refused: Sequence[Refused], choice: Choice) -> Remedy:
    """Say which rung of the ladder `choice` is for a project whose files were refused.

    `refused` are the refusals of that project alone, in order.
    """
    releases = {r.judgement.facts.release for r in refused}
    if choice.release not in releases:
        return Remedy.OTHER_VERSION
    if not choice.is_wheel:
        return Remedy.BUILT
    return Remedy.REINSTALLED if _of_installed(refused) else Remedy.OTHER_WHEEL


def replacement(
    refused: Sequence[Refused],
    choice: Choice,
    *,
    command: str,
    options: Sequence[str] = (),
    variables: Sequence[tuple[str, str]] = (),
    judged: bool = True,
) -> Replaced:
    """Return what took the place of what was refused, with plain pip's words for it.

    `options` are those that plain pip needs as well, `variables` those of a source build.
    """
    remedy = remedy_of(refused, choice)
    start = ["pip", command]
    if any(r.origin is Origin.INSTALLED for r in refused):
        # pip would find the broken one in place and leave it there.
        start += ["--force-reinstall", "--no-deps"]
    words = shlex.join([*start, *options, *_asking_for(remedy, choice)])
    needed = () if choice.is_wheel else tuple(f"{k}={shlex.quote(v)}" for k, v in variables)
    return Replaced(
        choice=choice,
        remedy=remedy,
        plain_command=" ".join([*needed, words]),
        variables=needed,
        judged=judged,
    )


def _of_installed(refused: Sequence[Refused]) -> bool:
    return len(refused) == 1 and refused[0].origin is Origin.INSTALLED


def _asking_for(remedy: Remedy, choice: Choice) -> list[str]:
    """Return the arguments by which plain pip takes just this choice."""
    pin = f"{choice.project}=={choice.release}"
    if not choice.is_wheel:
        return ["--no-binary", choice.project, pin]
    if remedy is Remedy.OTHER_WHEEL:
        mark = f"#sha256={choice.sha256}" if choice.sha256 else ""
        return [f"{choice.project} @ {choice.url}{mark}"]
    return [pin]
