"""Events as text for a terminal or a CI log."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pip_archguard.model.arch import Arch
from pip_archguard.model.event import (
    Clean,
    Complaint,
    Event,
    Failed,
    Finished,
    Noticed,
    OtherEnvironment,
    Progressed,
    Refused,
    Replaced,
    ScanReport,
    Silent,
    Stopped,
    Translated,
)
from pip_archguard.model.outcome import Obstacle
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Finding, Judgement, Reason, Severity, Verdict
from pip_archguard.reports import wording
from pip_archguard.reports.reasons import because
from pip_archguard.reports.wording import tick

_MOST_FILES = 3
"""How many files of one wheel are named; the others are counted."""


def render(event: Event) -> str:
    """Return the text of an event, without a final newline."""
    match event:
        case Refused():
            return _refused(event)
        case Noticed():
            return _noticed(event)
        case Replaced():
            return (
                f"instead: {wording.instead(event.remedy, event.choice)}\n"
                f"plain pip: {event.plain_command}"
            )
        case Stopped():
            return wording.stopped(event.obstacle, event.about)
        case Failed():
            return _failed(event)
        case Finished():
            return ""
        case Clean():
            return _clean(event)
        case Complaint():
            return _entry("error", event.code, event.message, event.hint)
        case Silent():
            return f"pip-archguard: wheels for {event.system} are not judged yet"
        case OtherEnvironment():
            return _entry(
                "warning",
                "other-environment",
                f"`{event.variable}` names {tick(event.activated)}, "
                f"but pip-archguard works on {tick(event.ours)}",
                f"for the former, use `pip-archguard --python {event.activated} …`",
            )
        case Translated():
            return _entry(
                "warning",
                "translated-process",
                f"{tick(event.python)} has an arm64 part, but runs as x86_64 under Rosetta: "
                "wheels are judged for x86_64",
                f"start it natively: `arch -arm64 {event.python} -m pip_archguard …`",
            )
        case Progressed():
            return f"{event.done} of {event.total} wheels"
        case ScanReport():
            from pip_archguard.reports.scan_text import scan_text  # noqa: PLC0415 - loads rich

            return scan_text(event)


def _entry(level: str, code: str, text: str, hint: str | None = None) -> str:
    return f"{level}: {code}\n{text}" + (f"\n\nhint: {hint}" if hint else "")


def _refused(event: Refused) -> str:
    findings = _weightiest(event.judgement)
    subject = wording.subject(event.origin, event.judgement.facts.filename)
    if event.judgement.verdict is not Verdict.BROKEN:
        return _entry("passed over", _codes(findings), f"{subject.rstrip(',')}: {_files(findings)}")
    return _entry("refused", _codes(findings), f"{subject} cannot load: {_files(findings)}")


def _noticed(event: Noticed) -> str:
    judgement = event.judgement
    findings = _weightiest(judgement)
    subject = wording.subject(event.origin, judgement.facts.filename)
    text = f"{subject.rstrip(',')}: {_files(findings)}"
    if judgement.verdict is Verdict.BROKEN:
        text += "; used all the same, as `--arch-policy warn` says"
    return _entry("warning", _codes(findings), text)


def _weightiest(judgement: Judgement) -> list[Finding]:
    if judgement.verdict is Verdict.BROKEN:
        return [f for f in judgement.findings if f.severity is Severity.REFUSE]
    if judgement.verdict is Verdict.UNKNOWN:
        return [f for f in judgement.findings if f.reason is Reason.COULD_NOT_TELL]
    return [f for f in judgement.findings if f.severity is Severity.WARN]


def _codes(findings: Iterable[Finding]) -> str:
    return ", ".join(dict.fromkeys(f.reason.value for f in findings))


def _files(findings: list[Finding]) -> str:
    named = [because(f) for f in findings[:_MOST_FILES]]
    more = len(findings) - _MOST_FILES
    if more > 0:
        named.append(f"and {more} more like {'it' if more == 1 else 'them'}")
    return "; ".join(named)


def _failed(event: Failed) -> str:
    lines = [f"error: {_failure_code(event)}"]
    lines.append(
        "Nothing was installed or changed."
        if event.untouched
        else "It failed after something had been written."
    )
    for refused in event.refused:
        facts = refused.judgement.facts
        codes = _codes(f for f in refused.judgement.findings if f.severity is Severity.REFUSE)
        lines.append(f"- refused: {tick(facts.filename)} ({codes})")
    lines += [f"- tried instead: {wording.instead(r.remedy, r.choice)}" for r in event.replaced]
    lines += [f"- {wording.stopped(o.obstacle, o.about)}" for o in event.obstacles]
    if not event.obstacles and not event.refused:
        lines.append("- a build dependency was refused, as the output of the build above tells")
    elif not event.obstacles:
        lines.append("- then pip failed with the error above")
    lines += ["", *(f"hint: {wording.hint(h)}" for h in sorted(event.hints, key=lambda h: h.value))]
    lines.append(_how_to_let_it_pass(event))
    if _wants_x86_64(event):
        python = _dotted(event.targets)
        lines.append("hint: an x86_64 environment can use the wheels as they are:")
        lines += [f"  {route}" for route in wording.routes(python)]
    return "\n".join(lines)


def _failure_code(event: Failed) -> str:
    if event.refused:
        return _codes(
            f for f in event.refused[0].judgement.findings if f.severity is Severity.REFUSE
        )
    if any(o.obstacle is Obstacle.NOT_JUDGED for o in event.obstacles):
        return Reason.COULD_NOT_TELL.value
    return "build-dependency"


def _how_to_let_it_pass(event: Failed) -> str:
    names = dict.fromkeys(r.judgement.facts.project for r in event.refused)
    ignore = " ".join(f"--arch-ignore {name}" for name in names)
    return f"hint: to install it all the same: `{ignore or '--arch-policy warn'}`"


def _wants_x86_64(event: Failed) -> bool:
    needs_arm64 = any(t.system is System.MACOS and t.arch is Arch.ARM64 for t in event.targets)
    fits = (Reason.WRONG_ARCHITECTURE, Reason.HOLLOW_SLICE)
    findings = (f for r in event.refused for f in r.judgement.findings)
    return needs_arm64 and any(f.reason in fits for f in findings)


def _dotted(targets: tuple[Target, ...]) -> str:
    match = re.fullmatch(r"[a-z]+(\d)(\d+)", targets[0].python)
    return f"{match[1]}.{match[2]}" if match else "3"


def _clean(event: Clean) -> str:
    files = f"{event.files} native file{'s' if event.files > 1 else ''}"
    wheels = f"{event.wheels} package{'s' if event.wheels > 1 else ''}"
    machines = " and ".join(wording.machine(t) for t in event.targets)
    return f"pip-archguard: {files} in {wheels} judged, fit for {machines}"
