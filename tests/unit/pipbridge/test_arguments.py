"""What an argument of `scan` can be, before pip is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from pip_archguard.errors import UnreadableInputError
from pip_archguard.pipbridge.internals.arguments import wheels_named


@pytest.mark.parametrize("name", ["nofile.txt", "requirements.txt", "no.whl", "sub/nofile.txt"])
def test_a_file_that_is_not_there_is_said_not_to_be(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UnreadableInputError, match=f"there is no file `{name}`"):
        wheels_named(name)


@pytest.mark.parametrize("name", ["numpy", "zope.interface==7.0", "https://a.example/x.txt"])
def test_a_requirement_is_left_to_pip(name: str) -> None:
    assert wheels_named(name) is None


SIGNED = "https://index.example/a-1-py3-none-any.whl?signature=" + "x" * 5000


@pytest.mark.parametrize("argument", [SIGNED, "x" * 300, f"a=={'1' * 300}"], ids=lambda a: a[:9])
def test_what_is_too_long_for_a_file_is_left_to_pip(argument: str) -> None:
    assert wheels_named(argument) is None


def test_a_wheel_of_too_long_a_name_is_not_there() -> None:
    with pytest.raises(UnreadableInputError, match="there is no file"):
        wheels_named(f"{'x' * 300}.whl")
