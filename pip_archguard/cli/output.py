"""What a run leaves behind: the files that were asked for, and what GitHub shows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pip_archguard.errors import UnwritableFileError
from pip_archguard.model.event import Finished
from pip_archguard.model.outcome import ReportForm, Reports
from pip_archguard.whole_file import write_file

_Form = Callable[[Finished], str]


class Output:
    """Reports on one run; all that this takes is loaded when it is made.

    pip 26.3 lets nothing be imported once it has begun to install.
    """

    def __init__(self, reports: Reports, environ: Mapping[str, str]) -> None:
        self._forms: dict[Path, _Form] = {}
        self._annotations: _Form | None = None
        self._summary: _Form | None = None
        self._summary_file = environ.get("GITHUB_STEP_SUMMARY", "")
        if reports.report is not None:
            self._forms[reports.report] = _report_form(reports.form)
        if reports.requirements is not None:
            from pip_archguard.reports.requirements_form import overlay  # noqa: PLC0415 - if asked

            self._forms[reports.requirements] = overlay
        if reports.on_github:
            from pip_archguard.reports import github  # noqa: PLC0415 - only there

            self._annotations, self._summary = github.workflow_commands, github.summary

    def write(self, finished: Finished) -> Iterator[UnwritableFileError]:
        """Write the files; yield an error for each that cannot be written."""
        for path, form in self._forms.items():
            text = form(finished)
            try:
                if text:
                    write_file(path, text)
            except OSError as error:
                msg = f"`{path}` cannot be written: {error.strerror or error}"
                yield UnwritableFileError(msg)
        # Nobody asked for the summary: a run is none the worse without it.
        with suppress(OSError):
            self._append_summary(finished)

    def annotations(self, finished: Finished) -> str:
        """Return what GitHub takes for annotations, if this runs there."""
        return self._annotations(finished) if self._annotations else ""

    def _append_summary(self, finished: Finished) -> None:
        text = self._summary(finished) if self._summary and self._summary_file else ""
        if text:
            with Path(self._summary_file).open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(text)


def _report_form(form: ReportForm) -> _Form:
    match form:
        case ReportForm.JSON:
            from pip_archguard.reports.json_form import install_document  # noqa: PLC0415 - if asked

            return install_document
        case ReportForm.SARIF:
            from pip_archguard.reports.sarif import sarif_log  # noqa: PLC0415 - if asked

            return sarif_log
