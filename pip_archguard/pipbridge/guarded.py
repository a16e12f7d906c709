"""What is guarded: a command of pip's."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pip_archguard.model.outcome import NO_REPORTS, Reports


class GuardedCommand(NamedTuple):
    """The command that is guarded, as far as it matters to what is told.

    `builds` tells whether it builds source, and `fetches` whether what it chose has to be on
    disk in the end; `asked` returns the words that name what to install, and `repeated` the
    options that plain pip needs for the same result: few runs tell either. `pip` are the words
    that start plain pip as this process runs.
    """

    name: str = "install"
    pip: tuple[str, ...] = ("pip",)
    builds: bool = True
    fetches: bool = True
    asked: Callable[[], tuple[str, ...]] = tuple
    repeated: Callable[[], tuple[str, ...]] = tuple
    reports: Reports = NO_REPORTS
    quiet: bool = False
    nested: bool = False

    @property
    def plain(self) -> tuple[str, ...]:
        """The words that plain pip begins with."""
        return (*self.pip, self.name)
