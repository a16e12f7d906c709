"""The result of an audit: a table of what is not sound, what was found, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from pip_archguard.model.audit import Audited, AuditForm, AuditReport, Note
from pip_archguard.model.verdict import Verdict
from pip_archguard.reports.audit_json import audit_document
from pip_archguard.reports.audit_sarif import audit_log
from pip_archguard.reports.audit_words import advice, note_text, skip_text
from pip_archguard.reports.contents import label_of
from pip_archguard.reports.mixed_text import mixed_sentence
from pip_archguard.reports.scan_text import WORST_FIRST, findings_of
from pip_archguard.reports.table import PLAIN, Look, table
from pip_archguard.reports.wording import tick, visible

_MOST_SKIPPED = 10
_TOLD = (
    *(Note.EDITABLE, Note.EDITABLE_NOT_FOUND),
    *(Note.BROKEN_RECORD, Note.NO_METADATA, Note.NO_RECORD),
)
"""Notes that tell where else was looked, or of what could not be looked at for certain."""


def audit_text(report: AuditReport, look: Look = PLAIN) -> str:
    """Return the result in the form that was asked for, without a final newline."""
    match report.form:
        case AuditForm.JSON:
            return audit_document(report)
        case AuditForm.SARIF:
            return audit_log(report)
        case AuditForm.TEXT:
            return "\n\n".join(_parts(report, look))


def _parts(report: AuditReport, look: Look) -> Iterator[str]:
    packages = sorted(report.packages, key=lambda p: WORST_FIRST.index(p.judgement.verdict))
    if report.mixed is not None:
        yield mixed_sentence(report.mixed, translated=report.translated)
    shown = [p for p in packages if report.verbose or p.judgement.verdict is not Verdict.OK]
    if shown:
        yield table(shown, look, what="package")
    for each in packages:
        lines = [*findings_of(each, verbose=report.verbose), *_notes(each, report)]
        if lines:
            yield "\n".join([_title(each, report), *lines])
    if report.skipped:
        yield "\n".join(_skipped(report))
    todo = list(advice(report))
    if todo:
        yield "\n".join(["what to do:", *(f"  {line}" for line in todo)])
    yield _summary(report)


def _title(of: Audited, report: AuditReport) -> str:
    name = visible(of.judgement.facts.filename)
    several = len({each.location for each in report.packages}) > 1
    if not of.is_package:
        return f"{name}, files of no package, in {tick(of.location)}"
    return f"{name}, in {tick(of.location)}" if several else name


def _notes(of: Audited, report: AuditReport) -> Iterator[str]:
    wanted: tuple[Note, ...]
    if of.judgement.verdict is Verdict.OK and not of.judgement.facts.binaries:
        wanted = _TOLD if report.verbose else (Note.EDITABLE_NOT_FOUND,)
    else:
        wanted = tuple(Note) if report.verbose else _TOLD
    for remark in of.remarks:
        if remark.note in wanted:
            yield f"  note: {remark.note.value}: {note_text(remark)}"


def _skipped(report: AuditReport) -> Iterator[str]:
    most = len(report.skipped) if report.verbose else _MOST_SKIPPED
    yield "not looked into:"
    for each in islice(report.skipped, most):
        yield f"  {each.reason.value}: {tick(each.path)}: {skip_text(each)}"
    if len(report.skipped) > most:
        yield f"  and {len(report.skipped) - most} more; `-v` names them"


def _summary(report: AuditReport) -> str:
    counts = Counter(p.judgement.verdict for p in report.packages)
    files = sum(len(p.judgement.facts.binaries) for p in report.packages)
    unowned = sum(len(p.judgement.facts.binaries) for p in report.packages if not p.is_package)
    packages = sum(p.is_package for p in report.packages)
    words = f"{_many(packages, 'package')}, {_many(files, 'native file')}"
    if unowned:
        words += f" ({unowned} of no package)"
    found = ", ".join(f"{counts[v]} {v.value}" for v in WORST_FIRST if counts[v])
    judged = _machines(report.packages)
    text = f"{words}: {found}" if found else words
    return f"{text}\njudged for {judged}" if judged else text


def _machines(packages: Sequence[Audited]) -> str:
    names = dict.fromkeys(label_of(t) for p in packages for t in p.targets)
    return "; ".join(names)


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
