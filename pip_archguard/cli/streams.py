"""Writing to standard output and standard error, whatever state they are in."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

from pip_archguard.errors import UnwritableFileError

_AT_ONCE = 1 << 20
"""Characters handed over at once: a document on thousands of wheels is not copied whole."""


def say(text: str) -> None:
    """Tell it after what pip printed; that a stream takes no more is no failure of the run."""
    with contextlib.suppress(OSError):
        if sys.stdout is not None:
            sys.stdout.flush()
    try:
        write(sys.stderr, text)
    except OSError:
        _give_up(sys.stderr)


def show(text: str) -> UnwritableFileError | None:
    """Write a result to standard output; return an error if that takes no more of it."""
    try:
        write(sys.stdout, text)
    except OSError as error:
        _give_up(sys.stdout)
        why = error.strerror or error
        return UnwritableFileError(f"the result cannot be written to standard output: {why}")
    return None


def write(stream: TextIO | None, text: str) -> None:
    """Write a line at once; what the stream cannot encode is escaped."""
    if stream is None:  # started with it closed
        return
    encoding = stream.encoding or "utf-8"
    for at in range(0, len(text) + 1, _AT_ONCE):
        part = text[at : at + _AT_ONCE] + ("\n" if at + _AT_ONCE > len(text) else "")
        stream.write(part.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _give_up(stream: TextIO) -> None:
    """Drop what a stream did not take: Python would flush it at the end, and exit with 120."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
