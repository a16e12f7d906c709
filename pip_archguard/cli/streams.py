"""Writing to standard output and standard error, whatever state they are in."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

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
        # What could not be written is flushed again at the end, and Python then exits with 120.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def write(stream: TextIO | None, text: str) -> None:
    """Write a line at once; what the stream cannot encode is escaped."""
    if stream is None:  # started with it closed
        return
    encoding = stream.encoding or "utf-8"
    for at in range(0, len(text) + 1, _AT_ONCE):
        part = text[at : at + _AT_ONCE] + ("\n" if at + _AT_ONCE > len(text) else "")
        stream.write(part.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
