"""Wheels on a server, looked at by pip's own session, however the server behaves."""

from __future__ import annotations

import gc
import random
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pip._internal.exceptions import HashMismatch
from pip._internal.models.link import Link
from pip._internal.network.session import PipSession

from builders.facts import mac
from builders.macho_bytes import fat, thin
from builders.moods import Mood
from builders.range_server import RangeServer, serving
from builders.wheels import Archive, make_wheel
from pip_archguard.errors import CostsTooMuchError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.internals.fetching import FAILURES, Fetcher
from pip_archguard.pipbridge.internals.looking import Looker
from pip_archguard.wheels import FactsCache, judge_wheel, read_wheel
from pip_archguard.wheels.remote.wheel import MOST_TRIPS

pytestmark = [
    pytest.mark.filterwarnings("ignore:pkg_resources is deprecated"),  # pip's own
    # pip's cache never closes what it keeps of an answer that was not read to its end.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

TAG = "cp312-cp312-macosx_11_0_universal2"
MIB = 1 << 20
MISBEHAVING = tuple(mood for mood in Mood if mood not in (Mood.HONEST, Mood.DROPS_LATER))


def noise(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - no secret


@pytest.fixture(scope="module")
def demo() -> Archive:
    """A wheel of which all kinds of parts are read, in three trips, and most is not."""
    files = {
        **{f"demo/{n}.json": noise(400_000, n) for n in range(4)},
        "demo/_a.so": thin(),
        "demo/libbig.dylib": thin(kind=Kind.DYLIB, body=noise(2 * MIB, 7)),
        "demo/_fat.so": fat([thin(Arch.X86_64, body=bytes(2 * MIB)), thin()]),
    }
    return make_wheel("demo", "1.0", TAG, files)


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with serving() as server:
        yield server


@pytest.fixture
def session(tmp_path: Path) -> Iterator[PipSession]:
    """pip's session, with its cache."""
    # Of a host that is trusted, pip caches what comes over HTTP, too.
    trusted = ["127.0.0.1"]
    cache = str(tmp_path / "cache")
    with closing(PipSession(cache=cache, retries=0, trusted_hosts=trusted)) as session:
        yield session
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        del session
        gc.collect()


@pytest.fixture
def fetcher(session: PipSession, tmp_path: Path) -> Fetcher:
    folder = tmp_path / "folder"
    folder.mkdir()
    return Fetcher(finder=None, session=session, folder=folder)


def link_to(server: RangeServer, wheel: Archive, *, hashed: bool = True) -> Any:
    url = server.add(wheel.filename, wheel.content)
    return Link(f"{url}#sha256={wheel.sha256}" if hashed else url)


def look(fetcher: Fetcher, link: Any) -> WheelFacts | Path:
    """Return the facts of a part, or the whole file."""
    with closing(Looker(fetcher)) as looker:
        found = looker.look(link, 0)
    return found if isinstance(found, Path) else found[1]


def facts_of(wheel: Archive, folder: Path) -> WheelFacts:
    path = folder / wheel.filename
    path.write_bytes(wheel.content)
    return read_wheel(path)


@pytest.mark.parametrize("validators", [True, False], ids=["validators", "none"])
def test_a_part_is_read_and_no_byte_twice(
    *,
    validators: bool,
    server: RangeServer,
    demo: Archive,
    fetcher: Fetcher,
    tmp_path: Path,
) -> None:
    server.validators = validators

    found = look(fetcher, link_to(server, demo))

    assert found == facts_of(demo, tmp_path)
    assert server.trips() <= MOST_TRIPS
    assert server.sent_twice() == 0
    assert server.sent < len(demo.content) / 10


@pytest.mark.parametrize("hashed", [True, False], ids=["hash", "no hash"])
@pytest.mark.parametrize("mood", MISBEHAVING, ids=lambda mood: mood.name)
def test_a_server_that_misbehaves_is_asked_for_the_whole_file(
    mood: Mood,
    *,
    hashed: bool,
    server: RangeServer,
    demo: Archive,
    fetcher: Fetcher,
) -> None:
    server.mood = mood

    found = look(fetcher, link_to(server, demo, hashed=hashed))

    assert isinstance(found, Path)
    whole = (demo.content, demo.content[:-1] + b"!!")
    changed = mood is Mood.CHANGES_AT_ONCE and not hashed
    assert found.read_bytes() == whole[changed]


def test_the_whole_file_is_taken_where_it_comes(
    server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    server.mood = Mood.IGNORES

    found = look(fetcher, link_to(server, demo))

    assert isinstance(found, Path)
    assert server.sent == len(demo.content)


@pytest.mark.parametrize("mood", [Mood.HONEST, Mood.IGNORES, Mood.CANNOT], ids=lambda m: m.name)
def test_no_more_is_fetched_than_is_allowed(
    mood: Mood, server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    server.mood = mood

    with closing(Looker(fetcher)) as looker, pytest.raises(CostsTooMuchError):
        looker.look(link_to(server, demo), 0, most=100_000)

    assert all(answer.range for answer in server.log)


def test_a_connection_that_breaks_on_the_way_leads_to_a_download(
    server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    server.mood = Mood.DROPS_LATER

    found = look(fetcher, link_to(server, demo))

    assert isinstance(found, Path)
    assert found.read_bytes() == demo.content


def test_a_redirect_is_followed_once(
    server: RangeServer, demo: Archive, fetcher: Fetcher, tmp_path: Path
) -> None:
    link_to(server, demo)

    found = look(fetcher, Link(f"{server.url}/moved/{demo.filename}"))

    assert found == facts_of(demo, tmp_path)
    assert [a.path.split("/")[1] for a in server.log].count("moved") == 1


def test_what_pips_cache_has_is_not_asked_for(
    server: RangeServer, demo: Archive, fetcher: Fetcher, session: PipSession, tmp_path: Path
) -> None:
    link = link_to(server, demo)
    server.max_age = 600
    kept = Fetcher(finder=None, session=session, folder=tmp_path).download(link, 1)
    server.log.clear()

    found = look(fetcher, link)

    assert isinstance(found, Path)
    assert found.read_bytes() == kept.read_bytes()
    assert server.log == []


def test_a_file_url_is_read_where_it_lies(demo: Archive, fetcher: Fetcher, tmp_path: Path) -> None:
    path = tmp_path / demo.filename
    path.write_bytes(demo.content)

    assert look(fetcher, Link(path.as_uri())) == path


def test_what_is_not_there_is_an_error(server: RangeServer, fetcher: Fetcher) -> None:
    with pytest.raises(FAILURES, match="404"):
        look(fetcher, Link(f"{server.url}/files/none-1.0-py3-none-any.whl"))


def test_several_wheels_are_looked_at_together(
    server: RangeServer, demo: Archive, fetcher: Fetcher, tmp_path: Path
) -> None:
    server.latency = 0.05
    names = [demo.filename.replace("demo", f"demo{n}") for n in range(8)]
    links = [Link(server.add(name, demo.content)) for name in names]

    with closing(Looker(fetcher)) as looker, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(looker.look, links, range(8)))

    expected = facts_of(demo, tmp_path)
    assert all(not isinstance(each, Path) for each in found)
    assert [e[1].binaries for e in found if not isinstance(e, Path)] == [expected.binaries] * 8
    assert server.sent_twice() == 0
    assert server.trips() <= 2 * MOST_TRIPS + 1


def test_facts_that_are_kept_take_no_request(
    server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    kept: dict[str, WheelFacts] = {}

    class Store:
        def get(self, sha256: str, filename: str) -> WheelFacts | None:
            assert filename == demo.filename
            return kept.get(sha256)

        def put(self, sha256: str, facts: WheelFacts) -> None:
            kept[sha256] = facts

    link = link_to(server, demo)
    with closing(Looker(fetcher, Store())) as looker:
        first = looker.look(link, 0)
        server.log.clear()
        second = looker.look(link, 1)

    assert not isinstance(first, Path)
    assert not isinstance(second, Path)
    assert second[1] == first[1]
    assert server.log == []


def test_the_real_cache_serves_the_threads_of_a_run_and_the_next_run(
    server: RangeServer, demo: Archive, fetcher: Fetcher, tmp_path: Path
) -> None:
    names = [demo.filename.replace("demo", f"demo{n}") for n in range(8)]
    links = [Link(f"{server.add(name, demo.content)}#sha256={demo.sha256}") for name in names]

    def looked_at() -> list[WheelFacts]:
        known = FactsCache(tmp_path / "facts")
        with closing(Looker(fetcher, known)) as looker, ThreadPoolExecutor(4) as pool:
            found = list(pool.map(looker.look, links, range(8)))
        return [each[1] for each in found if not isinstance(each, Path)]

    first = looked_at()
    server.log.clear()
    second = looked_at()

    assert [facts.filename for facts in first] == names
    assert second == first
    assert server.log == []


def test_a_cache_that_cannot_be_written_costs_nothing_but_the_next_run(
    server: RangeServer, demo: Archive, fetcher: Fetcher, tmp_path: Path
) -> None:
    (tmp_path / "facts").write_text("no folder")

    with closing(Looker(fetcher, FactsCache(tmp_path / "facts"))) as looker:
        found = looker.look(link_to(server, demo), 0)

    assert not isinstance(found, Path)


@pytest.mark.parametrize("mood", [Mood.HONEST, Mood.IGNORES, Mood.FORBIDS], ids=lambda m: m.name)
def test_a_whole_file_with_another_hash_is_turned_down(
    mood: Mood, server: RangeServer, fetcher: Fetcher
) -> None:
    small = make_wheel("demo", "1.0", TAG, {"demo/_a.so": thin()})
    server.mood = mood
    link = Link(f"{server.add(small.filename, small.content)}#sha256={'0' * 64}")

    with pytest.raises(HashMismatch):
        look(fetcher, link)


def test_a_wheel_that_was_looked_at_keeps_no_file_open(
    server: RangeServer, demo: Archive, fetcher: Fetcher
) -> None:
    link = link_to(server, demo)
    with closing(Looker(fetcher)) as looker:
        looker.look(link, 0)
        before = len(list(Path("/dev/fd").iterdir()))
        found = [looker.look(link, number) for number in range(1, 20)]
        after = len(list(Path("/dev/fd").iterdir()))
        wheel = found[0][0] if not isinstance(found[0], Path) else None
        assert wheel is not None
        with wheel.open("rb") as stream:
            head = stream.read(4)

    assert after == before
    assert head == demo.content[:4]


def test_of_a_known_wheel_not_even_the_source_is_read_again(
    server: RangeServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    source = b"try:\n    from demo import _c\nexcept ImportError:\n    pass\n"
    files = {
        "demo/__init__.py": source,
        "demo/_c.so": thin(Arch.X86_64, body=noise(300_000, 9)),
        **{f"demo/{n}.json": noise(400_000, n) for n in range(4)},
    }
    link = link_to(server, make_wheel("demo", "1.0", TAG, files))
    found: list[Verdict] = []
    asked: list[int] = []
    for _ in range(3):
        server.log.clear()
        known, run = FactsCache(tmp_path / "facts"), replace(fetcher, stop=Event())
        with closing(Looker(run, known)) as looker:
            there = looker.look(link, 0, (mac(),))
            assert not isinstance(there, Path)
            found.append(judge_wheel(*there, (mac(),)).verdict)
        asked.append(len(server.log))

    assert found == [Verdict.WARNING] * 3
    assert asked[0] > 0
    assert asked[1:] == [0, 0]
