"""The errors of files that cannot be read."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module


def _decompression_errors() -> Iterator[type[Exception]]:
    """Yield the errors of compressions that not every Python has (zipfile lets them out)."""
    for module, name in (("lzma", "LZMAError"), ("compression.zstd", "ZstdError")):
        with suppress(ImportError):
            yield getattr(import_module(module), name)


UNREADABLE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,  # an encrypted member; its child NotImplementedError: a strange compression
    struct.error,  # a local header cut short
    UnicodeDecodeError,  # a local header with a name in no encoding
    *_decompression_errors(),
)
"""What zipfile and the system raise where a file, an archive or a member cannot be read."""
