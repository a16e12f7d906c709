"""Native files of other systems: whether Python could import them there."""

from __future__ import annotations

from pip_archguard.binaries.bounds import CHUNK, INIT_SEARCH
from pip_archguard.binaries.extension_module import init_function
from pip_archguard.binaries.reader import ByteSource
from pip_archguard.errors import BinaryProblemError
from pip_archguard.model.binary import Binary, Format


def read_foreign(path: str, format_: Format, source: ByteSource) -> Binary:
    """Return what is known of an ELF or PE file: whether it is an extension module."""
    name = init_function(path)
    if name is None:
        return Binary(path=path, format=format_)
    try:
        found = _holds(source, name + b"\0")
    except BinaryProblemError as error:
        return Binary(path=path, format=format_, problem=f"it {error}")
    return Binary(path=path, format=format_, python_init=found)


def _holds(source: ByteSource, needle: bytes) -> bool:
    """Search the content chunk by chunk, each joined to the tail of the one before."""
    tail = b""
    for offset in range(0, min(source.size, INIT_SEARCH), CHUNK):
        chunk = tail + source.read_at(offset, CHUNK)
        if needle in chunk:
            return True
        tail = chunk[1 - len(needle) :]
    return False
