"""What took the place of a refused wheel, and how plain pip would be told to do the same."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence

from pip_archguard.model.choice import Choice, Remedy
from pip_archguard.model.event import Refused, Replaced
from pip_archguard.model.outcome import Origin

MOST_VERSIONS = 10
"""After so many refused versions of one project, older ones are not worth the wait."""


def remedy_of(refused: Sequence[Refused], choice: Choice) -> Remedy:
    """Say which rung of the ladder `choice` is for a project whose files were refused.

    `refused` are the refusals of that project alone, in order.
    """
    if choice.fused_of:
        return Remedy.FUSED
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
    command: Sequence[str],
    options: Sequence[str] = (),
    variables: Sequence[tuple[str, str]] = (),
    judged: bool = True,
) -> Replaced:
    """Return what took the place of what was refused, with plain pip's words for it.

    `command` are the words that plain pip begins with, such as `pip install`, `options` those
    that it needs as well, `variables` those of a source build.
    """
    remedy = remedy_of(refused, choice)
    start = [*command]
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
        before=_making(choice),
    )


def equivalents(
    replaced: Sequence[Replaced],
    installed: Collection[str],
    *,
    command: Sequence[str],
    options: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return commands of plain pip that come to the same as a whole run.

    What was refused when it was `installed` (names of projects) is repaired by a command of
    its own. All else takes one command: taken alone, a package could have pip install the
    refused wheel of another one that it requires.
    """
    made = [line for r in replaced for line in r.before]
    apart = tuple(r.plain_command for r in replaced if r.choice.project in installed)
    fresh = [r for r in replaced if r.choice.project not in installed]
    if len(fresh) <= 1:
        return (*made, *(r.plain_command for r in fresh), *apart)
    asked = [word for each in fresh for word in _asking_for(each.remedy, each.choice)]
    variables = dict.fromkeys(variable for each in fresh for variable in each.variables)
    together = " ".join([*variables, shlex.join([*command, *options, *asked])])
    return (*made, together, *apart)


def _making(choice: Choice) -> tuple[str, ...]:
    """Return the commands by which a fused wheel comes to lie in the current folder."""
    if not choice.fused_of:
        return ()
    download = ["pip", "download", "--no-deps", "-d", "halves"]
    lines = []
    for half in choice.fused_of:
        mark = f"#sha256={half.sha256}" if half.sha256 else ""
        other = ["--only-binary=:all:", "--platform", half.platform] if half.platform else []
        lines.append([*download, *other, f"{half.url}{mark}"])
    lines.append(["pip-archguard", "fuse", *(f"halves/{h.filename}" for h in choice.fused_of)])
    return tuple(map(shlex.join, lines))


def _of_installed(refused: Sequence[Refused]) -> bool:
    return len(refused) == 1 and refused[0].origin is Origin.INSTALLED


def _asking_for(remedy: Remedy, choice: Choice) -> list[str]:
    """Return the arguments by which plain pip takes just this choice."""
    extras = f"[{','.join(choice.extras)}]" if choice.extras else ""
    if remedy is Remedy.FUSED:
        return [f"./{choice.filename}{extras}"]
    if choice.hashed and choice.sha256:
        # Of what is named by its address alone, a command can say the hash.
        address = f"{choice.project}{extras} @ {choice.url}#sha256={choice.sha256}"
        return ["--require-hashes", address]
    pin = f"{choice.project}{extras}=={choice.release}"
    if not choice.is_wheel:
        return ["--no-binary", choice.project, pin]
    if remedy is Remedy.OTHER_WHEEL:
        mark = f"#sha256={choice.sha256}" if choice.sha256 else ""
        return [f"{choice.project}{extras} @ {choice.url}{mark}"]
    return [pin]
