"""The tag of a fused wheel, held against what pip's own library makes of it."""

from __future__ import annotations

from itertools import product

import pytest
from packaging.tags import mac_platforms

from pip_archguard.fusing.tags import universal2_tag

VERSIONS = [(10, 9), (10, 12), (10, 15), (11, 0), (12, 0), (13, 0), (14, 0), (15, 0), (26, 0)]


@pytest.mark.parametrize(
    ("arm64", "x86_64", "tag"),
    [
        ((11, 0), (10, 9), "macosx_10_9_universal2"),
        ((11, 0), (10, 12), "macosx_10_12_universal2"),
        ((11, 0), (11, 0), "macosx_11_0_universal2"),
        ((11, 0), (13, 0), "macosx_13_0_universal2"),
        ((14, 0), (10, 9), "macosx_14_0_universal2"),
        ((14, 0), (13, 0), "macosx_14_0_universal2"),
    ],
    ids=str,
)
def test_the_tag_is_as_old_as_both_halves_allow(
    arm64: tuple[int, int], x86_64: tuple[int, int], tag: str
) -> None:
    assert universal2_tag(arm64, x86_64) == tag


@pytest.mark.parametrize("mac", VERSIONS, ids=str)
def test_no_mac_takes_a_fused_wheel_that_would_not_take_its_half(mac: tuple[int, int]) -> None:
    arm64s = [version for version in VERSIONS if version >= (11, 0)]

    for arm64, x86_64 in product(arm64s, VERSIONS):
        tag = universal2_tag(arm64, x86_64)
        on_arm64 = mac >= (11, 0) and tag in set(mac_platforms(mac, "arm64"))
        on_x86_64 = tag in set(mac_platforms(mac, "x86_64"))
        assert not on_arm64 or arm64 <= mac
        assert not on_x86_64 or x86_64 <= mac
        # Where both halves are at home, what they make is.
        if mac >= max(arm64, x86_64):
            assert on_arm64
            assert on_x86_64
