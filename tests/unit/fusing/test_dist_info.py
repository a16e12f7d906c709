"""What `.dist-info` of two wheels is compared by, and what is written anew."""

from __future__ import annotations

import pytest

from pip_archguard.errors import UnfusableError
from pip_archguard.fusing.dist_info import differing_fields, wheel_file

METADATA = b"Metadata-Version: 2.1\nName: demo\nVersion: 1\nRequires-Dist: a\nRequires-Dist: b\n"
WHEEL = b"Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: false\nTag: py3-none-any\n"


@pytest.mark.parametrize(
    "other",
    [
        METADATA,
        METADATA.replace(b"\n", b"\r\n"),
        METADATA.replace(b"Dist: a\nRequires-Dist: b", b"Dist: b\nRequires-Dist: a"),
        METADATA + b"\n",
    ],
    ids=["equal", "line ends", "order", "end"],
)
def test_metadata_that_says_the_same_does_not_differ(other: bytes) -> None:
    assert differing_fields(METADATA, other) == ()


def test_fields_that_decide_nothing_are_named() -> None:
    other = METADATA + b"License-File: L\n\nText of another kind\n"

    assert differing_fields(METADATA, other) == ("description", "license-file")


@pytest.mark.parametrize(
    "line", ["Requires-Dist: c", "Requires-Python: >=3", "Provides-Extra: x", "Version: 2"]
)
def test_fields_by_which_pip_decides_must_not_differ(line: str) -> None:
    field = line.partition(":")[0].lower()

    with pytest.raises(UnfusableError, match=f"`{field}`"):
        differing_fields(METADATA, METADATA + line.encode() + b"\n")


def test_the_build_number_stays() -> None:
    found = wheel_file(WHEEL + b"Build: 1\n", WHEEL + b"Build: 1\n", tags=["a-b-c"])

    assert found.decode().splitlines()[2:] == ["Root-Is-Purelib: false", "Tag: a-b-c", "Build: 1"]


def test_what_is_pure_in_one_only_is_not_pure() -> None:
    pure = WHEEL.replace(b"false", b"TRUE")

    assert b"Root-Is-Purelib: false" in wheel_file(WHEEL, pure, tags=[])
    assert b"Root-Is-Purelib: true" in wheel_file(pure, pure, tags=[])


def test_different_versions_of_the_format_are_refused() -> None:
    with pytest.raises(UnfusableError, match="different versions of the wheel format"):
        wheel_file(WHEEL, WHEEL.replace(b"1.0", b"1.1"), tags=[])
