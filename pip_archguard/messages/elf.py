"""What the loaders of Linux say: glibc's `dl-load.c` and musl's `dynlink.c`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.target import System

# A file as a message begins with it, after the name of an exception or of a program.
_FILE = r"(?:(?<=: )|(?<=\n)|^|(?<=['\"( ]))(?P<file>[^\s:'\"(),][^\s:'\"()]{0,1023})"

_WRONG_CLASS = re.compile(rf"{_FILE}: wrong ELF class: ELFCLASS(?P<bits>32|64)")
_FOREIGN = re.compile(rf"{_FILE}: invalid ELF header")
_ABSENT = re.compile(rf"{_FILE}: cannot open shared object file: No such file or directory")
_OLD_LIBC = re.compile(
    rf"{_FILE}: version [`'](?P<version>(?:GLIBC|GLIBCXX|CXXABI|GCC)_[\w.]{{1,40}})' not found"
    r"(?: \(required by (?P<by>[^)\n]{1,1024})\))?"
)
_UNDEFINED = re.compile(rf"{_FILE}: undefined symbol: (?P<symbol>[^\s,)]{{1,4096}})")
_EXEC_FORMAT = re.compile(
    rf"{_FILE}: (?:cannot open shared object file: )?Exec format error"
    r"|Exec format error: '(?P<program>[^'\n]{1,1024})'"
    r"|Error loading shared library ?(?P<musl>[^\s:]{1,1024}): Exec format error"
)
# What else glibc finds wrong with a file that it has opened (`dl-load.c`, `open_verify` and
# `_dl_map_object_from_fd`).
_BROKEN = re.compile(
    rf"{_FILE}: (?P<why>file too short|ELF file [^\n]{{1,100}}|ELF load command [^\n]{{1,100}}"
    r"|only ET_DYN and ET_EXEC can be loaded|object file has no [^\n]{1,60})"
)
_REFUSED = re.compile(
    rf"{_FILE}: (?P<why>failed to map segment from shared object[^\n]{{0,100}}"
    r"|cannot (?:read file data|enable executable stack|allocate memory in static TLS)"
    r"[^\n]{0,100}|cannot open shared object file: Permission denied)"
)
_MUSL_ABSENT = re.compile(
    r"Error loading shared library (?P<library>[^\s:]{1,1024}): No such file or directory"
    r"(?: \(needed by (?P<by>[^)\n]{1,1024})\))?"
)
_RELOCATING = re.compile(
    r"(?P<raised>(?:ImportError|OSError): )?Error relocating (?P<file>[^\s:]{1,1024}): "
    r"(?P<symbol>[^\s:]{1,4096}): symbol not found"
)

# The sonames of glibc; musl has all of them in one file of another name.
_GLIBC = re.compile(r"ld-linux[\w.-]*\.so\.\d|(?:libc|libm|libdl|libpthread|librt)\.so\.\d{1,2}$")
_GLIBC_SYMBOL = re.compile(
    r"__\w+_chk$|__register_atfork$|__is(?:nan|inf)f?$|backtrace(?:_symbols)?$|gnu_get_libc_version$"
)


def errors_of_elf(text: str) -> Iterator[tuple[int, LoadError]]:
    """Yield what the loaders of Linux said in cleaned text, with where that begins."""
    for match in _all(_WRONG_CLASS, "wrong ELF class", text):
        yield (
            match.start(),
            _error(Cause.WRONG_ARCHITECTURE, file=match["file"], have=(f"{match['bits']}-bit",)),
        )
    for match in _all(_FOREIGN, "invalid ELF header", text):
        yield match.start(), _error(Cause.FOREIGN_FILE, file=match["file"])
    for match in _all(_ABSENT, "cannot open shared object file", text):
        # What was opened by its path may be there all the same, for another machine.
        opened = match["file"] if match["file"].startswith("/") else ""
        yield match.start(), _error(Cause.MISSING_LIBRARY, file=opened, library=match["file"])
    for match in _all(_OLD_LIBC, "' not found", text):
        yield (
            match.start(),
            _error(
                Cause.NEWER_SYSTEM,
                file=match["by"] or "",
                need=(match["version"],),
                library=match["file"],
            ),
        )
    for match in _all(_UNDEFINED, "undefined symbol", text):
        yield match.start(), _undefined(match["file"], match["symbol"])
    for match in _all(_EXEC_FORMAT, "Exec format error", text):
        if match["program"]:
            told = _error(Cause.WRONG_PROGRAM, file=match["program"])
        else:
            told = _error(Cause.WRONG_ARCHITECTURE, file=match["file"] or match["musl"])
        yield match.start(), told
    for match in _BROKEN.finditer(text):
        why = match["why"].strip()
        order = why.startswith("ELF file data encoding")
        cause = Cause.WRONG_ARCHITECTURE if order else Cause.MALFORMED
        yield match.start(), _error(cause, file=match["file"], detail=why)
    for match in _REFUSED.finditer(text):
        yield match.start(), _error(Cause.REFUSED, file=match["file"], detail=match["why"].strip())
    yield from _errors_of_musl(text)


def _errors_of_musl(text: str) -> Iterator[tuple[int, LoadError]]:
    for match in _all(_MUSL_ABSENT, "Error loading shared library", text):
        foreign = _GLIBC.match(match["library"])
        yield (
            match.start(),
            _error(
                Cause.OTHER_LIBC if foreign else Cause.MISSING_LIBRARY,
                library=match["library"],
                referenced_from=match["by"] or "",
            ),
        )
    for match in _all(_RELOCATING, "Error relocating", text):
        name = match["symbol"]
        if not match["raised"] and name.lstrip("_").startswith("Py"):
            continue  # `ldd` complains so of every extension module
        if _GLIBC_SYMBOL.match(name):
            yield match.start(), _error(Cause.OTHER_LIBC, file=match["file"], symbol=name)
        else:
            yield match.start(), _undefined(match["file"], name)


def _all(pattern: re.Pattern[str], needle: str, text: str) -> Iterator[re.Match[str]]:
    """Yield what a pattern matches; its fixed words are looked for first, which is quicker."""
    if needle in text:
        yield from pattern.finditer(text)


def _undefined(file: str, symbol: str) -> LoadError:
    python = symbol.lstrip("_").startswith("Py")
    cause = Cause.OTHER_PYTHON if python else Cause.SYMBOL_NOWHERE
    return _error(cause, file=file, symbol=symbol)


def _error(cause: Cause, **said: object) -> LoadError:
    return LoadError(cause=cause, system=System.LINUX, **said)  # type: ignore[arg-type]
