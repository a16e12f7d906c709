"""Events on the terminal: results on standard output, all else on standard error."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, TextIO

from pip_archguard.model.event import Event, Finished, Progressed, ScanReport
from pip_archguard.reports import render

if TYPE_CHECKING:
    from pip_archguard.cli.progress import Bar


class Console:
    """Prints each event as it is told."""

    def __init__(self) -> None:
        self._bar: Bar | None = None

    def tell(self, event: Event) -> None:
        """Print the event after what pip has printed so far."""
        match event:
            case Progressed():
                self._progress(event)
            case ScanReport():
                self._end_progress()
                _print_result(event)
            case Finished():
                pass
            case _:
                self._end_progress()
                if sys.stdout is not None:
                    sys.stdout.flush()
                _write(sys.stderr, render(event))

    def _progress(self, event: Progressed) -> None:
        if sys.stderr is None or not sys.stderr.isatty():
            return
        if self._bar is None:
            from pip_archguard.cli.progress import Bar  # noqa: PLC0415 - a scan alone draws

            self._bar = Bar(event.total)
        self._bar.move(event.done)
        if event.done == event.total:
            self._end_progress()

    def _end_progress(self) -> None:
        if self._bar is not None:
            self._bar.end()
            self._bar = None


def _print_result(event: ScanReport) -> None:
    from pip_archguard.reports.scan_text import scan_text  # noqa: PLC0415 - as above
    from pip_archguard.reports.table import Look  # noqa: PLC0415

    terminal = sys.stdout is not None and sys.stdout.isatty()
    look = Look(
        width=shutil.get_terminal_size().columns if terminal else None,
        colours=terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb",
    )
    _write(sys.stdout, scan_text(event, look))


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # started with it closed
        return
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()
