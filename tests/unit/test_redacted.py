"""No message shows a password or token that is in an address."""

from __future__ import annotations

import pytest

from pip_archguard.errors import ArchGuardError, redacted

CASES = {
    "https://user:hunter2@x/simple": "https://user:****@x/simple",
    "https://hunter2@x/simple": "https://****@x/simple",
    "https://user:hun@ter2@x/simple": "https://user:****@x/simple",
    "git+https://user:hunter2@x/r.git": "git+https://user:****@x/r.git",
    "demo @ https://u:hunter2@x/demo.whl": "demo @ https://u:****@x/demo.whl",
    "-e git+ssh://git@x/r.git": "-e git+ssh://git@x/r.git",
    "`https://u:hunter2@x` and `https://hunter2@y`": "`https://u:****@x` and `https://****@y`",
    "https://x/a.whl?X-Amz-Signature=hunter2&b=1": "https://x/a.whl?X-Amz-Signature=****&b=1",
    "https://x/a.whl?a=1&private_token=hunter2#c": "https://x/a.whl?a=1&private_token=****#c",
    "https://x/a.whl#sha256=ab": "https://x/a.whl#sha256=ab",
    "file:///home/me@work/a.whl": "file:///home/me@work/a.whl",
    "demo@1.0 of user:name@host": "demo@1.0 of user:name@host",
}


@pytest.mark.parametrize("text", CASES)
def test_a_secret_in_an_address_is_hidden_and_nothing_else(text: str) -> None:
    assert redacted(text) == CASES[text]
    assert "hunter2" not in CASES[text]


@pytest.mark.parametrize("text", CASES)
def test_no_error_of_ours_shows_one(text: str) -> None:
    error = ArchGuardError(f"`{text}` is bad", hint=f"see {text}")

    assert "hunter2" not in f"{error}{error.hint}"
