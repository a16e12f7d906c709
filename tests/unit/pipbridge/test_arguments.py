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
