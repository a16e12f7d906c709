"""The wheels that the arguments of `scan` name, found and fetched."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions

from pip_archguard.errors import ArchGuardError, NoRangesError, UnreadableInputError
from pip_archguard.model.scan import Form
from pip_archguard.pipbridge import scan_options as ours
from pip_archguard.pipbridge.internals.arguments import Requirements, wheels_named
from pip_archguard.pipbridge.internals.fetching import Chosen, Fetcher, complaining
from pip_archguard.pipbridge.internals.index_pages import IndexPages
from pip_archguard.pipbridge.internals.looking import WHEELS_AT_ONCE, Looker, sha256_of_link
from pip_archguard.wheels import FactsCache, WheelFile, parse_wheel_name, reading_of
from pip_archguard.wheels.remote import RemoteWheel

_ALL = ":all:"
_logger = logging.getLogger(__name__)


Found = WheelFile | UnreadableInputError


class Inputs:
    """Turns arguments into wheels, each but once; those on servers are looked at there."""

    def __init__(
        self, command: Any, options: Any, folder: Path, known: FactsCache | None = None
    ) -> None:
        self._command = command
        self._options = options
        self._folder = folder
        self._known = known
        self._seen: set[str] = set()
        self._looker: Looker | None = None
        self._pool = ThreadPoolExecutor(WHEELS_AT_ONCE, thread_name_prefix="archguard-wheel")

    def close(self) -> None:
        """End what is on its way, and close all files."""
        if self._looker is not None:
            self._looker.stop()
        self._pool.shutdown(cancel_futures=True)
        if self._looker is not None:
            self._looker.close()

    def of(self, arguments: Any) -> Iterator[Found]:
        """Yield the wheels that were named, and an error for what is none, in order.

        All are found before the first one is waited for.
        """
        for each in list(self._all(arguments)):
            yield each.result() if isinstance(each, Future) else each

    def _all(self, arguments: Any) -> Iterator[Found | Future[Found]]:
        for argument in arguments:
            try:
                paths = wheels_named(argument)
                if paths is not None:
                    yield from self._files(paths)
                    continue
            except UnreadableInputError as error:
                yield error
                continue
            requirements, fetcher = self._pip
            yield from self._required(partial(requirements.of_argument, argument), fetcher)
        if any(sources_of(self._options)):
            requirements, fetcher = self._pip
            for read in requirements.of_options():
                yield from self._required(read, fetcher)

    @cached_property
    def _pip(self) -> tuple[Requirements, Fetcher]:
        """Have pip's network, finder and parsers made; only if there is something to find."""
        options, command = self._options, self._command
        _only_binary(options.format_control)
        session = command.get_default_session(options)
        pages = IndexPages(session)
        finder = command._build_package_finder(
            options=options,
            session=session,
            target_python=cmdoptions.make_target_python(options),
            ignore_requires_python=options.ignore_requires_python,
        )
        requirements = Requirements(
            partial(command.get_requirements, finder=finder, session=session), options
        )
        fetcher = Fetcher(
            finder=finder,
            session=session,
            folder=self._folder,
            constraints=requirements.constraints(),
            is_cut_off=lambda: pages.unreachable,
        )
        self._looker = Looker(fetcher, self._known)
        return requirements, fetcher

    def _files(self, paths: Any) -> Iterator[Found]:
        for path in paths:
            # `Path.resolve` raises for a link to itself.
            if self._is_new(os.path.realpath(path)):
                yield self._input(path.absolute(), path.name, str(path), ours.targets_of_file)

    def _required(
        self, read: Callable[[], list[Any]], fetcher: Fetcher
    ) -> Iterator[Found | Future[Found]]:
        try:
            reqs = [req for req in read() if not req.constraint]
        except UnreadableInputError as error:
            yield error
            return
        # A requirements file may have changed it for some names.
        _only_binary(fetcher.finder.format_control)
        for req in reqs:
            if not req.match_markers():
                _logger.info("Ignoring %s: its markers do not match this Python", req)
                continue
            try:
                chosen = fetcher.choose(req, require_hashes=self._options.require_hashes)
            except UnreadableInputError as error:
                yield error
                continue
            number = len(self._seen)
            if self._is_new(chosen.link.url_without_fragment):
                yield self._pool.submit(self._chosen, req, chosen, number, fetcher)

    def _chosen(self, req: Any, chosen: Chosen, number: int, fetcher: Fetcher) -> Found:
        """Look at what a requirement stands for; several are looked at together."""
        by_address = req.original_link is not None
        targets = ours.targets_of_file if by_address else ours.targets_of_requirement
        filename = Path(chosen.link.filename).name
        try:
            with complaining(req):
                path = self._folder / f"{number}.whl"
                file = self._input(path, filename, filename, targets)
                if isinstance(file, UnreadableInputError):
                    return file
                file = self._had(file, chosen, number, fetcher)
                if not isinstance(file.path, RemoteWheel):
                    return file
                return replace(file, whole=partial(self._whole, req, chosen, number, file.path))
        except UnreadableInputError as error:
            return error

    def _had(self, file: WheelFile, chosen: Chosen, number: int, fetcher: Fetcher) -> WheelFile:
        sha256 = sha256_of_link(chosen.link)
        # The form for machines tells the hash of each wheel: where no one says it, all is had.
        told = sha256 or self._options.scan_format == Form.TABLE.value
        if self._looker is None or chosen.whole or not told:
            path = fetcher.download(chosen.link, number)
        else:
            found = self._looker.look(chosen.link, number, file.targets)
            if isinstance(found, Path):
                path = found
            else:
                wheel, facts = found
                there = replace(file, path=wheel)
                try:
                    return replace(there, read=reading_of(there, facts, sha256))
                except NoRangesError:
                    path = self._looker.whole(chosen.link, number, wheel)
                finally:
                    wheel.close()
        if chosen.hashes:
            chosen.hashes.check_against_path(str(path))
        return replace(file, path=path, fetched=self._folder in path.parents)

    def _whole(self, req: Any, chosen: Chosen, number: int, wheel: RemoteWheel) -> Path:
        assert self._looker is not None, "it had the wheel"  # noqa: S101 - for mypy
        with complaining(req):
            return self._looker.whole(chosen.link, number, wheel)

    def _is_new(self, key: str) -> bool:
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _input(self, path: Path, filename: str, asked: str, targets: Any) -> Found:
        try:
            name = parse_wheel_name(filename)
        except ArchGuardError as error:
            return UnreadableInputError(str(error), hint="name a file as it was built or fetched")
        return WheelFile(
            path=path,
            filename=filename,
            asked=asked,
            targets=targets(self._options, name),
            strict_tags=self._options.strict_tags,
        )


def sources_of(options: Any) -> Iterator[Any]:
    """Yield what options, rather than arguments, name."""
    for name in ("requirements", "editables", "dependency_groups", "requirements_from_scripts"):
        yield getattr(options, name, None)


def _only_binary(control: Any) -> None:
    """Have pip find wheels only, for every name."""
    control.no_binary.clear()
    control.only_binary.clear()
    control.only_binary.add(_ALL)
