from __future__ import annotations

import pytest

from pip_archguard.errors import UnreadableWheelError
from pip_archguard.wheels import parse_wheel_name

DIGITS = "9" * 5000
"""More than `int` takes of a text."""


@pytest.mark.parametrize(
    ("filename", "project", "release", "platforms"),
    [
        ("Ab.C_d-1.0-py3-none-any.whl", "ab-c-d", "1.0", {"any"}),
        ("a-1.0.0rc4-1-cp311-cp311-macosx_11_0_arm64.whl", "a", "1.0.0rc4", {"macosx_11_0_arm64"}),
        ("a-01.0-py3-none-any.whl", "a", "1.0", {"any"}),
        ("a-1.0_local-py3-none-any.whl", "a", "1.0-local", {"any"}),
        ("a-odd!-py3-none-any.whl", "a", "odd!", {"any"}),
        pytest.param(
            f"a-{DIGITS}.dev-py3-none-any.whl", "a", f"{DIGITS}.dev", {"any"}, id="digits"
        ),
        (
            "m-1-py3-none-macosx_10_12_x86_64.macosx_11_0_arm64.macosx_10_12_universal2.whl",
            "m",
            "1",
            {"macosx_10_12_x86_64", "macosx_11_0_arm64", "macosx_10_12_universal2"},
        ),
    ],
)
def test_a_file_name_is_split(
    filename: str, project: str, release: str, platforms: set[str]
) -> None:
    name = parse_wheel_name(filename)

    assert (name.project, name.release) == (project, release)
    assert name.platforms == platforms


@pytest.mark.parametrize(
    "filename", ["a-1.0.tar.gz", "a-1.0.whl", "a-1-2-3-4-5-6.whl", "", ".whl"], ids=repr
)
def test_any_other_name_is_refused(filename: str) -> None:
    with pytest.raises(UnreadableWheelError, match="not the file name of a wheel"):
        parse_wheel_name(filename)


def test_the_tags_for_pythons_and_abis_keep_their_order() -> None:
    name = parse_wheel_name("a-1-7-cp310.cp39-abi3.none-any.whl")

    assert name.pythons == ("cp310", "cp39")
    assert name.abis == ("abi3", "none")
