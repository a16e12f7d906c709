"""Wheels that a target takes, fetched by pip's session and read; each but once."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from pip._internal.cli import cmdoptions
from pip._internal.exceptions import HashMismatch
from pip._internal.models.link import Link

from pip_archguard.model.covering import Taken
from pip_archguard.model.projects import normal_name
from pip_archguard.model.target import Target
from pip_archguard.pipbridge.internals.coverage_links import SeenLinks
from pip_archguard.pipbridge.internals.fetching import FAILURES, Fetcher, reason_of
from pip_archguard.wheels import Reading, WheelFile, read_file, sha256_of


class WheelReader:
    """Has the facts of wheels; pip's session and finder are made when there is one to fetch."""

    def __init__(self, command: Any, options: Any, folder: Path) -> None:
        self._command = command
        self._options = options
        self._folder = folder
        self._fetched = 0

    def facts_of(self, taken: Taken, targets: tuple[Target, ...]) -> Reading | str:
        """Return what is in a wheel, or why that cannot be told."""
        link = Link(taken.url)
        self._fetched += 1
        try:
            path = self._fetcher.download(link, self._fetched)
            if taken.sha256 and sha256_of(path) != taken.sha256:
                return "the file has another hash than it must have"
        except (*FAILURES, HashMismatch) as error:
            return f"the wheel cannot be had: {reason_of(error)}"
        try:
            named = WheelFile(
                path=path, filename=taken.filename, asked=taken.filename, targets=targets
            )
            return read_file(named)
        finally:
            if not link.is_file:
                path.unlink(missing_ok=True)

    def address_of(self, project: str, filename: str) -> str:
        """Return where the index has a file of a project, or nothing."""
        finder, seen = self._finder
        finder.find_all_candidates(normal_name(project))
        return seen.address_of(project, filename)

    @cached_property
    def _fetcher(self) -> Fetcher:
        session = self._command.get_default_session(self._options)
        return Fetcher(finder=None, session=session, folder=self._folder)

    @cached_property
    def _finder(self) -> tuple[Any, SeenLinks]:
        finder = self._command._build_package_finder(
            options=self._options,
            session=self._command.get_default_session(self._options),
            target_python=cmdoptions.make_target_python(_no_target(self._options)),
            ignore_requires_python=True,
        )
        return finder, SeenLinks(finder)


def _no_target(options: Any) -> Any:
    """Return the options for the running Python: which files fit a target is told elsewhere."""
    options.platforms = options.abis = options.python_version = options.implementation = None
    return options
