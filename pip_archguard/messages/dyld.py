"""What dyld says, from macOS 10.12 to 15: <https://github.com/apple-oss-distributions/dyld>."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pip_archguard.messages.reasons import Said, reading_of
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.target import System

_MOST_OF_ONE = 32_768
"""Characters of one message; the longest real ones list some 40 places of 150 each."""

_MOST_ENTRIES = 200

_START = re.compile(
    r"dlopen\("
    r"|dyld(?:\[\d{1,10}\])?: "
    r"|(?=Library not loaded: |[Ss]ymbol not found(?: in|: ))"
)
_ASKED = re.compile(
    r"dlopen\((?P<asked>(?!\))[^,\n]{1,1024}(?:\n[^,\n]{1,1024})?),"
    r" ?(?:0x[0-9A-Fa-f]{1,8}|\d{1,4})\)"
)
_END = re.compile(
    r"\n\n(?!\s{0,20}(?:Referenced from|Expected in|Reason|in /))"
    r"|\nTraceback \(|\nDuring handling|\nthread '"
)

# macOS 12 and newer: 'PATH' (REASON), 'PATH' (REASON).
_TRIED = re.compile(r"'(?P<path>/?[^']{1,2048})'\s{0,8}\((?!\s)")
# Before: a list of lines, PATH: REASON.
_FOUND = re.compile(r"Did find:\s{1,40}(?P<list>.{1,8192})", re.DOTALL)
_FOUND_LINE = re.compile(
    r"^\s{0,40}(?P<path>[^\n:]{1,2048}): (?P<reason>[^\n]{1,2048})", re.MULTILINE
)

_UUID = r"(?:<[0-9A-Fa-f-]{32,40}> )?"
_NAME = r"(?:'(?P<quoted>[^'\n]{1,2048})'|(?P<bare>[^\n]{1,2048}))"
_SYMBOL = re.compile(r"[Ss]ymbol not found:\s{1,8}[('\"]?(?P<name>[^\s)'\"]{1,4096})")
_FLAT = re.compile(r"symbol not found in flat namespace\s{1,8}[('\"]?(?P<name>[^\s)'\"]{1,4096})")
_LIBRARY = re.compile(r"Library not loaded:\s{1,8}['\"]?(?P<name>[^\n'\"]{1,2048})")
_FROM = re.compile(rf"Referenced from:\s{{1,8}}{_UUID}{_NAME}")
_EXPECTED = re.compile(rf"Expected in:\s{{1,8}}{_UUID}{_NAME}")
_BUILT_FOR = re.compile(
    r" \((?:which was )?built for (?:Mac OS X|macOS) (?P<version>[\d.]{1,12})[^)\n]{0,80}\)"
)
_FLAT_PLACES = ("flat namespace", "dynamic lookup")
_SYSTEM_LIBRARIES = ("/usr/lib/", "/System/")


def errors_of_dyld(text: str) -> Iterator[tuple[int, LoadError]]:
    """Yield each message of dyld in cleaned text, with where it begins."""
    starts = list(_START.finditer(text))
    last = 0
    for at, start in enumerate(starts):
        if start.start() < last:
            continue
        block = text[start.start() : _next(starts, at)]
        end = _END.search(block)
        block = block[: end.start()] if end else block
        last = start.start() + len(block)
        asked = _ASKED.match(block)
        error = _read(_joined(asked["asked"]) if asked else "", block)
        if error is not None:
            yield start.start(), error


def _next(starts: list[re.Match[str]], at: int) -> int:
    """Return where a message ends at the latest: where the next one begins.

    One that begins by `dlopen` or `dyld` may have the other words inside. No character is
    looked at in many messages, so the whole takes time in proportion to the text.
    """
    bound = starts[at].start() + _MOST_OF_ONE
    following = starts[at + 1 : at + _MOST_ENTRIES]
    named = bool(starts[at][0])
    return min(next((s.start() for s in following if s[0] or not named), bound), bound)


def _read(asked: str, block: str) -> LoadError | None:
    if (library := _LIBRARY.search(block)) is not None:
        return _library_error(_joined(library["name"]), asked, block)
    if (flat := _FLAT.search(block)) is not None:
        return _flat_error(asked, flat["name"])
    if (symbol := _SYMBOL.search(block)) is not None:
        return _symbol_error(asked, symbol["name"], block)
    said = _weightiest(block)
    if said is not None and asked:
        return said.error(file=said.path or asked)
    if asked and ("no such file" in block or "image not found" in block):
        return LoadError(cause=Cause.MISSING_LIBRARY, system=System.MACOS, library=asked)
    return None


def _library_error(library: str, asked: str, block: str) -> LoadError:
    """Read that a library another file links could not be loaded: it is absent, or unfit."""
    user, _ = _named(_FROM, block)
    said = _weightiest(block)
    if said is not None:
        return said.error(file=said.path or library, library=library, referenced_from=user or asked)
    return LoadError(
        cause=Cause.MISSING_LIBRARY,
        system=System.MACOS,
        library=library,
        referenced_from=user or asked,
    )


def _flat_error(asked: str, symbol: str) -> LoadError:
    # A process has all names of its own Python: one that it lacks is another Python's.
    cause = Cause.OTHER_PYTHON if symbol.lstrip("_").startswith("Py") else Cause.SYMBOL_NOWHERE
    return LoadError(cause=cause, system=System.MACOS, file=asked, symbol=symbol)


def _symbol_error(asked: str, symbol: str, block: str) -> LoadError:
    user, built_for = _named(_FROM, block)
    expected, _ = _named(_EXPECTED, block)
    if expected in _FLAT_PLACES or not expected:
        return _flat_error(user or asked, symbol)
    if built_for or expected.startswith(_SYSTEM_LIBRARIES):
        return LoadError(
            cause=Cause.NEWER_SYSTEM,
            system=System.MACOS,
            file=user or asked,
            need=(built_for,) if built_for else (),
            symbol=symbol,
            library=expected,
        )
    return LoadError(
        cause=Cause.MISSING_SYMBOL,
        system=System.MACOS,
        file=user or asked,
        symbol=symbol,
        library=expected,
    )


def _weightiest(block: str) -> Said | None:
    """Return the first thing that dyld found and refused; most of what it tries is not there."""
    for path, reason in _found(block) if "Did find:" in block else _tried(block):
        said = reading_of(path, reason)
        if said is not None:
            return said
    return reading_of("", block) if "missing compatible arch" in block else None


def _tried(block: str) -> Iterator[tuple[str, str]]:
    matches = list(_TRIED.finditer(block))[:_MOST_ENTRIES]
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else match.end() + 1024
        yield _joined(match["path"]), " ".join(block[match.end() : end].split())


def _found(block: str) -> Iterator[tuple[str, str]]:
    match = _FOUND.search(block)
    if match is not None:
        for at, line in enumerate(_FOUND_LINE.finditer(match["list"])):
            if at < _MOST_ENTRIES:
                yield line["path"].strip(), line["reason"]


def _named(pattern: re.Pattern[str], block: str) -> tuple[str, str]:
    """Return the file that a line names, and the macOS that it is built for, if that is told."""
    match = pattern.search(block)
    if match is None:
        return "", ""
    name = match["quoted"] or match["bare"]
    built_for = _BUILT_FOR.search(block, match.start(), match.end() + 120)
    version = built_for["version"] if built_for else ""
    return _BUILT_FOR.sub("", name).strip(), version


def _joined(path: str) -> str:
    """Return a path without the line break that pasting put into it."""
    return "".join(part.strip() for part in path.split("\n"))
