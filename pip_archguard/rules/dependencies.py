"""Libraries that a wheel needs and does not bring along."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.verdict import Finding, Reason, Severity, Use
from pip_archguard.rules.case import Case
from pip_archguard.rules.linking import Outcome
from pip_archguard.rules.names import is_test_data


def check_dependencies(case: Case) -> Iterator[Finding]:
    """Warn of a dependency that neither the wheel nor those installed with it hold.

    An absolute path, or one that LC_RPATH leads to, such as Homebrew's, is that of the
    machine the wheel was built on, and may be there on this one too (`undelocated`).
    Any other may yet be loaded by Python code before it is asked for.
    """
    own = {b.path for b in case.facts.binaries}
    told: set[tuple[str, str]] = set()
    for need in case.loading.needs:
        path, link = need.image.binary.path, need.link
        if link.outcome not in (Outcome.OUTSIDE, Outcome.NOWHERE) or path not in own:
            continue
        if (path, link.install_name) in told or is_test_data(path):
            continue
        told.add((path, link.install_name))
        outside = link.outcome is Outcome.OUTSIDE
        yield case.finding(
            Reason.UNDELOCATED if outside else Reason.MISSING_LIBRARY,
            Severity.WARN,
            path,
            link.outside or link.install_name,
            use=None if need.image.loader is None else Use.LINKED,
            needed_by="" if need.image.loader is None else need.image.root.path,
        )
