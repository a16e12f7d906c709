"""What of an address says which file is meant."""

from __future__ import annotations

import pytest

from pip_archguard.wheels.remote.addresses import lasting

FILE = "https://files.example/a/demo-1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (FILE, FILE),
        (f"{FILE}?X-Amz-Date=1&X-Amz-Signature=abc&X-Amz-Expires=60", FILE),
        (f"{FILE}?Expires=1&Signature=x&Key-Pair-Id=K", FILE),
        (f"{FILE}?sv=2024&sr=b&se=1&sp=r&sig=x%3D", FILE),
        (f"{FILE}?X-Goog-Signature=1&versionId=7", f"{FILE}?versionId=7"),
        (f"{FILE}?id=7&Expires=1", f"{FILE}?id=7&Expires=1"),
        (
            f"{FILE}?url=https://other.example/x.whl&sig=1",
            f"{FILE}?url=https://other.example/x.whl",
        ),
    ],
)
def test_an_address_lasts_without_its_signature(url: str, found: str) -> None:
    assert lasting(url) == found
