"""Whether an environment was filled under the other architecture than the one it runs as."""

from __future__ import annotations

from collections.abc import Iterable

from pip_archguard.model.arch import Arch
from pip_archguard.model.mixed import MixedUse
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.rules.choice import is_library

LEAST = 2
"""Packages of the other architecture from which on it is no accident of one wheel."""

_OTHER = {Arch.ARM64: Arch.X86_64, Arch.X86_64: Arch.ARM64}


def mixed_use(judgements: Iterable[Judgement], target: Target) -> MixedUse | None:
    """Return what installed packages hold if most native ones are for the other architecture.

    One wheel that lies about its content is not that; neither is a mere minority, which
    a mixed history leaves behind. Both are told of each package.
    """
    other = _OTHER.get(target.arch)
    if other is None or target.system is not System.MACOS:
        return None
    native = [j for j in judgements if any(map(is_library, j.facts.binaries))]
    lacking = sum(_lacks(judgement, target, str(other)) for judgement in native)
    if lacking < LEAST or 2 * lacking <= len(native):
        return None
    return MixedUse(filled_as=other, runs_as=target.arch, lacking=lacking, native=len(native))


def _lacks(judgement: Judgement, target: Target, other: str) -> bool:
    """Whether a package is refused because it has only code for the other architecture."""
    return any(
        finding.reason is Reason.WRONG_ARCHITECTURE
        and finding.severity is Severity.REFUSE
        and finding.target == target
        and other in finding.found
        for finding in judgement.findings
    )
