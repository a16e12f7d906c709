"""What Windows says, by CPython's `dynload_win.c` and ctypes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.target import System

_DLL = re.compile(
    r"DLL load failed(?: while importing (?P<module>[\w.]{1,200}))?: (?P<why>[^\n]{1,300})"
)
_WIN_ERROR = re.compile(r"\[WinError (?P<number>126|127|193|216)\](?P<why>[^\n]{0,300})")
# `ctypes/__init__.py`, since CPython 3.8.
_NOT_FOUND = re.compile(
    r"Could not find module '(?P<file>[^'\n]{1,1024})' \(or one of its dependencies\)"
)
_FILE = re.compile(r"'(?P<file>[^'\n]{1,1024}\.(?:dll|pyd|exe))'", re.IGNORECASE)

# ERROR_BAD_EXE_FORMAT is the only one whose words hold `%1`, in every language.
_CAUSES = (
    (Cause.WRONG_ARCHITECTURE, re.compile(r"%1|not a valid Win32", re.IGNORECASE)),
    (Cause.MISSING_SYMBOL, re.compile(r"procedure could not be found", re.IGNORECASE)),
    (Cause.MISSING_LIBRARY, re.compile(r"module could not be found", re.IGNORECASE)),
)
_BY_NUMBER = {
    "126": Cause.MISSING_LIBRARY,
    "127": Cause.MISSING_SYMBOL,
    "193": Cause.WRONG_ARCHITECTURE,
    "216": Cause.WRONG_ARCHITECTURE,
}


def errors_of_windows(text: str) -> Iterator[tuple[int, LoadError]]:
    """Yield what Windows said in cleaned text, with where that begins."""
    for match in _DLL.finditer(text):
        why = match["why"]
        cause = next((c for c, pattern in _CAUSES if pattern.search(why)), Cause.REFUSED)
        yield (
            match.start(),
            LoadError(
                cause=cause, system=System.WINDOWS, module=match["module"] or "", detail=why.strip()
            ),
        )
    for match in _NOT_FOUND.finditer(text):
        yield (
            match.start(),
            LoadError(
                cause=Cause.MISSING_LIBRARY,
                system=System.WINDOWS,
                file=match["file"].replace("\\\\", "\\"),
            ),
        )
    for match in _WIN_ERROR.finditer(text):
        file = _FILE.search(match["why"])
        yield (
            match.start(),
            LoadError(
                cause=_BY_NUMBER[match["number"]],
                system=System.WINDOWS,
                file=file["file"] if file else "",
                detail=match["why"].strip(),
            ),
        )
