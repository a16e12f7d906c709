"""The wheels that the arguments of `scan` name, found and fetched."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions

from pip_archguard.errors import ArchGuardError, UnreadableInputError
from pip_archguard.pipbridge import scan_options as ours
from pip_archguard.pipbridge.internals.arguments import Requirements, wheels_named
from pip_archguard.pipbridge.internals.fetching import Fetcher
from pip_archguard.wheels import WheelFile, parse_wheel_name

_ALL = ":all:"
_logger = logging.getLogger(__name__)


class Inputs:
    """Turns arguments into wheel files, each but once."""

    def __init__(self, command: Any, options: Any, folder: Path) -> None:
        self._command = command
        self._options = options
        self._folder = folder
        self._seen: set[str] = set()

    def of(self, arguments: Any) -> Iterator[WheelFile | UnreadableInputError]:
        """Yield the wheels that were named, and an error for what is none, in order."""
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
        )
        return requirements, fetcher

    def _files(self, paths: Any) -> Iterator[WheelFile | UnreadableInputError]:
        for path in paths:
            if self._is_new(str(path.resolve())):
                yield self._input(path.absolute(), path.name, str(path), ours.targets_of_file)

    def _required(
        self, read: Callable[[], list[Any]], fetcher: Fetcher
    ) -> Iterator[WheelFile | UnreadableInputError]:
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
            by_address = req.original_link is not None
            targets = ours.targets_of_file if by_address else ours.targets_of_requirement
            try:
                path, filename, url = fetcher.fetch(
                    req, len(self._seen), require_hashes=self._options.require_hashes
                )
            except UnreadableInputError as error:
                yield error
                continue
            if self._is_new(url):
                fetched = self._folder in path.parents
                yield self._input(path, filename, filename, targets, fetched=fetched)

    def _is_new(self, key: str) -> bool:
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _input(
        self, path: Path, filename: str, asked: str, targets: Any, *, fetched: bool = False
    ) -> WheelFile | UnreadableInputError:
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
            fetched=fetched,
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
