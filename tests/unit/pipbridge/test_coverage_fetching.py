"""Wheels that targets take are looked at several at a time, and told in their order."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builders.index import Index, open_index
from builders.matrix_index import module
from builders.packages import ARM64, native, wheel_name
from pip_archguard.hosts.matrix import places_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.covering import Taken
from pip_archguard.pipbridge.internals.coverage import CoverageCommand
from pip_archguard.pipbridge.internals.coverage_fetching import WheelReader
from pip_archguard.pipbridge.internals.looking import WHEELS_AT_ONCE, Looker
from pip_archguard.wheels import Reading

# What older pips import and call is deprecated, and a warning is an error here.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
TARGETS = places_of(["macos-arm64"], ["3.12"])[0].column.targets
SECONDS = 20


@pytest.fixture
def index() -> Iterator[Index]:
    with open_index() as index:
        yield index


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WheelReader]:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    command: Any = CoverageCommand("coverage", "")
    options, _ = command.parse_args(["--no-cache-dir", "--retries", "0", "demo"])
    folder = tmp_path / "fetched"
    folder.mkdir()
    with command.main_context(), closing(WheelReader(command, options, folder)) as reader:
        yield reader


def taken(index: Index, name: str) -> Taken:
    filename = wheel_name(name, "1.0", ARM64)
    return Taken(project=name, release="1.0", filename=filename, url=index.file_url(filename))


def test_one_that_cannot_be_had_leaves_the_others_and_their_order(
    index: Index, reader: WheelReader
) -> None:
    names = [f"demo{number}" for number in range(7)]
    for name in names:
        index.add_wheel(name, "1.0", ARM64, native(name, module(Arch.ARM64)))
    index.remove(wheel_name("demo2", "1.0", ARM64))

    found = list(reader.facts_of([(taken(index, name), TARGETS) for name in names]))

    told = [each.facts.project if isinstance(each, Reading) else each for each in found]
    assert "cannot be had" in str(told.pop(2))
    assert told == [name for name in names if name != "demo2"]


def test_several_are_on_their_way_at_once(
    index: Index, reader: WheelReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(WHEELS_AT_ONCE)
    look = Looker.look

    def look_together(*args: Any) -> Any:
        together.wait(SECONDS)
        return look(*args)

    monkeypatch.setattr(Looker, "look", look_together)
    names = [f"demo{number}" for number in range(WHEELS_AT_ONCE)]
    for name in names:
        index.add_wheel(name, "1.0", ARM64, native(name, module(Arch.ARM64)))

    found = list(reader.facts_of([(taken(index, name), TARGETS) for name in names]))

    assert all(isinstance(each, Reading) for each in found)


def test_no_thread_outlives_the_reader(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    begun: list[str] = []
    look = Looker.look

    def look_slowly(self: Looker, link: Any, *args: Any) -> Any:
        begun.append(link.filename)
        time.sleep(0.2)
        return look(self, link, *args)

    monkeypatch.setattr(Looker, "look", look_slowly)
    command: Any = CoverageCommand("coverage", "")
    options, _ = command.parse_args(["--no-cache-dir", "--retries", "0", "demo"])
    wanted = [(taken(index, f"demo{number}"), TARGETS) for number in range(20)]
    with command.main_context(), closing(WheelReader(command, options, tmp_path)) as reader:
        next(reader.facts_of(wanted))  # and then the user has enough

    ours = [each.name for each in threading.enumerate() if each.name.startswith("archguard-")]
    assert ours == []
    assert len(begun) < len(wanted)


def test_nothing_is_made_for_no_wheels(reader: WheelReader) -> None:
    assert list(reader.facts_of([])) == []
    assert "_looker" not in vars(reader)
