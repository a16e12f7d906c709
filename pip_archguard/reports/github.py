"""What a job on GitHub shows of a run: annotations, and a summary in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pip_archguard.model.event import Failed, Finished
from pip_archguard.model.handled import Handled
from pip_archguard.model.verdict import Verdict
from pip_archguard.reports.clean import machine
from pip_archguard.reports.failure import codes_of, failure_code, hints, state, story
from pip_archguard.reports.gist import fault_of, taken_instead, weightiest
from pip_archguard.reports.markdown import markdown
from pip_archguard.reports.wording import visible

_MOST = 10
"""GitHub shows so many annotations of a level for each step."""
_MOST_ROWS = 200
"""A summary of more than 1 MiB is not shown at all."""


def workflow_commands(finished: Finished) -> str:
    """Return workflow commands, one for each wheel, without a final newline."""
    by_level: dict[str, list[str]] = {"error": [], "warning": []}
    if finished.failed is not None:
        text = "\n".join([state(finished.failed), *story(finished.failed)])
        title = f"pip-archguard: {failure_code(finished.failed)}"
        by_level["error"].append(_command("error", title, text))
    for handled in _notable(finished):
        level = "error" if _is_at_fault(handled, finished) else "warning"
        title = f"{_name(handled)}: {codes_of(weightiest(handled.judgement))}"
        text = f"{_fault(handled)}\n{_fate(handled, finished)}"
        by_level[level].append(_command(level, title, text))
    return "\n".join(c for level, commands in by_level.items() for c in _shown(level, commands))


def summary(finished: Finished) -> str:
    """Return Markdown with a final newline; nothing where there is nothing to tell."""
    notable = _notable(finished)
    if not notable and finished.failed is None:
        return ""
    machines = " and ".join(map(machine, finished.targets))
    code = f": exit code {finished.exit_code}" if finished.exit_code else ""
    lines = [f"### `pip-archguard {finished.command}` for {machines}{code}", ""]
    if notable:
        lines += ["| package | what is wrong | what happened |", "| --- | --- | --- |"]
        lines += [_row(handled, finished) for handled in notable[:_MOST_ROWS]]
        if len(notable) > _MOST_ROWS:
            lines.append(f"| and {len(notable) - _MOST_ROWS} more | | |")
        lines.append("")
    if finished.failed is not None:
        lines += [*_failure(finished.failed), ""]
    elif finished.replaced:
        lines += ["The same with plain pip:", ""]
        lines += [*_fenced(list(finished.commands)), ""]
    return "\n".join(lines)


def _notable(finished: Finished) -> list[Handled]:
    """Return what was refused, or used although all is not well with it."""
    return [h for h in finished.handled if h.refused or h.judgement.verdict is not Verdict.OK]


def _name(handled: Handled) -> str:
    facts = handled.judgement.facts
    return f"{facts.project} {facts.release}".strip()


def _fault(handled: Handled) -> str:
    return fault_of(handled.judgement, handled.origin)


def _fate(handled: Handled, finished: Finished) -> str:
    """Say what was done about it."""
    if not handled.refused:
        if finished.exit_code == 0:
            return "used all the same"
        return "the run stopped" if _is_at_fault(handled, finished) else "not refused"
    project = handled.judgement.facts.project
    for replaced in finished.replaced:
        if replaced.choice.project == project:
            what = "instead" if finished.exit_code == 0 else "tried instead"
            return f"refused; {what}: {taken_instead(replaced)}"
    return "refused"


def _is_at_fault(handled: Handled, finished: Finished) -> bool:
    """Whether a run failed, and this may be why."""
    if finished.exit_code == 0 or handled.refused:
        return finished.exit_code != 0
    named = [
        about for o in (finished.failed.obstacles if finished.failed else ()) for about in o.about
    ]
    return handled.judgement.facts.filename in named


def _command(level: str, title: str, text: str) -> str:
    return f"::{level} title={_property(title)}::{_data(text)}"


def _shown(level: str, commands: list[str]) -> list[str]:
    if len(commands) <= _MOST:
        return commands
    more = f"{len(commands) - _MOST + 1} more, as the log of this step tells"
    return [*commands[: _MOST - 1], _command(level, "pip-archguard", more)]


def _data(text: str) -> str:
    """Escape as actions/toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def _row(handled: Handled, finished: Finished) -> str:
    cells = (_name(handled), _fault(handled), _fate(handled, finished))
    return f"| {' | '.join(map(markdown, cells))} |"


def _failure(failed: Failed) -> Iterator[str]:
    yield f"**error: {markdown(failure_code(failed))}**: {markdown(state(failed))}"
    yield ""
    for line in story(failed):
        yield f"- {markdown(line)}"
    for hint in hints(failed):
        first, *commands = hint.split("\n")
        yield f"- hint: {markdown(first)}"
        if commands:
            yield ""
            yield from (f"  {line}" for line in _fenced([c.strip() for c in commands]))


def _fenced(lines: list[str]) -> list[str]:
    """Return a block of code whose end none of its lines can be."""
    shown = [visible(line) for line in lines]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}console", *shown, fence]
