"""What `doctor` found, as text: what there is, and below it what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from pip_archguard.model.doctor import (
    Cache,
    Checkup,
    Conda,
    Interpreter,
    Machine,
    PipSetup,
    Setting,
    Tools,
    Trouble,
)
from pip_archguard.model.enabling import Enabling
from pip_archguard.model.reason import Severity
from pip_archguard.model.shown import Diagnosis
from pip_archguard.model.target import System
from pip_archguard.reports.ailments import ailment_text
from pip_archguard.reports.systems import system_name
from pip_archguard.reports.wording import visible

_UNTOLD = "could not tell"
_WIDTH = 16
_ENABLED = {
    Enabling.ENABLED: "yes",
    Enabling.INHERITED: "yes, by the environment below",
    Enabling.STALE: "no longer: by another version",
    Enabling.NOT_ENABLED: "no",
}

_Line = tuple[str, str]
_T = TypeVar("_T")


def doctor_text(event: Diagnosis) -> str:
    """Return all that was looked at and all that is wrong, without a final newline."""
    checkup = event.checkup
    parts = [
        _section("machine", checkup.machine, _machine),
        _section("python", checkup.interpreter, _interpreter),
        _section("pip", checkup.pip, _pip),
        _section("build tools", checkup.tools, _tools),
        "" if checkup.variables == () else _section("variables", checkup.variables, _settings),
        *_conda(checkup),
        _section("pip's cache", checkup.cache, _cache),
        *map(_trouble, event.troubles),
        _summary(event),
    ]
    return "\n\n".join(filter(None, parts))


def _section(title: str, part: _T | None, lines: Callable[[_T], Iterator[_Line]]) -> str:
    if part is None:
        return f"{title}\n  {_UNTOLD}"
    shown = (f"  {visible(name):<{_WIDTH}}{visible(value)}".rstrip() for name, value in lines(part))
    return "\n".join([title, *shown])


def _machine(machine: Machine) -> Iterator[_Line]:
    system = machine.target.system
    yield "system", f"{system_name(system, 'an unknown system')} {machine.system_version}".strip()
    chip = f"{machine.chip} ({machine.hardware})" if machine.chip else machine.hardware
    yield "processor", chip or _UNTOLD
    under = ", under Rosetta" if machine.translated else ""
    yield "this process", f"{machine.target.arch}{under}"
    if system is System.MACOS:
        rosetta = {True: "there", False: "not there", None: "does not apply"}
        yield "Rosetta", rosetta[machine.rosetta]
    elif not machine.target.judged:
        yield "judging", "no wheels are judged for this system: pip is as it is"


def _interpreter(python: Interpreter) -> Iterator[_Line]:
    yield "executable", python.executable
    yield "version", python.version
    yield "environment", python.prefix
    yield "built for", python.built_for
    if python.archs:
        yield "its binary", " and ".join(python.archs)


def _pip(pip: PipSetup) -> Iterator[_Line]:
    yield "version", pip.version
    yield "can be guarded", "no" if pip.unguardable else "yes"
    whose = "" if pip.is_ours else " (of another environment)"
    yield "on PATH", f"{pip.on_path}{whose}" if pip.on_path else "none"
    yield "enabled", _ENABLED[pip.enabling] if pip.enabling is not None else _UNTOLD
    yield "settings", ", ".join(pip.settings) or "none of those that matter here"


def _tools(tools: Tools) -> Iterator[_Line]:
    if tools.developer_folder is not None:
        yield "Xcode or CLT", tools.developer_folder or "not there"
    for tool in tools.found:
        archs = f" [{' '.join(tool.archs)}]" if tool.archs else ""
        yield tool.name, f"{tool.path}{archs}: {tool.version or _UNTOLD}"
    if tools.missing:
        yield "not there", ", ".join(tools.missing)


def _settings(settings: tuple[Setting, ...]) -> Iterator[_Line]:
    for setting in settings:
        yield f"{setting.name} ", setting.value


def _conda(checkup: Checkup) -> Iterator[str]:
    for each in (None,) if checkup.conda is None else checkup.conda:
        yield _section("conda", each, _environment)


def _environment(conda: Conda) -> Iterator[_Line]:
    whose = "" if conda.is_ours else " (activated; this Python is another)"
    yield "environment", f"{conda.prefix}{whose}"
    counts = ", ".join(f"{count} for {name}" for name, count in conda.subdirs)
    yield "packages", counts or _UNTOLD
    for setting in conda.configured:
        yield "subdir", f"{setting.value} (by {setting.name})"


def _cache(cache: Cache) -> Iterator[_Line]:
    if not cache.folder:
        yield "folder", "switched off"
        return
    yield "folder", cache.folder
    built = f"{cache.wheels} built here"
    if not cache.complete:
        built += ", and more that were not looked at"
    yield "wheels", built
    if cache.judged:
        yield "cannot load", str(len(cache.poisoned))


def _trouble(trouble: Trouble) -> str:
    level = "note" if trouble.severity is Severity.INFO else "problem"
    lines = [f"{level}: {trouble.ailment.value}", ailment_text(trouble)]
    lines += [f"  {visible(command)}" for command in trouble.commands]
    return "\n".join(lines)


def _summary(event: Diagnosis) -> str:
    count = sum(trouble.severity is not Severity.INFO for trouble in event.troubles)
    told = "no problem found" if count == 0 else "1 problem" if count == 1 else f"{count} problems"
    checkup = event.checkup
    parts = (checkup.machine, checkup.interpreter, checkup.pip, checkup.tools)
    more = (checkup.variables, checkup.conda, checkup.cache)
    untold = (*parts, *more).count(None)
    return f"{told}, but not all could be looked at" if untold else told
