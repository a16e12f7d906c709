"""Sources that are broken, for another Python, or made to hurt."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pip_archguard.sources import bounds, optional_modules

GUARDED = b"try:\n    from . import _c\nexcept ImportError:\n    _c = None\n"


def optional(text: bytes, init: bytes = GUARDED) -> frozenset[str]:
    return optional_modules({"demo/__init__.py": init, "demo/m.py": text}, ["demo/_c"])


UNPARSEABLE = {
    "Python 2": b"print '%s'",
    "null": b"\0%s",
    "not UTF-8": b"x = '\xff'\n%s",
    "no such encoding": b"# coding: nonsense\n%s",
    "parentheses": b"(" * 100_000 + b"%s",
    "signs": b"-" * 100_000 + b"%s",
    "attributes": b"a" + b".b" * 400_000 + b"\n%s",
    "sums": b"1" + b"+1" * 20_000 + b"\n%s",
    "branches": b"if a: pass\n" + b"elif b: pass\n" * 20_000 + b"%s",
    "long": b"#" * (1 << 20) + b"\n%s",
}


@pytest.mark.parametrize("text", UNPARSEABLE.values(), ids=UNPARSEABLE)
def test_source_that_cannot_be_parsed_counts_only_if_it_mentions_the_extension(
    text: bytes,
) -> None:
    assert optional(text.replace(b"%s", b"x")) == {"demo/_c"}

    if text != UNPARSEABLE["sums"] or sys.version_info >= (3, 11):
        assert optional(text.replace(b"%s", b"_c")) == set()


def test_what_the_compiler_warns_of_is_not_heard() -> None:
    assert optional(b"x = '\\d'; _c = 1 is 1; assert (1, 2)") == {"demo/_c"}


@pytest.mark.parametrize(
    "bound", ["PARSED", "PARSED_LENGTH", "PIECES", "PIECES_AT_ONCE", "SEARCHES", "STEPS"]
)
def test_no_more_is_done_than_the_bounds_allow(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(bounds, bound, 0)

    assert optional(b"") == set()


_WORDS = [
    *("try:", "except ImportError:", "except:", "else:", "finally:", "with suppress(ImportError):"),
    *("import", "from", ".", "..", "_c", "demo", "demo._c", "*", "as", "x", ",", "(", ")", "\n"),
    *("\n    ", "\n        ", "def f():", "class A:", "if x:", "raise", "pass", "return", "="),
    *("import_module(", "__import__(", "'._c'", "__name__", "lambda:", "None", "del", "f'{x}'"),
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(_WORDS)).map(" ".join), st.text()), st.booleans())
@example("try:\n  import demo._c\nexcept* ImportError:\n  pass", False)  # noqa: FBT003
@example("import_module(*x, **y); __import__(); import_module()#_c", False)  # noqa: FBT003
def test_no_source_makes_it_fail(text: str, crowded: bool) -> None:  # noqa: FBT001
    init = text.encode(errors="surrogatepass") + b"\n#_c"

    found = optional(GUARDED if crowded else b"", init)

    assert found <= {"demo/_c"}


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(), st.binary()), st.lists(st.text()))
def test_no_path_makes_it_fail(sources: dict[str, bytes], extensions: list[str]) -> None:
    sources |= {f"{path}.py": text for path, text in sources.items()}

    assert optional_modules(sources, extensions) <= set(extensions)
