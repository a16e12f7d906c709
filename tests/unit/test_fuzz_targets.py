"""What is fuzzed keeps its promises for the seeds and for the inputs that are kept."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from fuzz.kept import CORPUS, kept_inputs
from fuzz.taken import Taken, choices, counted, worded
from fuzz.targets import TARGETS

_SECONDS = 2.0
"""CPU time that no input of a few KB may take; the slowest one takes a tenth."""


def _cases() -> Iterator[object]:
    for target in TARGETS.values():
        reason = f"{target.needs or target.tool} is not installed"
        skip = pytest.mark.skipif(not target.can_run, reason=reason)
        yield pytest.param(target.name, id=target.name, marks=skip)


@pytest.mark.parametrize("name", list(_cases()))
def test_the_promise_of_a_target_holds_for_what_is_kept(name: str) -> None:
    target = TARGETS[name]
    inputs = [*target.seeds(), *(path.read_bytes() for path in kept_inputs(target)), b""]

    for content in inputs:
        begun = time.process_time()
        target.check(content)
        assert time.process_time() - begun < _SECONDS


def test_what_is_kept_is_small_and_of_a_target() -> None:
    folders = [path for path in CORPUS.iterdir() if path.is_dir()]

    assert {folder.name for folder in folders} <= set(TARGETS)
    assert sum(file.stat().st_size for folder in folders for file in folder.iterdir()) < 400_000


def test_choices_are_taken_in_their_order_and_are_zero_at_the_end() -> None:
    taken = Taken(choices(3, 1) + counted(b"abc") + worded("\u00e9") + b"\x02\x01")

    assert (taken.below(2), taken.flag()) == (1, True)
    assert (taken.some(), taken.word()) == (b"abc", "\u00e9")
    assert (taken.number(2), taken.left) == (0x102, 0)
    assert (taken.number(8), taken.pick("ab"), taken.rest()) == (0, "a", b"")
