"""What took the place of a refused wheel, and how plain pip would be told to do the same."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from pip_archguard.model.event import Choice, Origin, Refused, Remedy, Replaced

MOST_VERSIONS = 10
"""After so many refused versions of one project, older ones are not worth the wait."""


def replacement(refused: Sequence[Refused], choice: Choice) -> Replaced:
    """Say which rung of the ladder `choice` is for a project whose files were refused.

    `refused` are the refusals of that project alone, in order.
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
    return Replaced(choice=choice, remedy=remedy, plain_command=plain_command(remedy, choice))


def plain_command(remedy: Remedy, choice: Choice) -> str:
    """Return the `pip` command that gives the same result without a guard."""
    pin = f"{choice.project}=={choice.release}"
    if not choice.is_wheel:
        words = ["pip", "install", "--no-binary", choice.project, pin]
    elif remedy is Remedy.OTHER_WHEEL:
        mark = f"#sha256={choice.sha256}" if choice.sha256 else ""
        words = ["pip", "install", f"{choice.project} @ {choice.url}{mark}"]
    elif remedy is Remedy.REINSTALLED:
        words = ["pip", "install", "--force-reinstall", "--no-deps", pin]
    else:
        words = ["pip", "install", pin]
    return shlex.join(words)
