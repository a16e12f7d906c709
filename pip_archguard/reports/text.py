"""Events as text for a terminal or a CI log."""

from __future__ import annotations

from pip_archguard.model.arch import Arch
from pip_archguard.model.event import (
    BuildFailed,
    Complaint,
    Equivalent,
    Failed,
    FusedForInstall,
    NotFused,
    NotFusedForInstall,
    Noticed,
    OtherEnvironment,
    Refused,
    Remarked,
    Replaced,
    Silent,
    Stopped,
    Switching,
    Told,
    Translated,
    Trying,
    Unguarded,
)
from pip_archguard.model.outcome import Clean, Origin
from pip_archguard.model.verdict import Verdict
from pip_archguard.reports import wording
from pip_archguard.reports.clean import clean_text
from pip_archguard.reports.failure import build_failure_text, codes_of, failure_text
from pip_archguard.reports.gist import fault_of, in_short, taken_instead, weightiest
from pip_archguard.reports.wording import tick, visible


def render(event: Told) -> str:  # noqa: C901, PLR0911, PLR0912 - an entry for each event
    """Return the text of an event, without a final newline."""
    match event:
        case Refused():
            return _refused(event)
        case Noticed():
            return _noticed(event)
        case Trying():
            return f"trying: {wording.instead(event.remedy, event.choice)}"
        case Replaced():
            return f"instead: {taken_instead(event)}"
        case Equivalent():
            return "\n".join(f"plain pip: {visible(each)}" for each in event.commands)
        case Stopped():
            return wording.stopped(event.obstacle, event.about)
        case Failed():
            return failure_text(event)
        case BuildFailed():
            return build_failure_text(event)
        case Clean():
            return clean_text(event)
        case Complaint():
            hint = event.hint and wording.lines(event.hint)
            return _entry("error", event.code, wording.lines(event.message), hint)
        case Silent() | OtherEnvironment() | Translated() | Switching() | Unguarded():
            return _about_the_process(event)
        case Remarked():
            from pip_archguard.reports.seldom import remark_text  # noqa: PLC0415 - seldom needed

            return remark_text(event.remark)
        case NotFused():
            return _not_fused(event)
        case FusedForInstall():
            from pip_archguard.reports.fuse_text import fused_text  # noqa: PLC0415 - rarely told

            return fused_text(event)
        case NotFusedForInstall():
            return _left_apart(event)


def _about_the_process(
    event: Silent | OtherEnvironment | Translated | Switching | Unguarded,
) -> str:
    """Say what is special about the process that runs, or about what it works on."""
    match event:
        case Silent():
            return f"pip-archguard: wheels for {event.system} are not judged yet"
        case OtherEnvironment():
            return _entry(
                "warning",
                "other-environment",
                f"`{event.variable}` names {tick(event.activated)}, "
                f"but pip-archguard works on {tick(event.ours)}",
                f"for the former, use `pip-archguard --python {visible(event.activated)} …`",
            )
        case Translated():
            return _entry(
                "warning",
                "translated-process",
                f"{tick(event.python)} has an arm64 part, but runs as x86_64 under Rosetta: "
                "wheels are judged for x86_64",
                f"start it natively: `arch -arm64 {visible(event.python)} -m pip_archguard …`",
            )
        case Switching():
            under = " under Rosetta" if event.arch is Arch.X86_64 else ""
            return f"as {event.arch}{under}: {tick(event.python)}, for `--arch {event.arch}`"
        case Unguarded():
            text = f"{visible(event.message)}: it runs without a guard"
            return _entry("warning", "unsupported-pip", text, event.hint and visible(event.hint))


def _entry(level: str, code: str, text: str, hint: str | None = None) -> str:
    return f"{level}: {code}\n{text}" + (f"\n\nhint: {hint}" if hint else "")


def _refused(event: Refused) -> str:
    judgement = event.judgement
    level = "refused" if judgement.verdict is Verdict.BROKEN else "passed over"
    text = fault_of(judgement, event.origin)
    return _entry(level, codes_of(weightiest(judgement)), text)


def _noticed(event: Noticed) -> str:
    judgement = event.judgement
    findings = weightiest(judgement)
    subject = wording.subject(event.origin, judgement.facts.filename)
    text = f"{subject.rstrip(',')}: {in_short(findings)}"
    if judgement.verdict is Verdict.BROKEN:
        text += "; used all the same, as `--arch-policy warn` says"
    return _entry("warning", codes_of(findings), text)


def _not_fused(event: NotFused) -> str:
    judgement = event.why.judgement
    broken = judgement.verdict is Verdict.BROKEN
    what = "what would come of the two" if event.why.whole else "one of the two wheels"
    text = f"{what} {'does not load' if broken else 'could not be judged'}, so none was written"
    fault = fault_of(judgement, Origin.DIRECT)
    return _entry("error", codes_of(weightiest(judgement)), f"{fault}\n{text}")


def _left_apart(event: NotFusedForInstall) -> str:
    names = " and ".join(map(tick, event.halves))
    fault = "" if event.unfit is None else fault_of(event.unfit.judgement, Origin.INDEX)
    return f"not fused: {names}: {visible(event.why)}{fault}"
