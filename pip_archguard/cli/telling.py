"""All events but that of a clean run: results on standard output, else on standard error."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from pip_archguard.cli.streams import say, show
from pip_archguard.model.event import Begun, Complaint, Event, Finished
from pip_archguard.model.result import (
    Answered,
    AuditEvent,
    Covered,
    EnablingShown,
    FusedShown,
    Progressed,
    RouteShown,
    ScanReport,
)
from pip_archguard.reports import render

if TYPE_CHECKING:
    from pip_archguard.cli.output import Output
    from pip_archguard.cli.progress import Bar
    from pip_archguard.errors import UnwritableFileError
    from pip_archguard.reports.table import Look


class Teller:
    """Prints each event as it is told."""

    def __init__(self) -> None:
        self.lost = False
        """Whether a result, or a file that was asked for, could not be written."""
        self._bar: Bar | None = None
        self._output: Output | None = None

    def tell(self, event: Event) -> None:
        """Print the event after what pip has printed so far."""
        match event:
            case Progressed():
                self._progress(event)
            case ScanReport():
                self._end_progress()
                self._show(_scan_text(event))
            case AuditEvent():
                self._audit(event)
            case Covered():
                self._end_progress()
                self._cover(event)
            case RouteShown() | EnablingShown() | FusedShown() | Answered():
                self._show(_result(event))
            case Begun():
                self._begin(event)
            case Finished():
                self._finish(event)
            case _:
                self._end_progress()
                say(render(event))

    def _cover(self, event: Covered) -> None:
        from pip_archguard.cli.covering import write_coverage  # noqa: PLC0415 - for it alone

        self._lose(write_coverage(event, _look()))

    def _audit(self, event: AuditEvent) -> None:
        from pip_archguard.model.audit import (  # noqa: PLC0415 - as above
            AuditReport,
            MendingPlanned,
        )

        match event:
            case AuditReport():
                from pip_archguard.reports.audit_text import audit_text  # noqa: PLC0415 - as above

                self._show(audit_text(event, _look()))
            case MendingPlanned():
                from pip_archguard.reports.audit_words import plan_text  # noqa: PLC0415 - as above

                say(plan_text(event))

    def _show(self, text: str) -> None:
        self._lose(show(text))

    def _lose(self, error: UnwritableFileError | None) -> None:
        """Say what could not be written, if anything: then the run does not end well."""
        if error is not None:
            self.lost = True
            self.tell(Complaint(code=error.code, message=str(error), hint=error.hint))

    def _begin(self, event: Begun) -> None:
        from pip_archguard.cli.output import Output  # noqa: PLC0415 - most runs leave nothing

        self._output = Output(event.reports, os.environ)

    def _finish(self, event: Finished) -> None:
        if self._output is None:
            return
        for error in self._output.write(event):
            self._lose(error)
        if text := self._output.annotations(event):
            say(text)

    def _progress(self, event: Progressed) -> None:
        if sys.stderr is None or not sys.stderr.isatty():
            return
        if self._bar is None:
            from pip_archguard.cli.progress import Bar  # noqa: PLC0415 - a scan alone draws

            self._bar = Bar(event.total, event.of)
        self._bar.move(event.done)
        if event.done == event.total:
            self._end_progress()

    def _end_progress(self) -> None:
        if self._bar is not None:
            self._bar.end()
            self._bar = None


def _result(event: RouteShown | EnablingShown | FusedShown | Answered) -> str:
    match event:
        case RouteShown():
            from pip_archguard.reports.route_text import route_text  # noqa: PLC0415 - for it alone

            return route_text(event)
        case EnablingShown():
            from pip_archguard.reports.enabling_text import (  # noqa: PLC0415 - for it alone
                enabling_text,
            )

            return enabling_text(event)
        case FusedShown():
            from pip_archguard.reports.fuse_text import fuse_text  # noqa: PLC0415 - as above

            return fuse_text(event)
        case Answered():
            from pip_archguard.reports.seldom import answer_text  # noqa: PLC0415 - as above

            return answer_text(event.answer)


def _scan_text(event: ScanReport) -> str:
    from pip_archguard.reports.scan_text import scan_text  # noqa: PLC0415 - as above

    return scan_text(event, _look())


def _look() -> Look:
    """Return how to draw a table on standard output."""
    from pip_archguard.reports.table import Look  # noqa: PLC0415 - as above

    terminal = sys.stdout is not None and sys.stdout.isatty()
    return Look(
        width=shutil.get_terminal_size().columns if terminal else None,
        colours=terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb",
    )
