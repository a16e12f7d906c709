"""The result of an audit for code scanning: SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, normpath, relpath
from typing import Any

from pip_archguard.model.audit import Audited, AuditReport
from pip_archguard.reports.audit_words import skip_text
from pip_archguard.reports.sarif import level_of, log_of, plain, quoted, result_of
from pip_archguard.reports.wording import tick


def audit_log(report: AuditReport) -> str:
    """Return the whole log of an audit, without a final newline."""
    notifications = [
        {"level": "note", "message": {"text": plain(f"skipped {tick(s.path)}: {skip_text(s)}")}}
        for s in report.skipped
    ]
    invocation = {
        "executionSuccessful": report.exit_code == 0,
        "exitCode": report.exit_code,
        "toolExecutionNotifications": notifications,
    }
    return log_of(invocation, [r for each in report.packages for r in _found(each)])


def _found(audited: Audited) -> Iterator[dict[str, Any]]:
    name = audited.judgement.facts.filename
    folder = audited.folder.path
    for finding in audited.judgement.findings:
        path = audited.location if finding.path == name else f"{audited.location}/{finding.path}"
        below = relpath(normpath(path), dirname(folder))
        yield result_of(
            name,
            finding,
            level=level_of(finding.severity, rescued=False),
            uri=quoted(below.split("/")),
            properties={"target": finding.target.id},
        )
