"""The form for machines: version 1, as `schema-1.json` beside this file describes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.scan import Scanned
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Finding, Judgement
from pip_archguard.reports.reasons import because

VERSION = "1"

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
    """Return the whole document, without a final newline."""
    targets = {target.id: target for wheel in wheels for target in wheel.targets}
    content = {
        "version": VERSION,
        "targets": [_target(targets[key]) for key in sorted(targets)],
        "wheels": [_wheel(wheel) for wheel in wheels],
    }
    # ASCII only, so that no encoding of standard output spoils it.
    return json.dumps(content, indent=2)


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
        **_judged(wheel.judgement, wheel.targets),
    }


def _judged(judgement: Judgement, targets: Sequence[Target]) -> dict[str, Any]:
    facts = judgement.facts
    return {
        "project": facts.project,
        "release": facts.release,
        "verdict": judgement.verdict.value,
        "verdicts": {target.id: judgement.verdict_for(target).value for target in targets},
        "findings": [_finding(finding) for finding in judgement.findings],
        "binaries": [_binary(binary) for binary in facts.binaries],
    }


def _finding(finding: Finding) -> dict[str, Any]:
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
