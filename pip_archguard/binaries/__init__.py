"""From bytes to what a native file declares: bounded, and safe with hostile files."""

from pip_archguard.binaries.magic import identify
from pip_archguard.binaries.native import read_binary
from pip_archguard.binaries.reader import ByteSource, FileSource, StreamSource

__all__ = ["ByteSource", "FileSource", "StreamSource", "identify", "read_binary"]
