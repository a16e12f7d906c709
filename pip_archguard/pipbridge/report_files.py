"""The files that a run is asked to write, looked at before anything begins."""

from __future__ import annotations

import optparse
import os
from collections.abc import Mapping
from pathlib import Path

from pip_archguard.errors import UnwritableFileError
from pip_archguard.model import beginnings
from pip_archguard.model.outcome import NO_REPORTS, ReportForm, Reports
from pip_archguard.pipbridge.options import BUILD_MARK


def reports_of(options: optparse.Values, environ: Mapping[str, str]) -> Reports:
    """Return what `--arch-report` and the like ask for; nothing in a build environment.

    Raises UnwritableFileError where a file could not be written, or where one is there
    that is not ours.
    """
    if environ.get(BUILD_MARK):  # its variables and configuration are those of the user's run
        return NO_REPORTS
    form = ReportForm(options.arch_report_format)
    report = file_to_write(options.arch_report, "--arch-report", beginnings.REPORT[form])
    requirements = file_to_write(
        options.arch_write_requirements, "--arch-write-requirements", beginnings.REQUIREMENTS
    )
    if report is not None and report == requirements:
        msg = f"`{report}` cannot be both `--arch-report` and `--arch-write-requirements`"
        raise UnwritableFileError(msg, hint="name two files")
    return Reports(
        report=report,
        form=form,
        requirements=requirements,
        on_github=environ.get("GITHUB_ACTIONS") == "true",
    )


def file_to_write(named: str | None, option: str, beginning: str) -> Path | None:
    """Return the file that an option names; raises UnwritableFileError as `reports_of` does."""
    if not named:
        return None
    if named == "-":
        msg = f"`{option}` takes the name of a file: standard output is pip's"
        raise UnwritableFileError(msg, hint=f"name one, such as `{option} ./report`")
    try:
        # Links are followed now: what would be replaced later is the link itself.
        path = Path(named).expanduser()
        from pip_archguard.whole_file import is_stream  # noqa: PLC0415 - few runs write reports

        if is_stream(path):
            return path.absolute()
        path = path.resolve()
        _check(path, beginning)
    except (OSError, RuntimeError) as error:  # Path raises the latter for a link to itself
        msg = f"`{named}` cannot be written: {error}"
        raise UnwritableFileError(msg) from error
    return path


def _check(path: Path, beginning: str) -> None:
    if not path.parent.is_dir():
        msg = f"`{path}` cannot be written: there is no folder `{path.parent}`"
        raise UnwritableFileError(msg, hint=f"make it first: `mkdir -p {path.parent}`")
    if not os.access(path.parent, os.W_OK):
        msg = f"`{path}` cannot be written: nothing may be written into `{path.parent}`"
        raise UnwritableFileError(msg)
    if path.is_symlink() or (path.exists() and not path.is_file()):  # a link to itself, a device
        msg = f"`{path}` cannot be written: it is there, and no file"
        raise UnwritableFileError(msg, hint="name another")
    if not path.exists():
        return
    expected = beginning.encode()
    with path.open("rb") as stream:
        found = stream.read(len(expected))
    if found not in (b"", expected):
        msg = f"`{path}` is there already, and no earlier run wrote it in this form"
        raise UnwritableFileError(msg, hint="name another file, or move that one away")
