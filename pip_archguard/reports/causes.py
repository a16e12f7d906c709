"""Why something could not be loaded, in plain words: one entry for each cause."""

from __future__ import annotations

from pip_archguard.model.explanation import Explanation, Ran
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.target import System, Target
from pip_archguard.reports.clean import machine
from pip_archguard.reports.not_found import (
    missing_library_text,
    missing_module_text,
    missing_symbol_text,
)
from pip_archguard.reports.systems import FORMATS, system_name
from pip_archguard.reports.wording import tick, visible

_ARM64E = (
    "; `need 'arm64e'` is no wish for arm64e: dyld names what it tries first, "
    "and plain arm64 is what would do"
)
_ALWAYS = {
    Cause.OTHER_PYTHON: (
        "the file calls {symbol} of Python, which this Python does not have: it was built for "
        "another version or kind of Python"
    ),
    Cause.OTHER_LIBC: (
        "the file was made for Linux with glibc, and this Python runs on one with musl "
        "(such as Alpine)"
    ),
    Cause.NO_INIT: (
        "the file has no {symbol}, which `import` calls: it is for another Python, has been "
        "renamed, or lacks the code for this architecture"
    ),
    Cause.REFUSED: "the loader of {system} says: {detail}",
    Cause.ILLEGAL_INSTRUCTION: (
        "the code uses instructions that this processor does not have: most often x86_64 code "
        "with AVX, under Rosetta or on an old processor"
    ),
    Cause.HALF_IMPORTED: (
        "{symbol} was asked for before {module} had it: a compiled part did not load, or a file "
        "of yours has the name of the package"
    ),
    Cause.RUST_PANIC: (
        "a module made with Rust could not import something that it needs; for cryptography and "
        "bcrypt that is mostly `_cffi_backend`, of cffi"
    ),
    Cause.IMPORT_WRAPPER: (
        "a compiled part of numpy did not load; the true error is the one it quotes"
    ),
}
"""What is said of a cause whatever else is known of it."""


def cause_text(each: Explanation) -> str:  # noqa: PLR0911, PLR0912 - an entry for each
    """Say in one sentence why it failed."""
    error = each.error
    match error.cause:
        case Cause.WRONG_ARCHITECTURE:
            return _linked(error, _architecture(each))
        case Cause.WRONG_PLATFORM:
            return _linked(error, f"the file is made for {_names(error.have, 'another system')}")
        case Cause.FOREIGN_FILE:
            return _foreign(each)
        case Cause.MALFORMED:
            return f"the file is damaged, or breaks a rule of the loader: {visible(error.detail)}"
        case Cause.BAD_SIGNATURE:
            return _signature(error)
        case Cause.NEWER_SYSTEM:
            return _newer(error)
        case Cause.MISSING_LIBRARY:
            return missing_library_text(each)
        case Cause.MISSING_SYMBOL:
            return missing_symbol_text(error)
        case Cause.SYMBOL_NOWHERE:
            return (
                f"the file calls {tick(error.symbol)}, which nothing that is loaded has: the code "
                "for this architecture was built without a library, or against another version "
                "of it"
            )
        case Cause.WRONG_PROGRAM:
            return _program(error)
        case Cause.UNSUPPORTED_WHEEL:
            return _wheel(each)
        case Cause.MISSING_MODULE:
            return missing_module_text(each)
        case Cause.PYTHON_LACKS:
            return f"this Python was built without {tick(error.module)}, a compiled part of its own"
        case cause:
            return _ALWAYS[cause].format(**_evidence(error))


def _architecture(each: Explanation) -> str:
    error = each.error
    archs = each.looked.archs if each.looked and each.looked.archs else error.have
    holds = f"the file holds {_names(archs, 'other')} code only"
    match each.ran:
        case Ran.ARM64:
            asked = "and this Python ran as arm64" + (_ARM64E if "arm64e" in error.need else "")
        case Ran.ROSETTA:
            asked = (
                "and this Python ran as x86_64, under Rosetta, on a Mac with Apple silicon: its "
                "terminal, its editor or `arch` started it so"
            )
        case Ran.MAYBE_ROSETTA:
            asked = (
                "and this Python ran as x86_64: on Apple silicon that is under Rosetta, by its "
                "terminal, its editor or `arch`"
            )
        case Ran.INTEL:
            asked = "and this Python ran as x86_64, on an Intel Mac"
        case Ran.UNKNOWN if _differs(each):
            asked = f"and this Python is {each.process.target.arch}"
            if error.system is System.LINUX and error.detail:
                said = tick(error.detail)
                asked += f"; of such a file the loader of Linux says no more than {said}"
        case Ran.UNKNOWN if error.system is System.LINUX and error.have:
            return f"the file is {_names(error.have, '')} code, and this Python is not"
        case Ran.UNKNOWN if error.system is not System.MACOS:
            return "the file is made for another processor than this Python, or is no code at all"
        case Ran.UNKNOWN:
            return "the file has no code for the architecture that this Python ran as"
    return f"{holds}, {asked}"


def _differs(each: Explanation) -> bool:
    """Whether the file was seen to be for another machine than this process."""
    looked, target = each.looked, each.process.target
    if looked is None or target.system is System.MACOS or looked.target is None:
        return False
    return bool(looked.archs) and str(target.arch) not in looked.archs


def _foreign(each: Explanation) -> str:
    system, looked = each.error.system, each.looked
    if looked is None or looked.problem:
        return f"the file is no code for {system_name(system)}: it was made on another system"
    if looked.format is None:
        return (
            "the file holds no code at all: it is damaged, or something else lies in its place, "
            "such as a pointer of Git LFS"
        )
    if looked.format is system.format:
        return f"the file was no code for {system_name(system)}; the one that lies there now is"
    what = FORMATS[looked.format]
    return f"the file is {what} code, which {system_name(system)} cannot load"


def _linked(error: LoadError, text: str) -> str:
    if not error.library or not error.referenced_from:
        return text
    return f"{text}; {tick(error.referenced_from)} links it"


def _signature(error: LoadError) -> str:
    if "unsigned" in error.detail or "cdhash" in error.detail:
        return "the code is not signed, which macOS asks for here; the linker does it by itself"
    if "Team ID" in error.detail:
        return (
            "the app that runs Python only loads code signed by its own makers (library validation)"
        )
    if "system policy" in error.detail:
        return "macOS holds the file back, because it was downloaded and not approved"
    return "the signature of the code is broken: the file was changed after it was signed"


def _newer(error: LoadError) -> str:
    needed = _names(error.need, "")
    if error.system is System.LINUX:
        return (
            f"the file was made on a newer Linux: it needs {needed}, which "
            f"{tick(error.library)} here does not have"
        )
    made = f"macOS {needed} or newer" if needed else "a newer macOS"
    if error.symbol:
        return (
            f"the file was made for {made}: it calls {tick(error.symbol)}, which "
            f"{tick(error.library)} of this macOS does not have"
        )
    return f"the file was made for {made}, and this one cannot read its form"


def _wheel(each: Explanation) -> str:
    parts = each.error.file.removesuffix(".whl").split("-")[-3:]
    return (
        f"the wheel is made for {tick('-'.join(parts))}, and this Python is "
        f"{_here(each.process.target)}"
    )


def _here(target: Target) -> str:
    if target.os_version != (0, 0):
        return machine(target)
    return f"{system_name(target.system)} {target.arch} ({target.python})"


def _names(names: tuple[str, ...], otherwise: str) -> str:
    return " and ".join(map(visible, names)) or otherwise


def _evidence(error: LoadError) -> dict[str, str]:
    return {
        "symbol": tick(error.symbol),
        "module": tick(error.module),
        "detail": visible(error.detail),
        "system": system_name(error.system),
    }


def _program(error: LoadError) -> str:
    if error.system is System.MACOS:
        return (
            "the program is made for another processor: x86_64 on Apple silicon without "
            "Rosetta, or arm64 on an Intel Mac"
        )
    return "the program is made for another processor or system"
