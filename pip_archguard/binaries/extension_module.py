"""The init function by which Python tells a file that it can import."""

from __future__ import annotations

from pathlib import PurePosixPath

_SUFFIXES = frozenset({".so", ".pyd"})


def init_functions(path: str) -> frozenset[bytes]:
    """Return the functions of which `import` calls one, none if the file is no module.

    The rule is PEP 489's: `PyInit_NAME`, or `PyInitU_` and punycode where the name is not
    ASCII; from CPython 3.15 on also `PyModExport_NAME` (PEP 793).
    """
    tail = _tail(path)
    return frozenset() if tail is None else frozenset({b"PyInit" + tail, b"PyModExport" + tail})


def init_symbols(path: str) -> frozenset[bytes]:
    """Return the symbols of which a Mach-O file of this path exports one, if it is a module.

    Since CPython 3.15 a module may have `PyModExport_NAME` (PEP 793) instead. Names of C
    have an underscore before them in Mach-O.
    """
    tail = _tail(path)
    return frozenset() if tail is None else frozenset({b"_PyInit" + tail, b"_PyModExport" + tail})


def _tail(path: str) -> bytes | None:
    file = PurePosixPath(path)
    stem = file.name.partition(".")[0]
    if file.suffix not in _SUFFIXES or not stem.isidentifier():
        return None
    if stem.isascii():
        return b"_" + stem.encode("ascii")
    return b"U_" + stem.encode("punycode").replace(b"-", b"_")
