"""The names that the interpreter itself provides to whatever it loads.

`python_api.txt` holds them as C spells them, without the underscore of Mach-O:

- what the headers of CPython 2.7 and 3.6 to 3.13 mark `PyAPI_FUNC` or `PyAPI_DATA`, whatever
  the system and the kind of build (debugging, free-threaded), and what those interpreters
  export on Linux: `tests/builders/capi_names.py`, and `nox -s capi` for the Pythons of today;
  for 2.7 with both spellings of its Unicode functions (`UCS2`, `UCS4`);
- what CPython 3.14.2 and 3.15.0rc1 export as built for Pyodide, without Emscripten's own, and
  what `python314t.dll` (free-threaded) exports besides;
- functions of PyPy 3.11 that are macros in CPython, in PyPy's spelling, and the like of
  GraalPy as far as its headers were at hand.

Names of all versions stand together, since a module may serve several. They are added, never
taken away. What a module defines itself (`PyInit_*`, `PyModExport_*`) is not among them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_suffix(".txt")
# PyPy puts its own name in front of `Py`: `PyPyList_New`, `_PyPyObject_New`, `PyPy_AtExit`.
_PYPY = re.compile(rb"(_?)Py(Py.*)", re.DOTALL)
# GraalPy's helpers, in what its macros expand to; `PyTruffle` before GraalPy 25.
_GRAALPY = re.compile(rb"_?(?:GraalPy|PyTruffle)")


def is_python_api(name: bytes) -> bool:
    """Whether Python itself exports a symbol, spelt as in a Mach-O file: `_PyList_New`."""
    if not name.startswith(b"_"):
        return False
    c_name = name[1:]
    if c_name in _names() or _GRAALPY.match(c_name):
        return True
    renamed = _PYPY.fullmatch(c_name)
    return renamed is not None and renamed[1] + renamed[2] in _names()


@cache
def _names() -> frozenset[bytes]:
    return frozenset(_LIST.read_bytes().split())
