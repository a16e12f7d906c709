"""What was taken in the place of something refused, as a requirements file for plain pip."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from urllib.parse import quote

from pip_archguard import __version__
from pip_archguard.model.beginnings import REQUIREMENTS
from pip_archguard.model.choice import Remedy
from pip_archguard.model.event import Finished, Replaced
from pip_archguard.model.handled import Handled
from pip_archguard.reports import wording
from pip_archguard.reports.clean import machine
from pip_archguard.reports.gist import fault_of, taken_instead

_PLAIN = "%/:=&?~+!,;'@()*[]"
"""What stays in an address: no blank, and no `${NAME}`, which pip fills in (`ENV_VAR_RE`)."""


def overlay(finished: Finished) -> str:
    """Return a file to be named beside the requirements; nothing if the run failed."""
    if finished.exit_code:
        return ""
    machines = " and ".join(map(machine, finished.targets))
    where = f" for {machines}" if machines else ""
    lines = [
        f"{REQUIREMENTS}{__version__}{where}; its next run replaces this file.",
        *_comment(f"In a new environment plain pip does the same with it: {_use_of(finished)}"),
    ]
    if not finished.replaced:
        lines += ["", *_comment("Nothing was replaced: plain pip does the same without it.")]
    for replaced in finished.replaced:
        lines += ["", *_comments(replaced, finished.handled), *_lines(replaced)]
    return "\n".join(lines) + "\n"


def _use_of(finished: Finished) -> str:
    name = finished.reports.requirements.name if finished.reports.requirements else "THIS_FILE"
    words = ["pip", finished.command, "-r", "requirements.txt", "-r", shlex.quote(name)]
    return " ".join([*dict.fromkeys(v for r in finished.replaced for v in r.variables), *words])


def _comments(replaced: Replaced, handled: tuple[Handled, ...]) -> Iterator[str]:
    for each in handled:
        if each.refused and each.judgement.facts.project == replaced.choice.project:
            yield from _comment(fault_of(each.judgement, each.origin))
    yield from _comment(f"instead: {taken_instead(replaced)}")
    for command in replaced.before:
        yield from _comment(f"before: {command}")
    yield from _comment(f"by itself: {replaced.plain_command}")
    if " @ http" in _lines(replaced)[0]:
        yield from _comment(
            "No password is written here: pip takes the one that it has for the index."
        )
    if not replaced.choice.is_wheel:
        yield from _comment("`--no-binary` holds for all that the command installs of that name.")


def _lines(replaced: Replaced) -> list[str]:
    choice = replaced.choice
    pin = f"{choice.project}=={choice.release}"
    if not choice.is_wheel:
        return [_line(f"--no-binary {choice.project}"), _line(pin)]
    if replaced.remedy is Remedy.FUSED:
        return [_line(f"./{choice.filename}")]
    if replaced.remedy is Remedy.OTHER_WHEEL:
        mark = f"#sha256={choice.sha256}" if choice.sha256 else ""
        address = quote(choice.url, safe=_PLAIN, errors="surrogatepass")
        return [_line(f"{choice.project} @ {address}{mark}")]
    return [_line(pin)]


def _line(text: str) -> str:
    """Return a line in which nothing ends it, or goes on behind it (`join_lines` of pip)."""
    return wording.visible(text).encode("ascii", "backslashreplace").decode().removesuffix("\\")


def _comment(text: str) -> Iterator[str]:
    # ASCII only: older pips read the file in the encoding of the locale.
    yield "# " + wording.visible(text).encode("ascii", "backslashreplace").decode()
