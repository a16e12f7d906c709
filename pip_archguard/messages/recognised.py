"""Which errors a text holds: each once, the root causes first."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace

from pip_archguard.messages.cleaning import cleaned
from pip_archguard.messages.dyld import errors_of_dyld
from pip_archguard.messages.elf import errors_of_elf
from pip_archguard.messages.interpreter import errors_of_python
from pip_archguard.messages.windows import errors_of_windows
from pip_archguard.model.load_error import LoadError

MOST_ERRORS = 20
"""Distinct errors that are told of one text."""

# A line of a traceback, as Python and IPython write it, for what a package installed.
_FRAME = re.compile(
    r"^ {0,12}File (?:\"(?P<file>[^\"\n<]{2,1024})\", line \d|(?P<cell>[~/][^:\n]{1,1024}):\d)",
    re.MULTILINE,
)
_OF_PACKAGES = ("site-packages", "dist-packages")
_NEAR = 8_192
"""Characters between a traceback's last line and its error; code and carets stand there."""


def recognise(text: str) -> tuple[LoadError, ...]:
    """Return the distinct errors in a text, in the order in which they occurred.

    Python prints what came first first; an error that only follows from others comes
    after them. Takes time in proportion to the text, and never fails.
    """
    plain = cleaned(text)
    found = sorted(_all(plain), key=lambda each: (each[1].cause.follows, each[0]))
    distinct: dict[tuple[object, ...], tuple[int, LoadError]] = {}
    for at, error in found:
        distinct.setdefault(_identity(error), (at, error))
    frames = [
        (match.start(), path)
        for match in _FRAME.finditer(plain)
        if any(name in (path := match["file"] or match["cell"]) for name in _OF_PACKAGES)
    ]
    return tuple(_asked(*each, frames) for each in list(distinct.values())[:MOST_ERRORS])


def _asked(at: int, error: LoadError, frames: list[tuple[int, str]]) -> LoadError:
    """Add the Python file whose import failed to an error that names no file."""
    before = bisect(frames, (at, "")) - 1
    if error.broken_file or before < 0 or at - frames[before][0] > _NEAR:
        return error
    return replace(error, asked_by=frames[before][1])


def _all(text: str) -> Iterator[tuple[int, LoadError]]:
    yield from errors_of_dyld(text)
    yield from errors_of_elf(text)
    yield from errors_of_windows(text)
    yield from errors_of_python(text)


def _identity(error: LoadError) -> tuple[object, ...]:
    """Tell what makes two messages the same complaint: many symbols of one file are one."""
    if error.cause.follows:
        return (error.cause,)
    about = error.broken_file or error.library or error.module
    # The same file by another path: /private/var is /var on a Mac.
    return error.cause, about.removeprefix("/private"), error.library if error.file == "" else ""
