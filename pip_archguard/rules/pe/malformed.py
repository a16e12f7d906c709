"""Files that Windows itself would turn away, and files that could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import Binary, Format
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.archive import weight_of
from pip_archguard.rules.case import Case
from pip_archguard.rules.names import is_test_data
from pip_archguard.rules.pe.choice import chosen_slice, is_library
from pip_archguard.rules.pe.libraries import finding
from pip_archguard.rules.pe.loading import load
from pip_archguard.rules.pe.names import module_of

_DLL = ".dll"


def check_malformed(case: Case) -> Iterator[Finding]:
    """Refuse a module, or what one imports, that Windows does not take for an image.

    Of a DLL that nothing imports it is not known whether anyone opens it, or as what;
    under another name a broken file is no more than information.
    """
    imported = {binary.path for binary in load(case).unfit}
    for binary in _in_question(case):
        if not binary.malformed:
            continue
        problem = binary.problem or ""
        tested = is_test_data(binary.path)
        if binary.path in imported or (module_of(binary.path, case.target) and not tested):
            yield finding(case, Reason.MALFORMED, Severity.REFUSE, binary.path, problem)
        elif binary.path.lower().endswith(_DLL) and not tested:
            yield finding(case, Reason.COULD_NOT_TELL, Severity.WARN, binary.path, problem)
        else:
            yield finding(case, Reason.MALFORMED, Severity.INFO, binary.path, problem)


def check_unreadable(case: Case) -> Iterator[Finding]:
    """Say what could not be judged, as `rules.malformed` does."""
    for problem in case.facts.problems:
        yield finding(case, *weight_of(problem), problem.path, problem.reason)
    for binary in _in_question(case):
        if binary.problem is not None and not binary.malformed:
            yield finding(case, Reason.COULD_NOT_TELL, Severity.WARN, binary.path, binary.problem)


def check_init(case: Case) -> Iterator[Finding]:
    """Tell of an extension module without the init function that `import` calls.

    It may be a library for ctypes under such a name: that is no more than information.
    """
    for binary in load(case).libraries:
        piece = chosen_slice(binary, case.target)
        if piece is not None and piece.exports_init is False:
            yield finding(case, Reason.MISSING_INIT, Severity.INFO, binary.path)


def _in_question(case: Case) -> Iterator[Binary]:
    """Yield the PE files of which it would matter if something is wrong with them."""
    files = [b for b in case.facts.binaries if b.format is Format.PE]
    sound = any(b.problem is None and chosen_slice(b, case.target) for b in files if is_library(b))
    if sound and not case.is_platform_wheel:
        return
    yield from (b for b in files if is_library(b) or not b.slices)
