"""Looking at wheels where they lie on a server; those are fetched that must be had whole."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

from pip._internal.exceptions import HashMismatch

from pip_archguard.errors import CostsTooMuchError, NoRangesError
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.internals.connections import Connections
from pip_archguard.pipbridge.internals.fetching import Fetcher
from pip_archguard.pipbridge.internals.ranges import SessionRanges
from pip_archguard.wheels.remote import FactsStore, Held, Kept, RemoteWheel, read_remote

WHEELS_AT_ONCE = 4
"""Wheels that are looked at together: more would wait for connections only."""


class Looker:
    """Looks at wheels by their links, perhaps several at once in as many threads.

    With facts of a wheel in `store` (see `Kept`), nothing is asked for.
    """

    def __init__(self, fetcher: Fetcher, store: FactsStore | None = None) -> None:
        self._fetcher = fetcher
        self._store = store
        self._connections = Connections(fetcher.session, fetcher.stop)
        self._wheels: list[RemoteWheel] = []

    def look(
        self, link: Any, number: int, targets: tuple[Target, ...] = (), most: float = inf
    ) -> tuple[RemoteWheel, WheelFacts] | Path:
        """Return a wheel and its facts, or where it lies if all of it is on disk.

        The facts are those that a judgement for these targets takes. What is on disk has the
        hash that the index says, if it says one. Raises one of FAILURES if the wheel cannot
        be had, HashMismatch (a PipError) if only another can, and CostsTooMuchError if more
        than `most` bytes would have to be fetched for it.
        """
        url = link.url_without_fragment
        if link.is_file or self._connections.is_cached(url):
            return self._downloaded(link, number)
        sha256 = sha256_of_link(link)
        kept = None
        if self._store is not None and sha256:
            kept = Kept(store=self._store, address=url, sha256=sha256, targets=targets)
        held = Held(self._fetcher.folder / f"{number}.part", most)
        wheel = RemoteWheel(SessionRanges(self._connections, url), held, link.filename, targets)
        self._wheels.append(wheel)
        wheel.kept = kept
        known = None if kept is None else kept.facts(wheel.name)
        if known is not None:
            wheel.facts_known = True
            return wheel, known
        facts = _read(wheel)
        if wheel.whole is not None or facts is None:
            if wheel.whole is None and most < inf:
                msg = "parts of it cannot be had"
                raise CostsTooMuchError(msg)
            return self.whole(link, number, wheel)
        held.most = inf  # of the source, which is asked for where an import would fail
        if kept is not None:
            kept.keep(facts)
        return wheel, facts

    def whole(self, link: Any, number: int, wheel: RemoteWheel) -> Path:
        """Return where a wheel lies, having had all of it fetched if need be."""
        path = wheel.whole
        if path is not None and _has_hash(path, link):
            return path
        return self._downloaded(link, number)

    def _downloaded(self, link: Any, number: int) -> Path:
        path = self._fetcher.download(link, number)
        hashes = link.as_hashes()
        if hashes:
            hashes.check_against_path(str(path))
        return path

    def stop(self) -> None:
        """Have what is on its way end soon."""
        self._fetcher.stop.set()

    def close(self) -> None:
        """End what is on its way, and close all files; no thread may begin to look any more."""
        self.stop()
        self._connections.close()
        for wheel in self._wheels:
            wheel.close()


def _read(wheel: RemoteWheel) -> WheelFacts | None:
    """Read what can be read by ranges; None if that is nothing, or all of it has come."""
    try:
        wheel.prepare()
        facts = read_remote(wheel) if wheel.whole is None else None
        if facts is not None and facts.problems:
            wheel.bring_all()  # the file may be sound, and the server at fault
    except NoRangesError:
        return None
    finally:
        wheel.close()
    return facts


def sha256_of_link(link: Any) -> str:
    """Return the hash that the index gives, or nothing."""
    return (link.hash or "").lower() if link.hash_name == "sha256" else ""


def _has_hash(path: Path, link: Any) -> bool:
    """Whether a file has the hash that the index gives, or the index gives none."""
    hashes = link.as_hashes()
    try:
        if hashes:
            hashes.check_against_path(str(path))
    except HashMismatch:
        return False
    return True
