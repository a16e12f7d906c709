"""Files that the loader itself would turn away, and files that could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.finding import Finding
from pip_archguard.model.format import Format
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.rules.archive import weight_of
from pip_archguard.rules.case import Case
from pip_archguard.rules.choice import chosen_slice, is_native
from pip_archguard.rules.names import is_for_other_python, is_module_name, is_test_data

_NEVER_LOADED = frozenset({Kind.OBJECT, Kind.DSYM, Kind.ARCHIVE, Kind.EXECUTABLE})
_LIBRARY_SUFFIXES = (".dylib", ".so")


def check_malformed(case: Case) -> Iterator[Finding]:
    """Refuse a library with a header, a table of slices or load commands that the loader refuses.

    Under a name that nothing would load, a broken file is no more than information.
    """
    linked = {n.link.binary.path for n in case.loading.needs if n.link.binary is not None}
    for binary in _in_question(case):
        if binary.malformed:
            loaded = binary.path in linked or _may_be_loaded(binary, case)
            yield case.finding(
                Reason.MALFORMED,
                Severity.REFUSE if loaded else Severity.INFO,
                binary.path,
                binary.problem or "",
            )


def check_unreadable(case: Case) -> Iterator[Finding]:
    """Say what could not be judged, unless the wheel is fine without that file.

    An archive from which programs may take other files is refused.
    """
    for problem in case.facts.problems:
        yield case.finding(*weight_of(problem), problem.path, problem.reason)
    for binary in _in_question(case):
        if binary.problem is not None and not binary.malformed:
            yield case.finding(Reason.COULD_NOT_TELL, Severity.WARN, binary.path, binary.problem)


def _in_question(case: Case) -> Iterator[Binary]:
    """Yield the native files of which it would matter if something is wrong with them."""
    sound = any(b.problem is None and chosen_slice(b, case.target) for b in case.loading.libraries)
    if sound and not case.is_platform_wheel:
        return
    for binary in case.facts.binaries:
        if is_native(binary, case.target.system) and not _is_known_unloaded(binary, case):
            yield binary


def _is_known_unloaded(binary: Binary, case: Case) -> bool:
    """Whether the file is a program or the like: then nothing would load it.

    Of a universal file with a problem, a slice was not read. It might be the target's, and
    a library: so it is taken for one where its name is one's.
    """
    if not binary.slices or any(s.kind not in _NEVER_LOADED for s in binary.slices):
        return False
    all_read = binary.problem is None or binary.format is not Format.MACH_O
    if all_read or chosen_slice(binary, case.target) is not None:
        return True
    return not _may_be_loaded(binary, case)


def _may_be_loaded(binary: Binary, case: Case) -> bool:
    if is_for_other_python(binary.path, case.target) or is_test_data(binary.path):
        return False
    return is_module_name(binary.path) or binary.path.endswith(_LIBRARY_SUFFIXES)
