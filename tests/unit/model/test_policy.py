from __future__ import annotations

import pytest

from pip_archguard.model.policy import Mode, Policy


@pytest.mark.parametrize(
    ("policy", "looked_at"),
    [
        (Policy(), True),
        (Policy(ignored=frozenset({"other"})), True),
        (Policy(ignored=frozenset({"demo"})), False),
        (Policy(mode=Mode.OFF), False),
    ],
    ids=["default", "another ignored", "ignored", "off"],
)
def test_what_is_ignored_or_switched_off_is_not_looked_at(
    policy: Policy, *, looked_at: bool
) -> None:
    assert policy.looks_at("demo") is looked_at
