"""The result of an audit for machines, in the form of `schema-1.json`."""

from __future__ import annotations

from typing import Any

from pip_archguard.model.audit import Audited, AuditReport, Remark
from pip_archguard.reports.audit_words import note_text, skip_text
from pip_archguard.reports.json_form import VERSION, dump, judged, targets


def audit_document(report: AuditReport) -> str:
    """Return the whole document of an audit, without a final newline."""
    packages = report.packages
    return dump(
        {
            "version": VERSION,
            "exit_code": report.exit_code,
            "targets": targets(target for package in packages for target in package.targets),
            "folders": [{"path": f.path, "kind": f.kind.value} for f in report.folders],
            "packages": [_audited(each) for each in packages if each.is_package],
            "unowned": [_audited(each) for each in packages if not each.is_package],
            "skipped": [
                {"path": s.path, "reason": s.reason.value, "message": skip_text(s)}
                for s in report.skipped
            ],
        }
    )


def _audited(package: Audited) -> dict[str, Any]:
    return {
        "name": package.judgement.facts.project or package.judgement.facts.filename,
        "location": package.location,
        "owner": package.origins.owner.value,
        "notes": [_note(remark) for remark in package.remarks],
        **judged(package.judgement, package.targets),
    }


def _note(remark: Remark) -> dict[str, Any]:
    return {
        "code": remark.note.value,
        "paths": list(remark.paths),
        "count": remark.count or len(remark.paths),
        "message": note_text(remark),
    }
