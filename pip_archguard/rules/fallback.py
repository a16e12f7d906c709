"""Extensions that a package can do without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules.choice import chosen_slice, is_library
from pip_archguard.rules.names import module_elsewhere, module_of
from pip_archguard.rules.site import module_path

_SPARED = (Severity.REFUSE, Severity.WARN)
_LIBRARY_MISSING = (Reason.UNDELOCATED, Reason.MISSING_LIBRARY)


def modules_at_fault(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the extension modules, as paths without suffix, whose import would fail."""
    return frozenset(
        module for finding in findings if _fails(finding) for module in _modules(finding)
    )


def loading_besides(
    facts: WheelFacts, findings: Iterable[Finding], targets: Iterable[Target]
) -> int:
    """Return how many libraries of a wheel load for each of the targets, and are not at fault."""
    at_fault = {finding.path for finding in findings if _fails(finding)}
    sound = [b for b in facts.binaries if b.path not in at_fault]
    return min(
        (
            sum(is_library(b, t.system) and chosen_slice(b, t) is not None for b in sound)
            for t in targets
        ),
        default=0,
    )


def spare_optional(facts: WheelFacts, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Make warnings of the refusals that only an optional extension brings about.

    `facts.optional_modules` are those that the wheel's own source imports in a `try`
    that catches ImportError. A library that an optional extension may lack is what its
    `try` is there for: that is information.
    """
    optional_modules = facts.optional_modules or ()
    spared = []
    for finding in findings:
        modules = _modules(finding) if _fails(finding) else ()
        optional = modules and all(module in optional_modules for module in modules)
        if not optional:
            spared.append(finding)
        elif finding.reason in _LIBRARY_MISSING:
            spared.append(replace(finding, severity=Severity.INFO))
        else:
            spared.append(
                replace(
                    finding,
                    reason=Reason.DEGRADED,
                    severity=Severity.WARN,
                    found=(finding.reason.value, *finding.found),
                )
            )
    return tuple(spared)


def _fails(finding: Finding) -> bool:
    refused = finding.severity is Severity.REFUSE and finding.reason is not Reason.LYING_TAG
    return refused or finding.reason in _LIBRARY_MISSING


def _modules(finding: Finding) -> tuple[str, ...]:
    """Return the modules that fail with the file: those that link it, and itself if it is one."""
    paths = finding.modules or (finding.path,)
    target = finding.target
    named = (module_elsewhere(path, target) or module_of(path, target) for path in paths)
    return tuple(module_path(module) for module in named if module is not None)
