from __future__ import annotations

import pytest

from pip_archguard.model.enabling import Enabling
from pip_archguard.model.event import Unguarded
from pip_archguard.model.result import EnablingShown
from pip_archguard.reports import render
from pip_archguard.reports.enabling_text import enabling_text


@pytest.mark.parametrize(
    ("enabling", "words"),
    [
        (Enabling.ENABLED, "enabled: `pip` and `python -m pip` are guarded"),
        (Enabling.INHERITED, "enabled: `pip` and `python -m pip` are guarded"),
        (Enabling.STALE, "stale: "),
        (Enabling.NOT_ENABLED, "not enabled: "),
    ],
    ids=str,
)
def test_each_state_begins_with_its_word_and_names_the_folder(
    enabling: Enabling, words: str
) -> None:
    text = enabling_text(EnablingShown(enabling=enabling, folder="/env/site\x1b"))

    assert text.startswith(words)
    assert "`/env/site\\x1b`" in text
    assert len(text.splitlines()) == 1


def test_only_below_this_environment_can_its_inherited_guard_be_disabled() -> None:
    text = enabling_text(EnablingShown(enabling=Enabling.INHERITED, folder="/base"))

    assert text.endswith("`/base`; only there can it be disabled")


def test_a_pip_without_a_guard_is_a_warning() -> None:
    text = render(Unguarded(message="pip 99 cannot be guarded", hint="install another"))

    assert text == (
        "warning: unsupported-pip\n"
        "pip 99 cannot be guarded: it runs without a guard\n\n"
        "hint: install another"
    )
