"""Python source, METADATA of those who wrote it, and what system loaders say."""

from __future__ import annotations

import ast
from contextlib import suppress

from builders.error_messages import MESSAGES
from fuzz.taken import Taken, counted
from fuzz.target import FuzzTarget
from pip_archguard.fusing.python_source import join_python
from pip_archguard.messages import MOST_ERRORS, place_of, recognise
from pip_archguard.sources import UNPARSEABLE, optional_modules, tree_of
from pip_archguard.sources.imports import imports_of
from pip_archguard.sources.modules import module_at
from pip_archguard.sources.requirements import required_modules

_GUARDED = b"try:\n    from . import _c\nexcept ImportError:\n    _c = None\n"
_WORDS = (
    *("try:", "except ImportError:", "except:", "else:", "finally:", "with suppress(ImportError):"),
    *("import ", "from . ", "demo", "_c", "demo._c", " as x", "raise", "pass", "return ", "\n    "),
    *("import_module(", "__import__(", "'._c'", "__name__", "lambda:", "None", "del ", "f'{x}'"),
    *("def f():\n ", "class A:\n ", "if sys:\n ", "match x:\n case ", "async ", "await ", "yield "),
)

_SOURCES = (
    _GUARDED,
    b"with suppress(ImportError):\n    import demo._c as c\n",
    b"def f():\n  try:\n    return __import__('demo._c')\n  except Exception as e:\n    raise A\n",
    b"if sys.version_info > (3,):\n    from demo import *\nelif TYPE_CHECKING:\n    import a\n",
    b"import importlib\n_c = importlib.import_module('._c', __name__)\nclass A:\n  x = _c.y\n",
    b"try:\n  import _c\nexcept* (ImportError, OSError) as e:\n  e\nelse: pass\nfinally: del _c\n",
    b"match x:\n    case {'a': [1, *_]}: import b\n    case _: f'{x!r:>{y}}'\n",
    b"lambda *a, **k: (yield)\nasync def f():\n    async with a as b, c: await d\n",
)


def check_source(data: bytes) -> None:
    """No source makes the search for fallbacks fail; what it calls optional was asked for."""
    taken = Taken(data)
    init, more = taken.some(), taken.rest()
    sources = {"demo/__init__.py": init, "demo/m.py": more, "demo/sub/__init__.py": init}
    found = optional_modules(sources, ["demo/_c", "demo/sub/_d"], frozenset({"sys", "os"}))
    assert found <= {"demo/_c", "demo/sub/_d"}
    for text in (init, more):
        with suppress(*UNPARSEABLE):
            imports_of(text, module_at("demo/m.py"))


def check_join(data: bytes) -> None:
    """What two sources are joined to is source that Python takes."""
    taken = Taken(data)
    arm64, x86_64 = taken.some(), taken.rest()
    joined = join_python(arm64, x86_64)
    if joined is not None:
        tree_of(joined)
    if arm64 == x86_64 and joined is not None:
        assert ast.dump(tree_of(joined)) == ast.dump(tree_of(arm64))


def check_metadata(data: bytes) -> None:
    """The modules that METADATA asks for are names."""
    assert all(name and "-" not in name for name in required_modules(data))


def check_message(data: bytes) -> None:
    """Any text holds errors, up to a bound, and no error of ours; twice the same."""
    text = data.decode("utf-8", "replace")
    found = recognise(text)
    assert len(found) <= MOST_ERRORS
    assert recognise(text) == found
    for error in found:
        place_of(error.file or error.library)


SOURCES = (
    FuzzTarget(
        name="python-source",
        promise="no source is an error; only what was asked for is optional",
        check=check_source,
        words=_WORDS,
        seeds=lambda: [counted(_GUARDED) + source for source in _SOURCES],
        longest=2048,
    ),
    FuzzTarget(
        name="python-join",
        promise="two sources are joined to one that Python takes, or not at all",
        check=check_join,
        words=_WORDS,
        seeds=lambda: [
            counted(source) + source.replace(b"1", b"2").replace(b"'a'", b"'b'")
            for source in (
                *_SOURCES,
                b"a = 1\nb = {'a': 1.5, 'b': -1}\n",
                b"'''1'''\nx = '1' '2'\n",
            )
        ],
        longest=2048,
    ),
    FuzzTarget(
        name="metadata",
        promise="any METADATA names modules",
        check=check_metadata,
        seeds=lambda: [b"Requires-Dist: a-b (>1)\nRequires-Dist: c; x\nrequires-dist:D[e]\n\nx"],
        longest=512,
    ),
    FuzzTarget(
        name="load-error",
        promise="any text is read to the end, up to a bound, the same twice",
        check=check_message,
        words=tuple(sorted({word for text in MESSAGES.values() for word in text.split()}))[:300],
        seeds=lambda: [text.encode() for text in MESSAGES.values()],
    ),
)
"""The targets of texts."""
