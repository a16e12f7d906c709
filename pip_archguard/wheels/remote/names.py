"""Members of a wheel that are passed over by name when it is looked at from afar.

On disk every member is told by its first bytes. To do the same from afar takes a request for
each, or all of the file, so files whose name says that they are text are left where they are.
What that can miss, and why it does not matter for what `import` and dyld do, is told in
`docs/explanation/remote.md`.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

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
        ".typed",
    }
)
# pip reads these three as text, and installs no wheel in which they are anything else.
_DIST_INFO = re.compile(r"[^/]+\.dist-info/(METADATA|WHEEL|RECORD)")


def is_text(path: str) -> bool:
    """Whether the name says that a file is text, which neither `import` nor dyld loads."""
    return PurePosixPath(path).suffix.lower() in _TEXT or bool(_DIST_INFO.fullmatch(path))
