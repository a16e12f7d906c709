"""The result of an audit as its reader sees it; whole outputs lie in `tests/golden/audit`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from builders.audit_cases import AUDITS
from pip_archguard.model.audit import AuditForm
from pip_archguard.reports import json_form
from pip_archguard.reports.audit_text import audit_text

GOLDEN = Path(__file__).parents[2] / "golden" / "audit"
SCHEMAS = Path(__file__).parents[2] / "schemas"
OURS = Path(json_form.__file__).with_name("schema-1.json")
SARIF = SCHEMAS / "sarif-2.1.0-rtm.5.json"
IN_JSON = ("broken-here", "other-owners")


@pytest.mark.parametrize("name", AUDITS)
def test_a_result_reads_as_its_golden_file_says(name: str) -> None:
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")

    assert audit_text(AUDITS[name]) + "\n" == expected


@pytest.mark.parametrize("name", IN_JSON)
def test_a_document_reads_as_its_golden_file_says(name: str) -> None:
    expected = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")

    assert audit_text(replace(AUDITS[name], form=AuditForm.JSON)) + "\n" == expected


def test_no_golden_file_is_left_over() -> None:
    kept = {f"{name}.txt" for name in AUDITS} | {f"{name}.json" for name in IN_JSON}

    assert {path.name for path in GOLDEN.iterdir()} == kept


@pytest.mark.parametrize("name", AUDITS)
def test_each_document_is_as_the_schema_says(name: str) -> None:
    document = json.loads(audit_text(replace(AUDITS[name], form=AuditForm.JSON)))

    jsonschema.validate(document, json.loads(OURS.read_text(encoding="utf-8")))
    assert document["exit_code"] == AUDITS[name].exit_code


@pytest.mark.parametrize("name", AUDITS)
def test_each_log_is_valid_sarif(name: str) -> None:
    log = json.loads(audit_text(replace(AUDITS[name], form=AuditForm.SARIF)))

    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(log)
    assert all(
        not r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith(("/", "."))
        for r in log["runs"][0]["results"]
    )


def test_a_place_in_a_log_begins_with_the_folder() -> None:
    log = json.loads(audit_text(replace(AUDITS["app"], form=AuditForm.SARIF)))

    uris = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for r in log["runs"][0]["results"]
    ]

    assert uris == ["Demo.app/_c.cpython-312-darwin.so", "Demo.app/libx.dylib"]
