"""What judging a wheel on a server costs, beside downloading it: bytes, requests and time.

    python benchmarks/remote.py [--rounds N] [--simulate] [REQUIREMENT ...]

Real wheels for Python 3.12 on an Apple silicon Mac, from the index that pip is configured
for; those of WHEELS if none is named. Each is looked at by byte ranges and then downloaded
whole, and both end with a verdict. Printed are medians of all rounds; the download is done
but once. A download that pip's cache would have spared is none: nothing is cached.

With `--simulate` the wheels that were downloaded are served twice more, by a server on this
machine that waits 50 ms before each answer and sends 12.5 MB a second in all. It stands for
a common connection; where a network is near and fast, requests weigh more than bytes. First
it sends one range at a time, as most indexes do, and then several, as nginx and Apache do.

The time of a look counts for thin wheels over 20 MB, which is said in the last column. What
no reader could beat there is one trip for each that has to wait for another, and the floor.

The floor of a wheel is what no reader can do without that comes to the same verdict: the
directory at its end, 4 KiB of each native file of which the load commands are enough, and
the whole of those that hold several slices or whose symbols can change the verdict.

Each is looked at again with the facts cache that the first look filled: no request is made.

Ends with 1 if the findings are not those on the whole file, or an aim is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

from pip._internal.cli import cmdoptions
from pip._internal.commands import create_command
from pip._internal.models.link import Link
from pip._vendor.packaging.requirements import Requirement

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from builders.range_server import RangeServer, serving
from builders.several_ranges import Manner
from pip_archguard import hosts
from pip_archguard.binaries.bounds import LONE_SLICE
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Format
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.internals.fetching import Fetcher
from pip_archguard.pipbridge.internals.looking import Looker
from pip_archguard.pipbridge.internals.ranges import SessionRanges
from pip_archguard.rules import symbols_decide
from pip_archguard.wheels import FactsCache, judge_wheel, read_wheel
from pip_archguard.wheels.remote.wheel import MOST_AT_ONCE, MOST_TRIPS

WHEELS = (
    *("numpy==2.3.4", "cryptography==46.0.3", "grpcio==1.76.0", "scipy==1.16.2"),
    *("torch==2.9.0", "tensorflow==2.16.2"),
)
_PYTHON = ("--platform", "macosx_14_0_arm64", "--python-version", "3.12", "--only-binary=:all:")
_LATENCY, _BANDWIDTH = 0.05, 12.5e6
_MOST_TIMES_FLOOR = 1.3
_LEAST_TIMES_FASTER = 10
_LARGE = 20_000_000
_THIN = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it took to come to a verdict."""

    seconds: float
    requests: int
    bytes: int
    trips: int
    rounds: int = 1
    judgement: Judgement
    path: Path | None = None


class Meter:
    """pip's session, and what goes through it.

    `trips` are the times at which all that was asked for had come before the next request;
    `rounds` counts ten requests of one trip as one, for so many connections there are.
    """

    def __init__(self, session: Any) -> None:
        self.requests = self.probes = self.bytes = 0
        self.batches: list[int] = []
        self._get, self._head = session.get, session.head
        session.get, session.head = self._counted, self._counted_head

    @property
    def trips(self) -> int:
        """How many trips there were."""
        return len(self.batches)

    @property
    def rounds(self) -> int:
        """How many rounds of requests there were; a probe waits beside another of them."""
        return sum(-(-count // MOST_AT_ONCE) for count in self.batches)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count what is fetched together."""
        tail, fetch = SessionRanges.tail, SessionRanges.fetch

        def counted_tail(ranges: Any, length: int, held: Any) -> None:
            self.batches.append(1)
            tail(ranges, length, held)

        def counted_fetch(ranges: Any, spans: Any, held: Any) -> None:
            before = self.requests
            fetch(ranges, spans, held)
            self.batches.append(self.requests - before)

        with (
            patch.object(SessionRanges, "tail", counted_tail),
            patch.object(SessionRanges, "fetch", counted_fetch),
        ):
            yield

    def _counted_head(self, *args: Any, **kwargs: Any) -> Any:
        self.probes += 1
        return self._head(*args, **kwargs)

    def _counted(self, *args: Any, **kwargs: Any) -> Any:
        answer = self._get(*args, **kwargs)
        self.requests += 1 + len(answer.history)
        self.bytes += int(answer.headers.get("Content-Length", 0))
        return answer


def main() -> int:
    """Measure all wheels, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheels", nargs="*", default=WHEELS, metavar="REQUIREMENT")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--simulate", action="store_true")
    args = parser.parse_args()
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as aside, serving() as server:
        folder = Path(aside)
        links = [_link_of(wanted) for wanted in args.wheels]
        print("\n## From the configured index\n")
        paths = [path for link, path in _table(links, folder, args.rounds, missed) if path]
        if args.simulate:
            server.latency, server.bandwidth = _LATENCY, _BANDWIDTH
            served = [_served(server, link, path) for link, path in zip(links, paths, strict=True)]
            print(f"\n## Simulated: {_LATENCY * 1e3:.0f} ms, {_BANDWIDTH / 1e6:.1f} MB/s")
            for manner in (Manner.UNKNOWN, Manner.ALL):
                server.manner = manner
                many = "several ranges" if manner is Manner.ALL else "one range"
                print(f"\n### {many} in a request\n")
                list(_table(served, folder, args.rounds, missed))
    print("\n" + ("\n".join(f"- {each}" for each in missed) or "All aims are reached."))
    return int(bool(missed))


def _served(server: RangeServer, link: Any, path: Path) -> Any:
    return Link(f"{server.add(link.filename, path.read_bytes())}#sha256={link.hash}")


def _table(
    links: Sequence[Any], folder: Path, rounds: int, missed: list[str]
) -> Iterator[tuple[Any, Path | None]]:
    print(
        "| wheel | MB | floor KB | KB read | times floor | requests | trips | rounds | s | all s "
        "| counts for time |"
    )
    print("| --- |" + " ---: |" * 9 + " --- |")
    for link in links:
        looks = [_look(link, folder) for _ in range(rounds)]
        whole = _whole(link, folder)
        look = replace(looks[0], seconds=statistics.median(each.seconds for each in looks))
        yield link, whole.path
        _tell(link, look, whole, missed)


def _tell(link: Any, look: Cost, whole: Cost, missed: list[str]) -> None:
    assert whole.path is not None  # noqa: S101 - it was downloaded
    floor = floor_of(whole.path, whole.judgement.facts)
    faster = whole.seconds / look.seconds
    numbers = (
        *(f"{whole.bytes / 1e6:.1f}", f"{floor / 1e3:.0f}", f"{look.bytes / 1e3:.0f}"),
        *(f"{look.bytes / floor:.2f}", str(look.requests), str(look.trips)),
        str(look.rounds),
        *(f"{look.seconds:.2f}", f"{whole.seconds:.2f} ({faster:.0f} times)"),
    )
    thin = all(len(b.slices) <= 1 for b in whole.judgement.facts.binaries)
    large = whole.bytes > _LARGE
    counts = "yes" if thin and large else "no: " + ("small" if thin else "universal")
    print(f"| `{link.filename}` |", " | ".join(numbers), "|", counts, "|", flush=True)
    for is_so, what in (
        (look.judgement.findings != whole.judgement.findings, "other findings"),
        (look.bytes > _MOST_TIMES_FLOOR * floor, f"{look.bytes / floor:.2f} times the floor"),
        (look.trips > MOST_TRIPS, f"{look.trips} trips"),
        (
            thin and large and faster < _LEAST_TIMES_FASTER,
            f"only {faster:.1f} times faster",
        ),
    ):
        if is_so:
            missed.append(f"`{link.filename}`: {what}")


def floor_of(path: Path, facts: WheelFacts) -> int:
    """Return the bytes that a verdict on the whole file needs at least."""
    with zipfile.ZipFile(path) as archive:
        large = {i.filename for i in archive.infolist() if i.file_size > LONE_SLICE}
    decisive = symbols_decide(facts.binaries, _targets(), large)
    with zipfile.ZipFile(path) as archive:
        needed = path.stat().st_size - archive.start_dir
        for binary in facts.binaries:
            info = archive.getinfo(binary.path)
            symbols = (decisive is None or binary.path in decisive) and binary.path not in large
            whole = binary.format is Format.MACH_O and (symbols or len(binary.slices) != 1)
            needed += info.compress_size if whole else min(_THIN, info.compress_size)
        if any(binary.named_in_source for binary in facts.binaries):
            needed += sum(i.compress_size for i in archive.infolist() if i.filename[-3:] == ".py")
    return needed


def _look(link: Any, folder: Path) -> Cost:
    with tempfile.TemporaryDirectory() as cache, _new_session() as session:
        meter = Meter(session)
        fetcher = Fetcher(finder=None, session=session, folder=folder)
        with closing(Looker(fetcher, FactsCache(Path(cache)))) as looker, meter.watching():
            start = time.perf_counter()
            found = looker.look(link, 0, _targets())
            wheel, facts = (
                (found, read_wheel(found, link.filename)) if isinstance(found, Path) else found
            )
            judgement = judge_wheel(wheel, facts, _targets())
            seconds = time.perf_counter() - start
            cost = Cost(
                seconds=seconds,
                requests=meter.requests + meter.probes,
                bytes=meter.bytes,
                trips=meter.trips,
                rounds=meter.rounds,
                judgement=judgement,
            )
        if not isinstance(wheel, Path):
            _look_again(link, fetcher, Path(cache), facts)
            assert meter.requests + meter.probes == cost.requests, "kept facts take no request"  # noqa: S101
    return cost


def _look_again(link: Any, fetcher: Fetcher, cache: Path, facts: WheelFacts) -> None:
    """Do as the next run would, which has nothing of this one but the cache."""
    fetcher = replace(fetcher, stop=Event())
    with closing(Looker(fetcher, FactsCache(cache))) as looker:
        found = looker.look(link, 1, _targets())
    assert not isinstance(found, Path)  # noqa: S101
    assert found[1] == facts, "they are the same"  # noqa: S101


def _whole(link: Any, folder: Path) -> Cost:
    with _new_session() as session:
        meter = Meter(session)
        fetcher = Fetcher(finder=None, session=session, folder=folder)
        start = time.perf_counter()
        path = fetcher.download(link, abs(hash(link.url)))
        facts = read_wheel(path, link.filename)
        judgement = judge_wheel(path, facts, _targets())
        return Cost(
            seconds=time.perf_counter() - start,
            requests=meter.requests,
            bytes=meter.bytes,
            trips=1,
            judgement=judgement,
            path=path,
        )


def _targets() -> tuple[Target, ...]:
    (machine,) = hosts.chosen_machines(["macosx_14_0_arm64"])
    assert machine.arch is Arch.ARM64  # noqa: S101
    return (machine._replace(suffixes=(".cpython-312-darwin.so", ".abi3.so", ".so")),)


@contextmanager
def _new_session() -> Iterator[Any]:
    command: Any = create_command("download")
    options, _ = command.parse_args(["--no-cache-dir", "x"])
    with closing(command._build_session(options)) as session:
        yield session


def _link_of(wanted: str) -> Any:
    """Return the link of the wheel that pip would take."""
    command: Any = create_command("download")
    options, _ = command.parse_args([*_PYTHON, "-d", ".", "x"])
    requirement = Requirement(wanted)
    make = command._build_package_finder
    with closing(command._build_session(options)) as session:
        target = cmdoptions.make_target_python(options)
        finder = make(options=options, session=session, target_python=target)
        best = finder.find_best_candidate(requirement.name, requirement.specifier).best_candidate
    if best is None:
        msg = f"no wheel for {wanted}"
        raise SystemExit(msg)
    return best.link


if __name__ == "__main__":
    sys.exit(main())
