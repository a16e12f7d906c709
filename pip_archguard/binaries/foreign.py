"""Native files of other systems: whether Python could import them there."""

from __future__ import annotations

from pathlib import PurePosixPath

from pip_archguard.binaries.bounds import CHUNK, INIT_SEARCH
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import MalformedBinaryError
from pip_archguard.model.binary import Binary, Format

_EXTENSION_SUFFIXES = frozenset({".so", ".pyd"})


def read_foreign(path: str, format_: Format, source: ByteSource) -> Binary:
    """Return what is known of an ELF or PE file: whether it is an extension module."""
    name = init_function(path)
    if name is None:
        return Binary(path=path, format=format_)
    try:
        found = _holds(source, name + b"\0")
    except MalformedBinaryError as error:
        return Binary(path=path, format=format_, problem=f"it {error}")
    return Binary(path=path, format=format_, python_init=found)


def init_function(path: str) -> bytes | None:
    """Return the init function that `import` calls in this file, None if it is no module.

    The rule is PEP 489's: `PyInit_NAME`, or `PyInitU_` and punycode where the name is
    not ASCII.
    """
    file = PurePosixPath(path)
    stem = file.name.partition(".")[0]
    if file.suffix not in _EXTENSION_SUFFIXES or not stem.isidentifier():
        return None
    if stem.isascii():
        return b"PyInit_" + stem.encode("ascii")
    return b"PyInitU_" + stem.encode("punycode").replace(b"-", b"_")


def _holds(source: ByteSource, needle: bytes) -> bool:
    """Search the content chunk by chunk, each joined to the tail of the one before."""
    tail = b""
    for offset in range(0, min(source.size, INIT_SEARCH), CHUNK):
        chunk = tail + source.read_at(offset, CHUNK)
        if needle in chunk:
            return True
        tail = chunk[1 - len(needle) :]
    return False
