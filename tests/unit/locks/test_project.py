"""What a `pyproject.toml` declares, and what it must not."""

from __future__ import annotations

import pytest

from pip_archguard.errors import UnreadableInputError
from pip_archguard.locks.fields import Table
from pip_archguard.locks.project import core_metadata, requirements_of
from pip_archguard.pipbridge.internals.toml import parse_toml

APP = """
[project]
name = "My.App"
version = "1.2"
requires-python = ">=3.9"
dependencies = ["one>=1 ; sys_platform == 'darwin'", "two[x]", "three @ https://index.example/t.whl"]
[project.optional-dependencies]
Fast_Path = ["four ; python_version < '4'"]
all = ["my-app[fast-path]", "five"]
loop = ["my-app[loop]", "six"]
[dependency-groups]
test = ["seven", {include-group = "Lint"}]
lint = ["eight"]
again = [{include-group = "lint"}, {include-group = "lint"}]
round = [{include-group = "about"}]
about = [{include-group = "round"}]
odd = [{include = "lint"}]
"""


def document(text: str = APP) -> Table:
    return parse_toml(text.encode(), "pyproject.toml")


def test_requirements_are_taken_with_their_markers() -> None:
    one, two, three = requirements_of(document())

    assert one.startswith("one>=1")
    assert 'sys_platform == "darwin"' in one
    assert two == "two[x]"
    assert three.startswith("three") and "index.example" in three  # noqa: PT018


@pytest.mark.parametrize(
    ("extras", "groups", "more"),
    [
        (("fast-path",), (), {"four"}),
        (("all",), (), {"four", "five"}),
        (("loop",), (), {"six"}),
        ((), ("test",), {"seven", "eight"}),
        ((), ("again",), {"eight"}),
    ],
    ids=["extra", "extra-of-itself", "extra-in-a-circle", "group", "group-twice"],
)
def test_extras_and_groups_are_added(
    extras: tuple[str, ...], groups: tuple[str, ...], more: set[str]
) -> None:
    plain = requirements_of(document())

    found = requirements_of(document(), extras=extras, groups=groups)

    assert set(plain) <= set(found)
    assert {each.partition(";")[0].strip() for each in set(found) - set(plain)} == more


def test_groups_alone_are_enough() -> None:
    text = '[dependency-groups]\ndev = ["one"]\n'

    assert requirements_of(document(text), groups=("dev",)) == ("one",)


@pytest.mark.parametrize(
    ("text", "extras", "groups", "why"),
    [
        ("", (), (), "`project` is missing"),
        ("[project]\ndependencies = 'one'", (), (), "`project.dependencies` is no list"),
        ("[project]\ndependencies = [1]", (), (), "is no list of strings"),
        ("[project]\ndependencies = ['one two']", (), (), "`one two`, which is no requirement"),
        (f"[project]\ndependencies = ['a; {'(' * 3000}']", (), (), "holds `a; ((("),
        ("[project]\ndynamic = ['dependencies']", (), (), "is dynamic"),
        ("project = 1", (), (), "`project` is no table"),
        (APP, ("none",), (), "`project.optional-dependencies.none` is missing"),
        (APP, (), ("none",), "`dependency-groups.none` is missing"),
        (APP, (), ("round",), "includes itself"),
        (APP, (), ("odd",), "neither a requirement nor a group"),
    ],
)
def test_what_is_wrong_is_an_error_with_file_and_key(
    text: str, extras: tuple[str, ...], groups: tuple[str, ...], why: str
) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        requirements_of(document(text), extras=extras, groups=groups)

    assert str(caught.value).startswith("`pyproject.toml` cannot be read: ")
    assert why in str(caught.value)


def test_metadata_is_made_of_what_is_static() -> None:
    content = core_metadata(document())

    assert content is not None
    lines = content.decode().splitlines()
    assert lines[:4] == [
        *("Metadata-Version: 2.1", "Name: My.App"),
        *("Version: 1.2", "Requires-Python: >=3.9"),
    ]
    assert "Provides-Extra: fast-path" in lines
    (four,) = (line for line in lines if "four" in line)
    assert four.startswith("Requires-Dist: four ; (python_version < ")
    assert four.endswith(') and extra == "fast-path"')


def test_a_version_that_is_not_static_is_that_of_the_file() -> None:
    text = '[project]\nname = "app"\ndynamic = ["version"]\n'

    assert b"\nVersion: 3.1\n" in (core_metadata(document(text), "3.1") or b"")
    assert b"\nVersion: 0\n" in (core_metadata(document(text)) or b"")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nversion = '1'",
        "[project]\nname = 'a'\ndynamic = ['dependencies']",
        "[project]\nname = 'a'\ndynamic = ['optional-dependencies']",
    ],
    ids=["empty", "nameless", "dynamic", "dynamic-extras"],
)
def test_what_only_a_build_would_tell_is_not_made_up(text: str) -> None:
    assert core_metadata(document(text)) is None


def test_a_line_break_makes_no_field_of_its_own() -> None:
    text = '[project]\nname = "a\\nRequires-Dist: evil"\n'

    with pytest.raises(UnreadableInputError, match="line break"):
        core_metadata(document(text))


@pytest.mark.parametrize("content", [b"a = ", b"\xff", b"a = 1\na = 2", b"[" * 100_000])
def test_what_is_no_toml_is_an_error_that_names_the_file(content: bytes) -> None:
    with pytest.raises(UnreadableInputError, match=r"`pyproject\.toml` cannot be read as TOML"):
        parse_toml(content, "pyproject.toml")
