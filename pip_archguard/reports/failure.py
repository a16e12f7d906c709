"""The end of a run that failed: what was refused, what was tried, and what is left to do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator

from pip_archguard.model.arch import Arch
from pip_archguard.model.event import BuildFailed, Failed, Refused, Replaced, Trying
from pip_archguard.model.failure import FailedBuild
from pip_archguard.model.finding import Finding
from pip_archguard.model.outcome import Obstacle
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import System, Target
from pip_archguard.reports import wording
from pip_archguard.reports.lacks import lacking_text
from pip_archguard.reports.wording import tick

_ON_X86_64 = ("x86_64", "universal2", "any")


def failure_text(event: Failed) -> str:
    """Return the text of the end, without a final newline."""
    lines = [f"error: {failure_code(event)}", state(event)]
    lines += [f"- {line}" for line in story(event)]
    advice = [f"hint: {hint}" for hint in hints(event)]
    return "\n".join([*lines, *([""] if advice else []), *advice])


def build_failure_text(event: BuildFailed) -> str:
    """Return what may help after a failed source build, without a final newline."""
    names = ", ".join(tick(build.filename) for build in event.builds)
    lines = ["error: failed-build", f"{names} could not be built from source"]
    return "\n".join([*lines, "", *(f"hint: {hint}" for hint in build_hints(event))])


def build_hints(event: BuildFailed) -> Iterator[str]:
    """Tell what may help after a failed source build."""
    yield from _of_builds(event.builds, event.targets)
    for loading in event.loading:
        yield wording.loading(loading)
    if event.on_x86_64:
        wheels = ", ".join(map(tick, event.on_x86_64))
        yield _routes(f"for x86_64 there are wheels of {wheels}:", event.targets, event.asked)


def failure_code(event: Failed) -> str:
    """Return the code that a run fails with: that of the first refusal, if there is one."""
    if event.refused:
        return codes_of(
            f for f in event.refused[0].judgement.findings if f.severity is Severity.REFUSE
        )
    if any(o.obstacle is Obstacle.NOT_JUDGED for o in event.obstacles):
        return Reason.COULD_NOT_TELL.value
    return "build-dependency"


def codes_of(findings: Iterable[Finding]) -> str:
    """Return the codes of findings, each once."""
    return ", ".join(dict.fromkeys(f.reason.value for f in findings))


def state(event: Failed) -> str:
    """Say whether anything was written."""
    if event.untouched:
        return "Nothing was installed or changed."
    return "It failed after something had been written."


def story(event: Failed) -> Iterator[str]:
    """Tell what was refused, what was tried, and why it ended, in a line each."""
    for refused in event.refused:
        facts = refused.judgement.facts
        found = (f for f in refused.judgement.findings if f.severity is Severity.REFUSE)
        yield f"refused: {tick(facts.filename)} ({codes_of(found)})"
    failed = {build.project: build for build in event.builds}
    names = {r.judgement.facts.project for r in event.refused}
    for attempt in event.tried:
        build = failed.pop(attempt.choice.project, None)
        yield _attempt(attempt, failed=build is not None)
    for build in failed.values():  # its metadata could not even be had, or it was no remedy
        if build.project in names:
            yield f"tried instead: {tick(build.filename)}, built from source: the build failed"
        else:
            yield f"{tick(build.filename)} could not be built from source"
    for stopped in event.obstacles:
        yield wording.stopped(stopped.obstacle, stopped.about)
    if event.build_dependency:
        yield "a build dependency was refused, as the output of the build above tells"
    elif not event.obstacles:
        yield "then pip failed with the error above"


def _attempt(attempt: Trying | Replaced, *, failed: bool) -> str:
    end = ": the build failed" if failed else ""
    return f"tried instead: {wording.instead(attempt.remedy, attempt.choice)}{end}"


def hints(event: Failed) -> Iterator[str]:
    """Tell what is left to do; what is to be pasted stands in indented lines of its own."""
    yield from _of_builds(event.builds, event.targets)
    for held in event.held:
        yield wording.held(held)
    for loading in event.loading:
        yield wording.loading(loading)
    if any(o.obstacle is Obstacle.POLICY for o in event.obstacles):
        yield "without `--arch-policy fail`, another wheel or the source is tried"
    if event.asked and _wants_other_linux(event):
        words = "a container for x86_64 can use the wheels as they are, under emulation:"
        yield _routes(words, event.targets, event.asked, linux=True)
    if event.asked and _wants_x86_64(event):
        words = "an x86_64 environment can use the wheels as they are:"
        yield _routes(words, event.targets, event.asked)
    yield from _how_to_let_it_pass(event)


def _of_builds(builds: Iterable[FailedBuild], targets: Iterable[Target]) -> Iterator[str]:
    mac = all(target.system is System.MACOS for target in targets)
    for build in builds:
        for lacking in build.lacking:
            name = tick(build.project or build.filename)
            yield f"to build {name}: {lacking_text(lacking, mac=mac)}"


def _routes(
    words: str, targets: tuple[Target, ...], asked: tuple[str, ...], *, linux: bool = False
) -> str:
    ways = wording.routes(_dotted(targets), shlex.join(asked))
    return "\n  ".join([words, *(ways[-1:] if linux else ways)])


def _how_to_let_it_pass(event: Failed) -> Iterator[str]:
    if event.build_dependency or not event.refused:
        yield "to install it all the same: `--arch-policy warn`"
        return
    names = dict.fromkeys(r.judgement.facts.project for r in _unrescued(event))
    if names:
        ignore = " ".join(f"--arch-ignore {name}" for name in names)
        yield f"to install it all the same: {tick(ignore)}"


def _unrescued(event: Failed) -> list[Refused]:
    rescued = {t.choice.project for t in event.tried if isinstance(t, Replaced)}
    return [r for r in event.refused if r.judgement.facts.project not in rescued]


def _wants_x86_64(event: Failed) -> bool:
    """Whether a wheel that was refused on arm64 would be taken, and load, on x86_64."""
    needs_arm64 = any(t.system is System.MACOS and t.arch is Arch.ARM64 for t in event.targets)
    fits = (Reason.WRONG_ARCHITECTURE, Reason.HOLLOW_SLICE)
    return needs_arm64 and any(
        any(f.reason in fits for f in r.judgement.findings)
        and any(tag.endswith(_ON_X86_64) for tag in r.judgement.facts.platforms)
        for r in _unrescued(event)
    )


def _wants_other_linux(event: Failed) -> bool:
    """Whether a wheel for any Linux was refused elsewhere for holding x86_64 code."""
    return any(
        f.target.system is System.LINUX
        and f.target.arch is not Arch.X86_64
        and f.reason is Reason.WRONG_ARCHITECTURE
        and f.found == (str(Arch.X86_64),)
        and "any" in r.judgement.facts.platforms
        for r in _unrescued(event)
        for f in r.judgement.findings
    )


def _dotted(targets: tuple[Target, ...]) -> str:
    match = re.fullmatch(r"[a-z]+(\d)(\d+)", targets[0].python)
    return f"{match[1]}.{match[2]}" if match else "3"
