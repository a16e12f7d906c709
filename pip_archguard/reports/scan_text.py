"""The result of a scan in full: the table, what was found, and a summary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Severity
from pip_archguard.model.result import ScanReport
from pip_archguard.model.scan import Form, Scanned
from pip_archguard.model.verdict import Verdict
from pip_archguard.reports.contents import label_of
from pip_archguard.reports.json_form import document
from pip_archguard.reports.reasons import because
from pip_archguard.reports.table import PLAIN, Look, Row, table
from pip_archguard.reports.wording import visible

_MOST_OF_A_CODE = 3
WORST_FIRST = (Verdict.BROKEN, Verdict.UNKNOWN, Verdict.WARNING, Verdict.OK)


def scan_text(report: ScanReport, look: Look = PLAIN) -> str:
    """Return the result in the form that was asked for, without a final newline."""
    match report.form:
        case Form.JSON:
            return document(report.wheels)
        case Form.TABLE:
            parts = [table(report.wheels, look)] if report.wheels else []
            parts += _details(report)
            return "\n\n".join([*parts, _summary(report.wheels)])


def _details(report: ScanReport) -> Iterator[str]:
    for wheel in report.wheels:
        lines = list(findings_of(wheel, verbose=report.verbose))
        if lines:
            yield "\n".join([visible(wheel.judgement.facts.filename), *lines])


def findings_of(wheel: Row, *, verbose: bool) -> Iterator[str]:
    """Yield a line for each finding, the weightiest first, and few of one code."""
    by_code: defaultdict[tuple[Severity, str], list[Finding]] = defaultdict(list)
    for finding in wheel.judgement.findings:
        if verbose or finding.severity is not Severity.INFO:
            by_code[finding.severity, finding.reason.value].append(finding)
    weights = list(Severity)
    for (severity, code), findings in sorted(
        by_code.items(), key=lambda item: (weights.index(item[0][0]), item[0][1])
    ):
        for finding in findings[:_MOST_OF_A_CODE]:
            where = f" ({label_of(finding.target)})" if len(wheel.targets) > 1 else ""
            yield f"  {severity.value}: {code}{where}: {because(finding)}"
        more = len(findings) - _MOST_OF_A_CODE
        if more > 0:
            yield f"  {severity.value}: {code}: and {more} more"


def _summary(wheels: Sequence[Scanned]) -> str:
    counts = Counter(wheel.judgement.verdict for wheel in wheels if wheel.targets)
    others = sum(not wheel.targets for wheel in wheels)
    total = "1 wheel" if len(wheels) == 1 else f"{len(wheels)} wheels"
    parts = [f"{counts[v]} {v.value}" for v in WORST_FIRST if counts[v]]
    found = ", ".join([*parts, *([f"{others} for another system"] if others else [])])
    return f"{total}: {found}" if found else total
