"""Reading TOML, by Python's own parser from 3.11 on, else by the one that pip brings."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from pip_archguard.errors import UnreadableInputError
from pip_archguard.locks.fields import Table

MOST_BYTES = 64 * 1024 * 1024
_PARSER = "tomllib" if sys.version_info >= (3, 11) else "pip._vendor.tomli"


def parse_toml(content: bytes, file: str) -> Table:
    """Return the document; raises UnreadableInputError if it is none."""
    parser: Any = importlib.import_module(_PARSER)
    try:
        values = parser.loads(content.decode())
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        msg = f"`{file}` cannot be read as TOML: {error}"
        raise UnreadableInputError(msg) from error
    return Table(file=file, where="", values=values)


def read_toml(path: Path) -> Table:
    """Return the document in a file; raises UnreadableInputError if there is none."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        msg = f"`{path}` cannot be read: {error.strerror or error}"
        raise UnreadableInputError(msg) from error
    if len(content) > MOST_BYTES:
        msg = f"`{path}` is too large to be read"
        raise UnreadableInputError(msg)
    return parse_toml(content, str(path))
