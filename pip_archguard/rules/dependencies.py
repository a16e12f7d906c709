"""Libraries that a wheel needs and does not bring along."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.case import Case
from pip_archguard.rules.linking import MOST_LOOKUPS, MOST_PLACES, Outcome

_BEYOND = (Outcome.OUTSIDE, Outcome.NOWHERE)
TOO_MANY = (
    f"its libraries are looked for more than {MOST_LOOKUPS} times, or in more than "
    f"{MOST_PLACES} places"
)


def check_dependencies(case: Case) -> Iterator[Finding]:
    """Tell of a dependency that neither the wheel nor those installed with it hold.

    An absolute path, or one that LC_RPATH leads to, such as Homebrew's, is that of the
    machine the wheel was built on, and may be there on this one too (`undelocated`).
    Any other may yet be loaded by Python code before it is asked for. So both are
    warnings; and where no module links the file, and the wheel has other libraries that
    load whole, it is one of many plug-ins (Qt's for databases) and no more than
    information.
    """
    if not case.loading.complete:
        yield case.finding(Reason.COULD_NOT_TELL, Severity.WARN, case.facts.filename, TOO_MANY)
        return
    beyond = {
        (need.image.binary.path, need.link.install_name): need.link
        for need in case.loading.needs
        if need.link.outcome in _BEYOND and case.owns(need.image.binary.path)
    }
    lacking = {path for path, _ in beyond}
    whole = any(binary.path not in lacking for binary, _ in case.loadable())
    for (path, install_name), link in beyond.items():
        plug_in = whole and not case.loading.modules_of(path) and _is_library(case, path)
        yield case.finding(
            Reason.UNDELOCATED if link.outside else Reason.MISSING_LIBRARY,
            Severity.INFO if plug_in else Severity.WARN,
            path,
            link.outside or install_name,
            install_name,
        )


def _is_library(case: Case, path: str) -> bool:
    return any(binary.path == path for binary in case.loading.libraries)
