"""What Python, shells, pip and Rust's bindings say when native code is at fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pip_archguard.messages.known import is_native_module, is_own_of_python
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.target import System

_Reader = Callable[[re.Match[str]], LoadError | None]


def _no_init(match: re.Match[str]) -> LoadError:
    symbol = match["symbol"]
    return LoadError(
        cause=Cause.NO_INIT,
        symbol=symbol,
        module=re.sub(r"^(?:PyInitU?_|PyModExport_|init)", "", symbol),
    )


def _missing_module(match: re.Match[str]) -> LoadError | None:
    name = match["module"]
    if is_own_of_python(name):
        return LoadError(cause=Cause.PYTHON_LACKS, module=name)
    if not is_native_module(name):
        return None
    return LoadError(cause=Cause.MISSING_MODULE, module=name)


def _half_imported(match: re.Match[str]) -> LoadError:
    return LoadError(
        cause=Cause.HALF_IMPORTED,
        module=match["module"],
        symbol=match["name"],
        file=match["file"] or "",
    )


def _wrong_program(match: re.Match[str]) -> LoadError:
    file = match["after"] or match["quoted"] or match["before"] or ""
    return LoadError(cause=Cause.WRONG_PROGRAM, system=System.MACOS, file=file.strip())


def _illegal_instruction(match: re.Match[str]) -> LoadError:
    system = System.LINUX if "core dumped" in match[0] else System.OTHER
    return LoadError(cause=Cause.ILLEGAL_INSTRUCTION, system=system, detail=match[0])


def _unsupported_wheel(match: re.Match[str]) -> LoadError:
    return LoadError(cause=Cause.UNSUPPORTED_WHEEL, file=match["file"])


def _panic(match: re.Match[str]) -> LoadError:
    return LoadError(cause=Cause.RUST_PANIC, detail=(match["words"] or "").strip())


def _wrapper(_: re.Match[str]) -> LoadError:
    return LoadError(cause=Cause.IMPORT_WRAPPER)


# Each pattern takes time in proportion to the text: its repetitions are bounded.
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (
        re.compile(
            r"dynamic module does not define (?:module export|init) function "
            r"\((?P<symbol>\w{1,300})\)"
        ),
        _no_init,
    ),
    (re.compile(r"No module named ['\"](?P<module>[\w.]{1,300})['\"]"), _missing_module),
    (
        re.compile(
            r"cannot import name ['\"](?P<name>\w{1,200})['\"] from partially initialized module "
            r"['\"](?P<module>[\w.]{1,300})['\"]"
            r"(?: \(most likely due to a circular import\) \((?P<file>[^)\n]{1,1024})\))?"
        ),
        _half_imported,
    ),
    (
        re.compile(
            r"(?P<before>(?<=: )/[^:\n]{1,1024}(?=: ))?(?:: )?"
            r"\b[Bb]ad CPU type in executable"
            r"(?:: (?:'(?P<quoted>[^'\n]{1,1024})'|(?P<after>[^\s'\n][^\n]{0,1023})))?"
        ),
        _wrong_program,
    ),
    (
        re.compile(
            r"[Ii]llegal instruction(?:: 4| \(core dumped\))"
            r"|illegal hardware instruction"
            r"|Signals\.SIGILL"
            r"|exit (?:code|status):? -4\b"
            r"|compiled to use AVX[\w ,]{0,40} instructions, but these aren't available"
        ),
        _illegal_instruction,
    ),
    (
        re.compile(
            r"(?<![\w.+!-])(?P<file>[\w.+!-]{1,300}\.whl) is not a supported wheel on this platform"
        ),
        _unsupported_wheel,
    ),
    (
        re.compile(
            r"pyo3_runtime\.PanicException: (?P<words>[^\n]{0,300})"
            r"|thread '<unnamed>' panicked at "
        ),
        _panic,
    ),
    (
        re.compile(
            r"IMPORTANT: PLEASE READ THIS FOR ADVICE|Unable to import required dependencies:"
        ),
        _wrapper,
    ),
)


def errors_of_python(text: str) -> Iterator[tuple[int, LoadError]]:
    """Yield what was said in cleaned text, with where that begins."""
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            error = read(match)
            if error is not None:
                yield match.start(), error
