"""Members of a wheel that are passed over by name when it is looked at from afar.

On disk every member is told by its first bytes. To do the same from afar takes a request for
each, or all of the file, so files whose name says that they are text, or data for readers of
their own, are left where they are.
What that can miss, and why it does not matter for what `import` and dyld do, is told in
`docs/explanation/remote.md`.
"""

from __future__ import annotations

import re
from posixpath import splitext

_TEXT = frozenset(
    {
        # Python: `import` gives these to loaders of its own, never to dlopen.
        *(".py", ".pyi", ".pyc", ".pyx", ".pxd", ".pxi", ".ipynb"),
        # What compilers read.
        *(".h", ".hh", ".hpp", ".hxx", ".inc", ".inl", ".c", ".cc", ".cpp", ".cxx", ".cu", ".cuh"),
        *(".m", ".mm", ".rs", ".f", ".f90", ".f95", ".cmake", ".pc", ".proto", ".thrift"),
        # Prose, data and configuration.
        *(".txt", ".md", ".rst", ".html", ".htm", ".css", ".scss", ".js", ".mjs", ".ts", ".map"),
        *(".json", ".toml", ".cfg", ".ini", ".yaml", ".yml", ".xml", ".csv", ".tsv", ".svg"),
        *(".po", ".pot", ".tcl", ".sh", ".bat", ".ps1", ".in", ".tmpl", ".jinja", ".jinja2"),
        *(".typed", ".template", ".build", ".bzl", ".bazel", ".pyf", ".pem", ".qml", ".arff"),
    }
)
_DATA = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".gif", ".ico", ".icns", ".bmp", ".tif", ".tiff", ".webp"),
        *(".ttf", ".otf", ".woff", ".woff2", ".wav", ".mp3", ".ogg", ".mp4", ".pdf"),
        *(".gz", ".bz2", ".xz", ".zip", ".mo", ".qm", ".npy", ".npz", ".pkl", ".mat", ".h5", ".nc"),
        *(".fits", ".sav", ".parquet", ".feather", ".a", ".lib"),
    }
)
# pip reads these three as text, and installs no wheel in which they are anything else.
_DIST_INFO = re.compile(r"[^/]+\.dist-info/(METADATA|WHEEL|RECORD)")


def is_passed_over(path: str) -> bool:
    """Whether the name says that a file is of a kind that neither `import` nor dyld loads."""
    suffix = suffix_of(path)
    return suffix in _TEXT or suffix in _DATA or (not suffix and bool(_DIST_INFO.fullmatch(path)))


def suffix_of(path: str) -> str:
    """Return what `splitext` says, in small letters; wheels may have ten thousand files."""
    dot = path.rfind(".")
    start = path.rfind("/") + 1
    if dot < start:
        return ""
    if path.startswith(".", start):  # dots at the start of a name begin no suffix
        return splitext(path)[1].lower()
    return path[dot:].lower()
