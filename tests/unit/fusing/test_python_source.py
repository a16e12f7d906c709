"""Python files that differ in values, joined."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_archguard.fusing.python_source import join_python


def run(source: bytes, machine: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr("os.uname", lambda: SimpleNamespace(machine=machine))
    found: dict[str, Any] = {}
    exec(source, found)  # noqa: S102 - what was joined a moment ago
    return found


def test_each_machine_gets_its_own_values(monkeypatch: pytest.MonkeyPatch) -> None:
    build = b"# build\nCPU = {'cpu': 'aarch64', 'bits': 64, 'path': r'/a\\b'}\n"
    one = build + b"def f(x=1):\n    return 'a'\n"
    other = one.replace(b"aarch64", b"x86_64").replace(b"r'/a\\b'", b"None").replace(b"x=1", b"x=2")

    joined = join_python(one, other)

    assert joined is not None
    arm64, x86_64 = (run(joined, m, monkeypatch) for m in ("arm64", "x86_64"))
    assert arm64["CPU"] == {"cpu": "aarch64", "bits": 64, "path": "/a\\b"}
    assert x86_64["CPU"] == {"cpu": "x86_64", "bits": 64, "path": None}
    assert (arm64["f"].__defaults__, x86_64["f"].__defaults__) == ((1,), (2,))
    assert joined.startswith(b"# build\n")


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_any_strings_are_told_apart(values: list[tuple[str, str]]) -> None:
    one, other = (
        f"é = [{', '.join(ascii(pair[side]) for pair in values)}]\n".encode() for side in (0, 1)
    )

    joined = join_python(one, other)

    assert joined is not None
    with pytest.MonkeyPatch.context() as patch:
        assert run(joined, "arm64", patch)["é"] == [one for one, _ in values]
        assert run(joined, "x86_64", patch)["é"] == [other for _, other in values]


def test_strings_over_several_lines_and_comments_are_no_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = b"x = ('a'  # first\r\n     'b')\r\n"
    other = b"# another\nx = 'c' \\\n  'd'\n"

    joined = join_python(one, other)

    assert joined is not None
    assert run(joined, "arm64", monkeypatch)["x"] == "ab"
    assert run(joined, "x86_64", monkeypatch)["x"] == "cd"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"x = 1\n", b"y = 1\n"),
        (b"x = 1\n", b"x = 1\ny = 2\n"),
        (b"import a\n", b"import b\n"),
        (b"x = [1]\n", b"x = [1, 2]\n"),
        (b"x = 1\n", b"x = [1]\n"),
        (b'"""Doc."""\n', b'"""Other."""\n'),
        (b'def f():\n    "a"\n', b'def f():\n    "b"\n'),
        (b"x = f'a{y}'\n", b"x = f'b{y}'\n"),
        (b"match x:\n  case 1: pass\n", b"match x:\n  case 2: pass\n"),
        (b"match x:\n  case {1: y}: pass\n", b"match x:\n  case {2: y}: pass\n"),
        (b"x = (\n", b"x = 1\n"),
        (b"x = '\0'\n", b"x = 1\n"),
        (b"# coding: latin-1\nx = '\xe9'\n", b"# coding: latin-1\nx = '\xe8'\n"),
        (b"\xef\xbb\xbfx = 1\n", b"\xef\xbb\xbfx = 2\n"),
        (b"x = '\xff'\n", b"x = 1\n"),
        (b"x = 1" + b" " * (1 << 20), b"x = 2\n"),
        (b"x = " + b"(" * 60_000, b"x = 1\n"),
    ],
    ids=[
        *("name", "statement", "import", "length", "kind", "docstring", "function", "f-string"),
        *("case", "mapping", "broken", "null", "coding", "mark", "encoding", "long", "nested"),
    ],
)
def test_what_differs_in_more_than_values_is_not_joined(one: bytes, other: bytes) -> None:
    assert join_python(one, other) is None
    assert join_python(other, one) is None
