"""Which extension modules a package's own source can do without."""

from __future__ import annotations

import pytest

from pip_archguard.sources import bounds, optional_modules

GUARDED = """
try:
    from demo import _c
except ImportError:
    _c = None
"""


def optional(*extensions: str, **texts: str) -> set[str]:
    """Look at modules given by name, `__` standing for a dot."""
    return optional_among(0, *extensions, **texts)


def optional_among(loading: int, *extensions: str, **texts: str) -> set[str]:
    """Look at modules besides which so many libraries load."""
    sources = {f"{name.replace('__', '/')}.py": text.encode() for name, text in texts.items()}
    named = {path.replace("/init.py", "/__init__.py"): text for path, text in sources.items()}
    return set(optional_modules(named, extensions or ("demo/_c",), {"math", "attr"}, loading))


IMPORTS = {
    "import": "import demo._c",
    "import as": "import demo._c as _fast",
    "from package": "from demo import _c",
    "from here": "from . import _c",
    "from the module": "from ._c import _fast",
    "from the module by its full name": "from demo._c import _fast",
    "import_module": "_c = importlib.import_module('demo._c')",
    "bare import_module": "_c = import_module('demo._c')",
    "import_module relative to __package__": "import_module('._c', package=__package__)",
    "import_module relative to __name__": "import_module('._c', __name__)",
    "import_module relative to a name": "import_module('._c', 'demo')",
    "import_module by keywords": "import_module(name='._c', package='demo')",
    "import_module, put together": "import_module(__name__ + '._c')",
    "import_module, formatted": "import_module(f'{__name__}._c')",
    "__import__": "__import__('demo._c')",
    "__import__ from": "__import__('demo', fromlist=['_c'])",
    "__import__ relative": "__import__('_c', globals(), locals(), [], 1)",
    "behind a condition": "if fast:\n        import demo._c",
    "in a list": "_all = [import_module(n) for n in ('a', 'b')]; import demo._c",
}


@pytest.mark.parametrize("statement", IMPORTS.values(), ids=IMPORTS)
def test_every_kind_of_import_can_be_guarded(statement: str) -> None:
    text = f"try:\n    {statement}\nexcept ImportError:\n    pass\n"

    assert optional(demo__init=text) == {"demo/_c"}


@pytest.mark.parametrize("statement", IMPORTS.values(), ids=IMPORTS)
def test_every_kind_of_import_fails_the_package_where_it_is_not_guarded(statement: str) -> None:
    text = f"if True:\n    {statement}\n"

    assert optional(demo__init=text + GUARDED) == set()


@pytest.mark.parametrize(
    ("statement", "module"),
    [
        ("from .. import _c", "demo__sub__m"),
        ("from .._c import _x", "demo__sub__init"),
        ("from .._c import _x", "demo__sub__m"),
        ("from ..._c import _x", "demo__sub__sub__m"),
        ("from . import _c", "demo__m"),
        ("import_module('.._c', 'demo.sub')", "demo__other__m"),
        ("__import__('_c', level=2)", "demo__sub__m"),
    ],
)
def test_relative_imports_start_from_the_package_of_the_module(statement: str, module: str) -> None:
    guarded = f"try:\n    {statement}\nexcept ImportError:\n    pass\n"

    assert optional(demo__init="", **{module: guarded}) == {"demo/_c"}
    assert optional(demo__init=GUARDED, **{module: statement}) == set()


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("from .... import _c", "__import__('_c', level=4)", "import_module('....', '_c')"),
        *("from . import _c", "import other._c", "import_module(''), _c", "__import__(*_c)"),
    ],
)
def test_an_import_of_something_else_is_none_of_it(elsewhere: str) -> None:
    assert optional(demo__init=GUARDED, demo__sub__m=elsewhere) == {"demo/_c"}

    guarded = f"try: {elsewhere}\nexcept ImportError: pass"

    assert optional(demo__init="", demo__sub__m=guarded) == set()


HANDLERS = {
    "except ImportError: pass": True,
    "except Exception: pass": True,
    "except BaseException: pass": True,
    "except: pass": True,
    "except (ImportError, AttributeError): pass": True,
    "except ImportError as e: print(e)": True,
    "except ImportError as e: _text = str(e)": True,
    "except ImportError as e: _text = f'{e}'": True,
    "except ImportError as e: _name = e.name": True,
    "except ImportError as e: warnings.warn('slow: %s' % e)": True,
    "except ValueError: raise\nexcept ImportError: pass": True,
    "except ImportError:\n    if strict: raise": True,
    "except ImportError:\n    if strict: raise\n    else: pass": True,
    "except ImportError as e:\n    if strict: raise RuntimeError from e": True,
    "except OSError: pass": False,
    "except ModuleNotFoundError: pass": False,
    "except (OSError, ModuleNotFoundError): pass": False,
    "except errors.ImportError: pass": False,
    "except ERRORS: pass": False,
    "except ImportError: raise\nexcept Exception: pass": False,
    "except ImportError: raise RuntimeError('build it')": False,
    "except ImportError as e: raise ImportError('build it') from e": False,
    "except ImportError as e:\n    text = 'build it'\n    raise ImportError(text) from e": False,
    "except ImportError as e:\n    if mac: raise\n    else: raise ImportError('no') from e": False,
    "except ImportError as e:\n    if mac: raise\n    else: sys.exit(1)": False,
    "except ImportError: sys.exit('build it')": False,
    "except ImportError: fail('build it')\ndef fail(text): raise OSError(text)": False,
    "except ImportError: tell('build it')\ndef tell(text): print(text)": True,
    "except ImportError as e: complain(e)": False,
    "except ImportError as e: _c = Deferred(e)": False,
    "except ImportError as e: _error = e": False,
    "finally: pass": False,
}


@pytest.mark.parametrize(("handlers", "caught"), HANDLERS.items(), ids=HANDLERS)
def test_a_guard_catches_importerror_and_goes_on(handlers: str, *, caught: bool) -> None:
    found = optional(demo__init=f"try:\n    import demo._c\n{handlers}\n")

    assert bool(found) is caught


PLACES = {
    "suppressed": ("with contextlib.suppress(ImportError):\n    import demo._c", True),
    "suppressed by bare name": ("with suppress(OSError, Exception): import demo._c", True),
    "other errors suppressed": ("with suppress(OSError): import demo._c", False),
    "another manager": ("with lock: import demo._c", False),
    "after else": ("try: pass\nexcept ImportError: pass\nelse:\n    import demo._c", False),
    "in a handler": ("try: pass\nexcept ImportError:\n    import demo._c", False),
    "in finally": ("try: pass\nexcept ImportError: pass\nfinally:\n    import demo._c", False),
    "in a handler, under an outer guard": (
        "try:\n    try: import x\n    except ImportError: import demo._c\nexcept Exception: pass",
        True,
    ),
    "raised again under an outer guard": (
        "try:\n    try: import demo._c\n    except ImportError: raise\nexcept Exception: pass",
        True,
    ),
    "its own name raised again under an outer guard": (
        "try:\n    try: import demo._c\n    except ImportError as e: raise e\nexcept: pass",
        True,
    ),
    "raised as something else under an outer guard": (
        "try:\n    try: import demo._c\n    except: raise OSError\nexcept ImportError: pass",
        False,
    ),
    "in a class": ("class A:\n    import demo._c", False),
    "guarded in a class": (
        "class A:\n    try: import demo._c\n    except ImportError: pass",
        True,
    ),
    "in a function": ("def f():\n    import demo._c", False),
    "in a function that a guard calls": (
        "def f():\n    import demo._c\ntry: f()\nexcept ImportError: pass",
        False,
    ),
    "in a function under a guard": (
        "try:\n    def f():\n        import demo._c\nexcept ImportError: pass",
        False,
    ),
    "in a lambda under a guard": (
        "try:\n    f = lambda: __import__('demo._c')\nexcept ImportError: pass",
        False,
    ),
    "guarded in a function": (
        "async def f():\n    try: import demo._c\n    except ImportError: return None",
        True,
    ),
    "in a default under a guard": (
        "try:\n    def f(a=__import__('demo._c')): pass\nexcept ImportError: pass",
        True,
    ),
    "in a loop": ("for _ in x:\n    import demo._c", False),
    "guarded in a loop": (
        "for _ in x:\n    try: import demo._c\n    except ImportError: continue",
        True,
    ),
    "for types alone": ("if TYPE_CHECKING:\n    import demo._c", False),
    "compiled by Cython": (
        "try: from cython.cimports.demo._c import x\nexcept ImportError: x = 1",
        False,
    ),
}


@pytest.mark.parametrize(("text", "guarded"), PLACES.values(), ids=PLACES)
def test_a_guard_covers_what_runs_inside_of_it(text: str, *, guarded: bool) -> None:
    assert bool(optional(demo__init=text)) is guarded


@pytest.mark.parametrize(
    "text",
    [
        "if TYPE_CHECKING:\n    import demo._c",
        "if typing.TYPE_CHECKING:\n    from ._c import X",
        "if t.TYPE_CHECKING:\n    from ._c import X\nelse:\n    X = object",
    ],
)
def test_imports_for_type_checkers_do_not_count(text: str) -> None:
    assert optional(demo__init=GUARDED, demo__m=text) == {"demo/_c"}


SUBSTITUTES = {
    "another function": ("from ._c import f", "from .slow import f", "", True),
    "another for one of two": ("from ._c import f, g, g", "from .slow import f", "", False),
    "a function defined there": ("from ._c import f", "def f(): return 1", "", True),
    "one that only raises": ("from ._c import f", "def f(): raise ImportError('no')", "", False),
    "a function that is there already": ("from ._c import f", "pass", "def f(): return 1", True),
    "a class that is there": ("from ._c import F", "pass", "class F: pass", True),
    "a class that cannot be made": (
        "from ._c import F",
        "class F:\n        def __init__(self): raise OSError",
        "",
        False,
    ),
    "a class with other methods that raise": (
        "from ._c import F",
        "class F:\n        def f(self): raise OSError",
        "",
        True,
    ),
    "a function that calls one that raises": (
        "from ._c import f",
        "def f(): fail()",
        "def fail(): raise OSError",
        False,
    ),
    "what one that raises returns": (
        "from ._c import f",
        "f = missing('f')",
        "def missing(n):\n    def f(): raise OSError(n)\n    return f",
        False,
    ),
    "what another function returns": (
        "from ._c import f",
        "f = slowly('f')",
        "def slowly(n):\n    def f(): return n\n    return f",
        True,
    ),
    "one that raises by another name": (
        "from ._c import f",
        "f = g = missing",
        "async def missing(): raise OSError",
        False,
    ),
    "an object that says that it is not there": (
        "import demo._c",
        "_c = Missing()",
        "class Missing:\n    def __getattr__(self, n): raise OSError\ndef f(): return _c.f()",
        False,
    ),
    "a module of the package itself, by its whole name": (
        "import demo._c",
        "_c = None",
        "def f(): return _c.f()",
        False,
    ),
    "an assigned name": ("from ._c import f", "pass", "f, g = slow, slow", True),
    "an annotated name": ("from ._c import f", "pass", "f: object = slow", True),
    "an annotation alone": ("from ._c import f", "pass", "f: object", False),
    "a name inside a function": ("from ._c import f", "pass", "def g():\n    f = 1", False),
    "none for a public name": ("from ._c import f", "pass", "", False),
    "none for all of them": ("from ._c import *", "pass", "", False),
    "all of another": ("from ._c import *", "from .slow import *", "", True),
    "a flag, used below": (
        "from . import _c",
        "fast = False",
        "def g(): return 1\nif fast:\n    g = _c.g",
        True,
    ),
    "a flag, used otherwise": ("from . import _c", "fast = False", "def g(): return _c.g()", False),
    "None, asked about": ("from . import _c", "_c = None", "g = _c.g if _c else slow", True),
    "None, or another": ("from ._c import f", "f = None", "g = f or slow", True),
    "None, returning before": (
        "from . import _c",
        "_c = None",
        "def g():\n    if _c is None: return 1\n    return _c.g()",
        True,
    ),
    "None, raising before": (
        "from . import _c",
        "_c: object = None",
        "def g():\n    if _c is None: raise OSError\n    return _c.g()",
        False,
    ),
    "used only where it was imported": (
        "from ._c import F as CF; G = CF",
        "G = object",
        "",
        True,
    ),
}


@pytest.mark.parametrize(
    ("statement", "handler", "rest", "replaced"), SUBSTITUTES.values(), ids=SUBSTITUTES
)
def test_what_could_not_be_imported_needs_a_substitute(
    statement: str, handler: str, rest: str, *, replaced: bool
) -> None:
    text = f"try:\n    {statement}\nexcept ImportError:\n    {handler}\n{rest}\n"

    assert bool(optional(demo__init=text, demo__slow="f = 1")) is replaced


CHAINS: dict[str, tuple[dict[str, str], bool]] = {
    "a module that is guarded in turn": (
        {
            "demo__init": "try: from demo import fast as _i\nexcept ImportError: _i = slow",
            "demo__fast": "from demo._c import f",
        },
        True,
    ),
    "a module that is imported without a guard": (
        {"demo__init": GUARDED + "from demo import fast", "demo__fast": "from demo._c import f"},
        False,
    ),
    "a module that only users import": (
        {"demo__init": GUARDED, "demo__fast": "from demo._c import f"},
        False,
    ),
    "modules that only import each other": (
        {
            "demo__init": GUARDED,
            "demo__fast": "import demo._c, demo.other",
            "demo__other": "import demo.fast",
        },
        False,
    ),
    "a chain with a guard at its end": (
        {
            "demo__init": "try: from .a import f\nexcept ImportError: f = slow",
            "demo__a": "from .b import f",
            "demo__b": "from ._c import f",
        },
        True,
    ),
    "a chain with a guard inside": (
        {
            "demo__init": "from .a import f",
            "demo__a": "try: from .b import f\nexcept ImportError: f = slow",
            "demo__b": "from ._c import f",
        },
        True,
    ),
    "a function that imports what fails": (
        {
            "demo__init": "try: from .fast import f\nexcept ImportError: f = slow",
            "demo__fast": "from ._c import f",
            "demo__m": "def g():\n    from .fast import f",
        },
        False,
    ),
    "a function of what fails": (
        {
            "demo__init": "try: from .fast import f\nexcept ImportError: f = slow",
            "demo__fast": "from ._c import f\ndef g():\n    from ._c import h",
        },
        True,
    ),
    "a package, and what is below it": (
        {
            "demo__init": "try: import demo.sub.m as _m\nexcept ImportError: _m = None",
            "demo__sub__init": "import demo._c",
            "demo__sub__m": "import demo._c",
            "demo__sub__other": "def f():\n    import demo._c",
        },
        True,
    ),
    "what is below a package, without a guard": (
        {
            "demo__init": GUARDED,
            "demo__m": "try: import demo.sub\nexcept ImportError: pass",
            "demo__n": "import demo.sub.x",
            "demo__sub__init": "import demo._c",
        },
        False,
    ),
    "a top-level module": (
        {"demo__init": "try: import fast\nexcept ImportError: pass", "fast": "import demo._c"},
        False,
    ),
    "a top-level package": ({"demo__init": "import demo._c", "m": GUARDED}, False),
    "a package in a namespace": (
        {"m": "try: import ns.fast\nexcept ImportError: 0", "ns__fast__init": "import demo._c"},
        False,
    ),
}


@pytest.mark.parametrize(("texts", "works"), CHAINS.values(), ids=CHAINS)
def test_what_fails_with_the_extension_needs_guards_as_well(
    texts: dict[str, str], *, works: bool
) -> None:
    assert bool(optional(**texts)) is works


def test_an_extension_below_a_package_that_fails_has_its_guard_above() -> None:
    texts = {
        "demo__init": "try: from demo.fast import f\nexcept ImportError: from demo.slow import f",
        "demo__fast__init": "from ._c import f",
        "demo__slow": "",
    }

    assert optional("demo/fast/_c", **texts) == {"demo/fast/_c"}


PRESENT: dict[str, tuple[str, dict[str, str], bool]] = {
    "a module": ("from . import slow", {"demo__slow": ""}, True),
    "a name in a module": ("from .slow import f", {"demo__slow": ""}, True),
    "a module that the wheel has not": ("from .slow import f", {}, False),
    "a module that its package has not": ("from . import slow", {}, False),
    "a module below what is none": ("import demo.slow.f.g", {"demo__slow": ""}, False),
    "one of Python's own": ("from math import sqrt", {}, True),
    "one that comes from anywhere": ("import cffi", {}, False),
    "one that is asked for in a function": ("def f():\n        import cffi", {}, False),
    "one that itself has a substitute": (
        "try: import cffi\n    except ImportError: import math",
        {},
        True,
    ),
    "one whose substitute is not there": (
        "try: import cffi\n    except ImportError: import gffi",
        {},
        False,
    ),
    "a module that imports what is there": (
        "from .slow import f",
        {"demo__slow": "import math, demo.other", "demo__other": "import attr"},
        True,
    ),
    "a module that imports what is not": (
        "from .slow import f",
        {"demo__slow": "from .other import f", "demo__other": "if x: import cffi"},
        False,
    ),
    "a module that can do without": (
        "from .slow import f",
        {"demo__slow": "try: import cffi\nexcept: import gffi\ndef f(): import cffi"},
        True,
    ),
    "a module that asks which Python this is": (
        "from .slow import f",
        {"demo__slow": "if hasattr(sys, 'pypy_version_info'): import __pypy__"},
        True,
    ),
    "a module in a package that imports what is not there": (
        "from .sub.slow import f",
        {"demo__sub__init": "import cffi", "demo__sub__slow": ""},
        False,
    ),
    "modules that import each other": (
        "from .slow import f",
        {"demo__slow": "import demo.other", "demo__other": "import demo.slow"},
        True,
    ),
    "a module that imports a name of the package": (
        "from .slow import f",
        {"demo__slow": "from . import Markup"},
        True,
    ),
    "a module that cannot be understood": ("from .slow import f", {"demo__slow": "print 1"}, False),
    "a module that lacks what the package lacks in any case": (
        "from .slow import f",
        {"demo__slow": "import cffi", "demo__m": "import cffi"},
        True,
    ),
    "Python's own, of which the wheel has another": ("import math.f", {"math__init": ""}, False),
}


@pytest.mark.parametrize(("handler", "texts", "there"), PRESENT.values(), ids=PRESENT)
def test_what_is_imported_instead_is_there(
    handler: str, texts: dict[str, str], *, there: bool
) -> None:
    anyway = "import demo.m\n" if "demo__m" in texts else ""
    text = f"{anyway}try:\n    from . import _c\nexcept ImportError:\n    {handler}\n"

    assert bool(optional(demo__init=text, **texts)) is there


@pytest.mark.parametrize(
    "module",
    ["setup", "conftest", "demo__conftest", "demo__tests__m", "test__demo", "demo__test__m"],
)
def test_tests_and_build_scripts_do_not_count(module: str) -> None:
    assert optional(demo__init=GUARDED, **{module: "import demo._c"}) == {"demo/_c"}
    assert optional(demo__init="", **{module: GUARDED}) == set()


@pytest.mark.parametrize(
    ("extension", "found"), [("_top", True), ("top", False)], ids=["private", "public"]
)
def test_a_top_level_extension_is_optional_only_if_it_is_private(
    extension: str, *, found: bool
) -> None:
    text = f"try: import {extension} as _t\nexcept ImportError: _t = None"

    assert bool(optional(extension, demo__init=text)) is found


def test_a_package_that_is_itself_compiled_is_what_users_import() -> None:
    texts = {"demo__init": "", "m": "try: import demo as _d\nexcept ImportError: _d = None"}

    assert optional("demo/__init__", **texts) == set()


def test_the_source_that_an_extension_was_compiled_from_does_not_count() -> None:
    assert optional(demo__init=GUARDED, demo___c="from demo import _c") == {"demo/_c"}


def test_each_extension_is_told_by_itself() -> None:
    text = GUARDED + "from . import _d"

    assert optional("demo/_c", "demo/_d", "demo/_e", demo__init=GUARDED) == {"demo/_c"}
    assert optional("demo/_c", "demo/_d", "demo/_e", demo__init=text) == {"demo/_c"}
    assert optional("demo/_c", "demo/x/_c", "x/_c", demo__init=GUARDED) == {"demo/_c"}


def test_an_extension_that_stands_in_for_another_is_needed() -> None:
    text = "try: from ._c import f\nexcept ImportError: from ._d import f"

    assert optional("demo/_c", "demo/_d", demo__init=text) == {"demo/_c"}


@pytest.mark.parametrize(
    ("text", "counts"),
    [("print '_c'", True), ("print 'x_c'", False), ("print '_cc'", False), ("print '_c2'", False)],
)
def test_only_the_whole_word_counts_as_a_mention(text: str, *, counts: bool) -> None:
    assert bool(optional(demo__init=GUARDED, demo__m=text)) is not counts


TORCH = """
if use_global:
    import os as _flags
    if not hasattr(_flags, "RTLD_GLOBAL"):
        try:
            import DLFCN as _flags
        except ImportError:
            import demo._c as _flags
"""
RARELY_ASKED_FOR = {
    "nobody": "",
    "a handler": TORCH,
}
ASKED_FOR = {
    "plainly": "from demo import _c",
    "behind a condition": "if fast:\n    from demo import _c",
    "on some Python": "import sys\nif sys.version_info > (3, 8): from demo import _c",
    "in a function": "def f(): from demo import _c",
    "in a function of a handler": "try: f()\nexcept OSError:\n    def f(): from demo import _c",
    "at run time": "for name in ['_c']: load(name)",
    "plainly, besides": TORCH + "from demo import _c",
    "by what nobody understands": "print '_c'",
}


@pytest.mark.parametrize("text", RARELY_ASKED_FOR.values(), ids=RARELY_ASKED_FOR)
def test_where_nearly_all_loads_an_extension_must_be_asked_for_to_be_needed(text: str) -> None:
    assert optional_among(5, demo__init=text) == {"demo/_c"}
    assert optional_among(4, demo__init=text) == set()
    assert optional_among(5, "_c", demo__init=text) == set()


@pytest.mark.parametrize("text", ASKED_FOR.values(), ids=ASKED_FOR)
def test_even_then_one_that_is_asked_for_is_needed(text: str) -> None:
    assert optional_among(100, demo__init=text) == set()


def test_what_a_handler_answers_to_may_be_the_failure_of_another_extension() -> None:
    text = "try: from ._d import f\nexcept ImportError: from ._c import f"

    assert optional_among(100, "demo/_c", "demo/_d", demo__init=text) == {"demo/_d"}
    assert optional_among(10, "demo/_c", "demo/_e", demo__init="") == {"demo/_c", "demo/_e"}
    assert optional_among(9, "demo/_c", "demo/_e", demo__init="") == set()


def test_of_too_many_extensions_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SEARCHES", 0)

    assert optional_among(100) == set()
