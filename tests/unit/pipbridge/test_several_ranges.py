"""Several ranges in one request, however the server answers it."""

from __future__ import annotations

import gc
import random
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pip._internal.models.link import Link
from pip._internal.network.session import PipSession

from builders.facts import mac
from builders.macho_bytes import thin
from builders.range_server import RangeServer, serving
from builders.several_ranges import BAD, GOOD, Manner
from builders.wheels import Archive, make_wheel
from pip_archguard.model.binary import Kind
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.internals.fetching import Fetcher
from pip_archguard.pipbridge.internals.looking import Looker
from pip_archguard.pipbridge.internals.several import Several
from pip_archguard.wheels import read_wheel
from pip_archguard.wheels.remote.wheel import MOST_TRIPS

pytestmark = [
    pytest.mark.filterwarnings("ignore:pkg_resources is deprecated"),  # pip's own
    # pip's cache never closes what it keeps of an answer that was not read to its end.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

MIB = 1 << 20
NATIVES = 40
TOLD = (*GOOD, Manner.ALL_AS_ONE)


def noise(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - no secret


@pytest.fixture(scope="module")
def demo() -> Archive:
    """A wheel with many native files that lie far apart."""
    files: dict[str, bytes] = {"demo/libbig.dylib": thin(kind=Kind.DYLIB, body=noise(MIB + 1, 99))}
    for number in range(NATIVES):
        near = number < 12
        body = bytes(5_000) + noise(9_000 if near else 40_000, number)
        files[f"demo/_c{number}.so"] = thin(body=body)
        files[f"demo/{number}.json"] = noise(5_000 if near else 60_000, 1000 + number)
    return make_wheel("demo", "1.0", "cp312-cp312-macosx_11_0_arm64", files)


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with serving() as server:
        yield server


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[Fetcher]:
    folder = tmp_path / "folder"
    folder.mkdir()
    with closing(PipSession(retries=0, trusted_hosts=["127.0.0.1"])) as session:
        yield Fetcher(finder=None, session=session, folder=folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def facts_of(wheel: Archive, folder: Path) -> WheelFacts:
    path = folder / wheel.filename
    path.write_bytes(wheel.content)
    return read_wheel(path)


def looked_at(fetcher: Fetcher, link: Any, times: int = 1) -> Iterator[WheelFacts | Path]:
    """Look at a wheel several times in one run."""
    with closing(Looker(replace(fetcher, stop=Event()))) as looker:
        for number in range(times):
            found = looker.look(link, number, (mac(),))
            yield found if isinstance(found, Path) else found[1]


def look(fetcher: Fetcher, link: Any) -> WheelFacts | Path:
    (found,) = looked_at(fetcher, link)
    return found


def several_asked(server: RangeServer) -> set[str]:
    return {answer.range for answer in server.log if answer.range and "," in answer.range}


@pytest.mark.parametrize("manner", GOOD, ids=lambda manner: manner.name)
def test_many_parts_come_in_few_answers_and_no_byte_twice(
    manner: Manner, server: RangeServer, demo: Archive, fetcher: Fetcher, tmp_path: Path
) -> None:
    server.manner, server.latency = manner, 0.03

    found = look(fetcher, Link(server.add(demo.filename, demo.content)))

    assert not isinstance(found, Path)
    assert [b.path for b in found.binaries] == [b.path for b in facts_of(demo, tmp_path).binaries]
    assert len({(a.range, a.came) for a in server.log}) <= 1 + 10
    assert several_asked(server)
    assert server.trips() <= MOST_TRIPS
    assert server.sent_twice() == 0
    assert server.sent < len(demo.content) / 3


@pytest.mark.parametrize("manner", BAD, ids=lambda manner: manner.name)
def test_what_does_not_come_so_is_asked_for_singly(
    manner: Manner, server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    link = Link(server.add(demo.filename, demo.content))
    expected = look(fetcher, link)
    server.log.clear()
    server.manner = manner

    runs = looked_at(fetcher, link, times=2)
    first, asked = next(runs), len(several_asked(server))
    server.log.clear()
    second = next(runs)

    assert first == second == expected
    assert asked <= 10
    assert not several_asked(server)
    assert len(server.probes) == 2


def test_one_part_around_all_is_more_than_is_taken(
    server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    link = Link(server.add(demo.filename, demo.content))
    expected = look(fetcher, link)
    server.manner = Manner.ALL_AS_ONE

    assert look(fetcher, link) == expected


def test_a_server_that_knows_of_no_parts_is_asked_for_its_headers_once_and_for_none(
    server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    list(looked_at(fetcher, Link(server.add(demo.filename, demo.content)), times=3))

    assert len(server.probes) == 1
    assert not several_asked(server)


def test_of_a_small_wheel_nothing_of_the_kind_is_asked(
    server: RangeServer, fetcher: Fetcher
) -> None:
    files = {"demo/_c.so": thin(body=noise(900_000, 1)), "demo/x.json": noise(900_000, 2)}
    small = make_wheel("demo", "1.0", "cp312-cp312-macosx_11_0_arm64", files)
    server.manner = Manner.ALL

    look(fetcher, Link(server.add(small.filename, small.content)))

    assert server.probes == []


def test_a_cache_that_declines_after_it_has_brought_the_whole_file_is_not_even_probed(
    server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    server.manner, server.served_by = Manner.ALL, "cache-x"

    look(fetcher, Link(server.add(demo.filename, demo.content)))

    assert (server.probes, several_asked(server)) == ([], set())


def test_a_server_that_is_slow_to_answer_the_probe_is_not_waited_for(
    server: RangeServer, demo: Archive, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.manner = Manner.ALL
    looked = Event()
    monkeypatch.setattr("pip_archguard.pipbridge.internals.several._PATIENCE", -10)
    monkeypatch.setattr(Several, "_probe", lambda *_: looked.wait(60))

    looks = looked_at(fetcher, Link(server.add(demo.filename, demo.content)))
    found = next(looks)
    looked.set()
    list(looks)

    assert not isinstance(found, Path)
    assert not several_asked(server)
