"""A progress bar on standard error."""

from __future__ import annotations

import atexit

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from pip_archguard.model.result import Counted

_DOING = {Counted.WHEELS: "scanning", Counted.TARGETS: "resolving"}


class Bar:
    """Drawn while something is counted, such as wheels that are read, and gone at the end."""

    def __init__(self, total: int, of: Counted) -> None:
        self._progress = Progress(
            TextColumn(_DOING[of]),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(of.value),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("", total=total)
        self._progress.start()
        # Where an interrupt ends the scan: a terminal must get its cursor back.
        atexit.register(self._progress.stop)

    def move(self, done: int) -> None:
        """Show so many as done."""
        self._progress.update(self._task, completed=done)

    def end(self) -> None:
        """Take it away."""
        self._progress.stop()
        atexit.unregister(self._progress.stop)
