"""What a command is asked to look at: files, folders, or something for pip."""

from __future__ import annotations

import pytest

from pip_archguard.errors import UnreadableInputError
from pip_archguard.pipbridge.internals.arguments import wheels_named

SIGNED = "https://index.example/a-1-py3-none-any.whl?signature=" + "x" * 5000


@pytest.mark.parametrize("argument", [SIGNED, "x" * 300, f"a=={'1' * 300}"], ids=lambda a: a[:9])
def test_what_is_too_long_for_a_file_is_left_to_pip(argument: str) -> None:
    assert wheels_named(argument) is None


def test_a_wheel_of_too_long_a_name_is_not_there() -> None:
    with pytest.raises(UnreadableInputError, match="there is no file"):
        wheels_named(f"{'x' * 300}.whl")
