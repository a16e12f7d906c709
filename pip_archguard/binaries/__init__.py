"""From bytes to what a native file declares: bounded, and safe with hostile files."""

from pip_archguard.binaries.bounds import HEAD
from pip_archguard.binaries.magic import identify
from pip_archguard.binaries.native import read_binary
from pip_archguard.binaries.reader import (
    UNREADABLE,
    ByteSource,
    FileSource,
    StreamSource,
)
from pip_archguard.binaries.source import mark_named_in_source

__all__ = [
    "HEAD",
    "UNREADABLE",
    "ByteSource",
    "FileSource",
    "StreamSource",
    "identify",
    "mark_named_in_source",
    "read_binary",
]
