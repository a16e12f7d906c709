"""The form for machines: version 1, as `schema-1.json` beside this file describes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from textwrap import indent
from typing import Any

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.event import Failed, Finished
from pip_archguard.model.finding import Finding
from pip_archguard.model.handled import Handled
from pip_archguard.model.outcome import Origin
from pip_archguard.model.scan import Scanned
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.reports.failure import failure_code, hints, state, story
from pip_archguard.reports.reasons import because

VERSION = "1"

_NO_WHEELS = "[]\n}"
_DEEPER = "    "

# <mach-o/loader.h>, PLATFORM_*; what is not here is given by its number.
_PLATFORMS = {
    1: "macos",
    2: "ios",
    3: "tvos",
    4: "watchos",
    5: "bridgeos",
    6: "maccatalyst",
    7: "iossimulator",
    8: "tvossimulator",
    9: "watchossimulator",
    10: "driverkit",
    11: "visionos",
    12: "visionossimulator",
}


def document(wheels: Sequence[Scanned]) -> str:
    """Return the whole document of a scan, without a final newline.

    It is put together wheel by wheel: what the text of one is made of takes ten times its
    room, and there may be thousands.
    """
    judged_for = targets(target for wheel in wheels for target in wheel.targets)
    frame = dump({"version": VERSION, "targets": judged_for, "wheels": []})
    if not wheels:
        return frame
    parts = [frame.removesuffix(_NO_WHEELS), "["]
    for number, wheel in enumerate(wheels):
        parts += (",\n" if number else "\n", indent(dump(_wheel(wheel)), _DEEPER))
    return "".join([*parts, "\n  ]\n}"])


def install_document(finished: Finished) -> str:
    """Return the whole document of an install and the like, with a final newline."""
    handled = finished.handled
    content = {
        "version": VERSION,
        "command": finished.command,
        "exit_code": finished.exit_code,
        "failure": None if finished.failed is None else _failure(finished.failed),
        "targets": targets((*finished.targets, *(t for h in handled for t in h.targets))),
        "wheels": [_handled_wheel(h) for h in handled if h.origin is not Origin.INSTALLED],
        "packages": [_package(h) for h in handled if h.origin is Origin.INSTALLED],
        "equivalent_commands": list(finished.commands),
    }
    return dump(content) + "\n"


def action_of(handled: Handled) -> str:
    """Name what became of a distribution."""
    if handled.refused:
        return "refused"
    return handled.remedy.value if handled.remedy else "kept"


def dump(content: dict[str, Any]) -> str:
    """Return a document as text, without a final newline."""
    # ASCII only, so that no encoding of standard output spoils it.
    # Nor does a runner of GitHub that prints it take anything for a command (`wording.visible`).
    return json.dumps(content, indent=2).replace("##[", r"#\u0023[")


def targets(judged_for: Iterable[Target]) -> list[dict[str, Any]]:
    """Return the targets, each once."""
    by_id = {target.id: target for target in judged_for}
    return [_target(by_id[key]) for key in sorted(by_id)]


def _target(target: Target) -> dict[str, Any]:
    return {
        "id": target.id,
        "system": target.system.value,
        "arch": target.arch.value,
        "os_version": _dotted(target.os_version) if any(target.os_version) else None,
        "python": target.python or None,
    }


def _wheel(wheel: Scanned) -> dict[str, Any]:
    return {
        "filename": wheel.judgement.facts.filename,
        "sha256": wheel.sha256,
        **judged(wheel.judgement, wheel.targets),
    }


def _handled_wheel(handled: Handled) -> dict[str, Any]:
    return {
        "filename": handled.judgement.facts.filename,
        "sha256": handled.place.sha256 or None,
        "location": handled.place.location or None,
        "action": action_of(handled),
        **judged(handled.judgement, handled.targets),
    }


def _package(handled: Handled) -> dict[str, Any]:
    return {
        "name": handled.judgement.facts.project,
        "location": handled.place.location,
        "action": action_of(handled),
        **judged(handled.judgement, handled.targets),
    }


def _failure(failed: Failed) -> dict[str, Any]:
    return {
        "code": failure_code(failed),
        "obstacles": [stopped.obstacle.value for stopped in failed.obstacles],
        "messages": [state(failed), *story(failed)],
        "hints": list(hints(failed)),
    }


def judged(judgement: Judgement, judged_for: Sequence[Target]) -> dict[str, Any]:
    """Return what is told of a wheel and of a package alike."""
    facts = judgement.facts
    return {
        "project": facts.project,
        "release": facts.release,
        "verdict": judgement.verdict.value,
        "verdicts": {target.id: judgement.verdict_for(target).value for target in judged_for},
        "findings": [finding_form(finding) for finding in judgement.findings],
        "binaries": [_binary(binary) for binary in facts.binaries],
    }


def finding_form(finding: Finding) -> dict[str, Any]:
    """Return a finding, which is the same in every document."""
    return {
        "code": finding.reason.value,
        "severity": finding.severity.value,
        "path": finding.path,
        "target": finding.target.id,
        "message": because(finding),
    }


def _binary(binary: Binary) -> dict[str, Any]:
    kinds = [piece.kind.value for piece in binary.slices]
    return {
        "path": binary.path,
        "format": binary.format.value,
        "kind": kinds[0] if kinds else None,
        "slices": [_slice(piece) for piece in binary.slices],
    }


def _slice(piece: Slice) -> dict[str, Any]:
    platform = None if piece.platform is None else _PLATFORMS.get(piece.platform, piece.platform)
    return {
        "arch": piece.arch.value,
        "minos": None if piece.min_os is None else _version(piece.min_os),
        "platform": platform,
    }


def _version(version: tuple[int, int, int]) -> str:
    """Return `11.0`, or `10.9.1` where there is a third number to tell."""
    return _dotted(version if version[2] else version[:2])


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))
