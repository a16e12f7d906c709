"""The reports of a run as their readers see them; whole outputs lie in `tests/golden/reports`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders.finished_cases import every_end
from pip_archguard.model import beginnings
from pip_archguard.model.outcome import ReportForm
from pip_archguard.reports.github import summary, workflow_commands
from pip_archguard.reports.json_form import install_document
from pip_archguard.reports.requirements_form import overlay
from pip_archguard.reports.sarif import sarif_log

GOLDEN = Path(__file__).parents[2] / "golden" / "reports"
ENDS = every_end()
FORMS = {
    "json": install_document,
    "annotations.txt": workflow_commands,
    "summary.md": summary,
    "requirements.txt": overlay,
    "sarif": sarif_log,
}
IN_FULL = ("built", "failed-policy")
"""The logs in SARIF that are kept."""

CASES = [(name, form) for name in ENDS for form in FORMS if form != "sarif" or name in IN_FULL]


@pytest.mark.parametrize(("name", "form"), CASES)
def test_a_report_reads_as_its_golden_file_says(name: str, form: str) -> None:
    golden = GOLDEN / f"{name}.{form}"
    expected = golden.read_text(encoding="utf-8") if golden.exists() else ""

    assert without_rules(FORMS[form](ENDS[name]), form) == expected


def without_rules(text: str, form: str) -> str:
    """Return a log in SARIF without the list of all codes, which tests of their own hold."""
    if form != "sarif":
        return text
    log = json.loads(text)
    assert log["runs"][0]["tool"]["driver"].pop("rules")
    return json.dumps(log, indent=2)


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} <= {f"{name}.{form}" for name, form in CASES}


@pytest.mark.parametrize("name", ENDS)
def test_each_file_begins_in_the_way_by_which_it_is_known_again(name: str) -> None:
    end = ENDS[name]

    assert install_document(end).startswith(beginnings.REPORT[ReportForm.JSON])
    assert sarif_log(end).startswith(beginnings.REPORT[ReportForm.SARIF])
    assert overlay(end).startswith(beginnings.REQUIREMENTS) is (end.exit_code == 0)


@pytest.mark.parametrize("name", ENDS)
def test_each_file_is_plain_ascii(name: str) -> None:
    assert all(FORMS[form](ENDS[name]).isascii() for form in ("json", "sarif", "requirements.txt"))
