"""Wheels that a target takes, looked at by pip's session; each but once, several together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from itertools import count
from math import inf
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions
from pip._internal.exceptions import HashMismatch
from pip._internal.models.link import Link

from pip_archguard.errors import CostsTooMuchError, NoRangesError
from pip_archguard.model.covering import Taken
from pip_archguard.model.projects import normal_name
from pip_archguard.model.target import System, Target
from pip_archguard.pipbridge.covering import ANY, Wanted
from pip_archguard.pipbridge.internals.coverage_links import SeenLinks
from pip_archguard.pipbridge.internals.facts_folder import facts_folder
from pip_archguard.pipbridge.internals.fetching import FAILURES, Fetcher, reason_of
from pip_archguard.pipbridge.internals.looking import WHEELS_AT_ONCE, Looker
from pip_archguard.wheels import (
    FactsCache,
    Reading,
    WheelFile,
    parse_wheel_name,
    read_file,
    reading_of,
)
from pip_archguard.wheels.remote import RemoteWheel

FOREIGN_MOST = 32 << 20
"""Bytes that may be fetched of a wheel for Linux or Windows. In ELF and PE files the tables
lie behind the code, and there are wheels of a gigabyte; most take a small part of this."""


class WheelReader:
    """Has the facts of wheels; pip's session and finder are made when there is one to look at."""

    def __init__(self, command: Any, options: Any, folder: Path) -> None:
        self._command = command
        self._options = options
        self._folder = folder
        self._numbers = count()
        self._pool = ThreadPoolExecutor(WHEELS_AT_ONCE, thread_name_prefix="archguard-wheel")

    def facts_of(self, wanted: Sequence[Wanted]) -> Iterator[Reading | str | None]:
        """Yield what is in each wheel, in their order, or why that cannot be told.

        They are looked at where they lie, if the server lets us. None stands for a wheel of
        which so much would have to be fetched that it is left alone (see `FOREIGN_MOST`).
        """
        if not wanted:
            return
        look = partial(self._look, self._looker)  # which is made before there are threads
        futures = [self._pool.submit(look, next(self._numbers), *each) for each in wanted]
        for future in futures:
            yield future.result()

    def _look(
        self, looker: Looker, number: int, taken: Taken, targets: tuple[Target, ...]
    ) -> Reading | str | None:
        link = Link(f"{taken.url}#sha256={taken.sha256}" if taken.sha256 else taken.url)
        path: Path | None = None
        try:
            found = looker.look(link, number, targets, _most(taken, targets))
            if not isinstance(found, Path):
                wheel, facts = found
                try:
                    return reading_of(_named(wheel, taken, targets), facts, taken.sha256)
                except NoRangesError:  # of the source, where an import would fail
                    found = looker.whole(link, number, wheel)
                finally:
                    wheel.close()
            path = found
            return read_file(_named(path, taken, targets), self._known)
        except CostsTooMuchError:
            return None
        except HashMismatch:
            return "the file has another hash than it must have"
        except FAILURES as error:
            return f"the wheel cannot be had: {reason_of(error)}"
        finally:
            if path is not None and not link.is_file:
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """End what is on its way, and close all that was opened."""
        looker: Looker | None = self.__dict__.get("_looker")
        if looker is not None:
            looker.stop()
        self._pool.shutdown(cancel_futures=True)
        if looker is not None:
            looker.close()

    def address_of(self, project: str, filename: str) -> str:
        """Return where the index has a file of a project, or nothing."""
        finder, seen = self._finder
        finder.find_all_candidates(normal_name(project))
        return seen.address_of(project, filename)

    @cached_property
    def _looker(self) -> Looker:
        session = self._command.get_default_session(self._options)
        fetcher = Fetcher(finder=None, session=session, folder=self._folder)
        return Looker(fetcher, self._known)

    @cached_property
    def _known(self) -> FactsCache | None:
        place = facts_folder(self._options)
        return None if place is None else FactsCache(place)

    @cached_property
    def _finder(self) -> tuple[Any, SeenLinks]:
        finder = self._command._build_package_finder(
            options=self._options,
            session=self._command.get_default_session(self._options),
            target_python=cmdoptions.make_target_python(_no_target(self._options)),
            ignore_requires_python=True,
        )
        return finder, SeenLinks(finder)


def _most(taken: Taken, targets: tuple[Target, ...]) -> float:
    """Return how many bytes of a wheel may be fetched; all of one that claims to be pure."""
    if any(target.system is System.MACOS for target in targets):
        return inf
    return inf if ANY in parse_wheel_name(taken.filename).platforms else FOREIGN_MOST


def _named(wheel: Path | RemoteWheel, taken: Taken, targets: tuple[Target, ...]) -> WheelFile:
    return WheelFile(path=wheel, filename=taken.filename, asked=taken.filename, targets=targets)


def _no_target(options: Any) -> Any:
    """Return the options for the running Python: which files fit a target is told elsewhere."""
    options.platforms = options.abis = options.python_version = options.implementation = None
    return options
