"""What `explain` found out, as its reader sees it."""

from __future__ import annotations

from collections.abc import Iterator

from pip_archguard.model.explanation import Explained, Explanation, Looked, Step, StepKind
from pip_archguard.model.load_error import Cause
from pip_archguard.model.owner import Owner, PlaceKind
from pip_archguard.model.reason import Severity
from pip_archguard.model.target import System
from pip_archguard.reports.causes import cause_text
from pip_archguard.reports.clean import machine
from pip_archguard.reports.reasons import because
from pip_archguard.reports.systems import FORMATS
from pip_archguard.reports.wording import tick, visible

_MOST_FINDINGS = 3
_SEEN_BY_READING = (
    Cause.WRONG_ARCHITECTURE,
    Cause.FOREIGN_FILE,
    Cause.WRONG_PLATFORM,
    Cause.MISSING_MODULE,
)
"""The causes that a file which would load is certain not to have."""

_FOLLOWS = {
    Cause.RUST_PANIC: "the panic of a module made with Rust (`pyo3_runtime.PanicException`)",
    Cause.HALF_IMPORTED: "the partially initialized module",
    Cause.IMPORT_WRAPPER: "the long text of numpy or pandas about importing",
}

_NAMING = (
    StepKind.REINSTALL,
    StepKind.REINSTALL_IN_CONDA,
    StepKind.BUILD,
    StepKind.FILL_FOR_X86_64,
    StepKind.OTHER_RELEASE,
)
"""The steps whose commands name the package."""

_ALWAYS = {
    StepKind.OTHER_IMAGE: "use a Python of the C library that the package is made for",
    StepKind.OTHER_RELEASE: "let another release be chosen, that is made for this system",
    StepKind.REPAIR_PYTHON: "install this Python anew: it was built without a library it needs",
    StepKind.NAMED_FOR_HERE: (
        "name the project, not the file, and a wheel for this machine is chosen"
    ),
    StepKind.GUARD_THE_BUILD: (
        "the file is one of a build environment of pip's, which is gone by now: "
        "`pip-archguard install` guards those, too"
    ),
    StepKind.ASK_ITS_INSTALLER: (
        "see what brought the file, and get it for the machine and Python that use it"
    ),
    StepKind.TRY_AGAIN: "try again: as it lies here now, the file loads",
    StepKind.PASTE_ALL: ("paste what stands above it: this error only follows from another one"),
}
"""What is said of a step that is of one kind only."""


def explain_text(explained: Explained) -> str:
    """Return the explanations, the root causes first, without a final newline."""
    several = len(explained.explanations) > 1
    parts = [
        "\n".join(_lines(each, f"{number}. " if several else ""))
        for number, each in enumerate(explained.explanations, 1)
    ]
    parts += [
        f"What else is there, {_FOLLOWS[error.cause]}, only follows from this"
        for error in explained.follow
    ]
    if explained.more:
        parts.append("There may be more errors in the text: paste less of it to see them")
    return "\n\n".join(parts)


def _lines(each: Explanation, number: str) -> Iterator[str]:
    error = each.error
    yield f"{number}{error.cause.value}"
    if path := each.looked.path if each.looked else error.broken_file:
        yield f"file: {tick(path)}"
    elif error.module:
        yield f"module: {tick(error.module)}"
    if each.owner is not None:
        yield f"package: {_owner(each.owner, each)}"
    elif each.place is not None and each.place.kind is PlaceKind.BUNDLE:
        yield "package: an app of its own, with its own copy"
    yield f"cause: {cause_text(each)}"
    yield from _checked(each)
    guessed = each.owner is not None and not (each.owner.known or each.owner.here)
    for step in each.steps:
        yield from _step(step, guessed=guessed and bool(step.commands))


def _owner(owner: Owner, each: Explanation) -> str:
    name = visible(f"{owner.project} {owner.release}".strip())
    if each.error.cause is Cause.UNSUPPORTED_WHEEL:
        return name
    where = "installed in this environment" if owner.here else "installed in another environment"
    if owner.known:
        by = f", by {visible(owner.installer)}" if owner.installer not in ("", "pip") else ""
        return f"{name} ({where}{by})"
    if owner.here:
        return f"{name} (guessed from the name; {where})"
    what = "path" if each.error.broken_file else "traceback" if each.error.asked_by else "name"
    return f"{name} (guessed from the {what})"


def _checked(each: Explanation) -> Iterator[str]:
    looked = each.looked
    if looked is None:
        if each.error.broken_file and each.error.cause is not Cause.UNSUPPORTED_WHEEL:
            yield "checked: nothing but the message, for the file is not on this machine"
        return
    yield f"checked: {_found(looked, each)}"
    findings = [f for f in looked.findings if f.severity is not Severity.INFO]
    for finding in findings[:_MOST_FINDINGS]:
        yield f"  {finding.reason.value}: {because(finding)}"
    for name in looked.absent[:_MOST_FINDINGS]:
        yield f"  missing-library: {tick(name)} is neither in the package nor in Windows' folder"


def _found(looked: Looked, each: Explanation) -> str:
    if looked.problem and not looked.archs:
        return f"the file is here, but cannot be read: {visible(looked.problem)}"
    if looked.format is None:
        return "the file is here, and is no native code at all"
    what = FORMATS[looked.format]
    holds = f"{what} code for {' and '.join(looked.archs)}" if looked.archs else f"{what} code"
    if looked.target is None:
        return f"the file is here and holds {holds}"
    broken = any(f.severity is Severity.REFUSE for f in looked.findings)
    version = looked.target.os_version != (0, 0) or looked.target.system is not System.MACOS
    where = machine(looked.target) if version else f"macOS {looked.target.arch}"
    if looked.for_other_python and not broken:
        return f"the file is here and holds {holds}, but {where} does not import it by its name"
    found = f"the file is here, holds {holds}, and"
    if broken:
        return f"{found} cannot load on {where}"
    if looked.absent:
        return f"{found} asks for libraries that are nowhere"
    if not looked.fits or looked.problem:
        return f"{found} that is no library for {where}"
    if each.error.cause in _SEEN_BY_READING:
        return f"{found} would load on {where}"
    return f"{found} nothing seen in it keeps it from loading on {where}"


def _step(step: Step, *, guessed: bool) -> Iterator[str]:
    named = guessed and step.kind in _NAMING
    yield f"do: {_what_to_do(step)}" + (" (if the guessed name is right)" if named else "")
    for command in step.commands:
        yield f"  {visible(command)}"


def _what_to_do(step: Step) -> str:
    match step.kind:
        case StepKind.REINSTALL:
            return "install it again; the guard takes only what loads, or builds it"
        case StepKind.REINSTALL_IN_CONDA:
            return "install it again by conda, for the architecture of that environment"
        case StepKind.REINSTALL_TOOL:
            return "make the environment of that program anew"
        case StepKind.BUILD:
            return "build it from its source, with the libraries that it needs installed before"
        case StepKind.START_NATIVELY if step.commands:
            return (
                "start Python as arm64 code, and see that terminal and editor do so "
                "(no `Open using Rosetta`)"
            )
        case StepKind.START_NATIVELY:
            return "if this is Apple silicon, use a Python that runs as arm64 code"
        case StepKind.FILL_FOR_X86_64:
            return "or, if x86_64 is meant, install it for that"
        case StepKind.OTHER_APP:
            return "get the app that is made for this machine, or tell its makers"
        case StepKind.INSTALL_LIBRARY if step.commands:
            return "install the library, for the same architecture as Python"
        case StepKind.INSTALL_LIBRARY:
            return "install the system's package that holds the library"
        case StepKind.INSTALL_ROSETTA:
            return "on Apple silicon, Rosetta runs x86_64 programs; if it is missing"
        case kind:
            return _ALWAYS[kind]
