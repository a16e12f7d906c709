"""The form for code scanning, held against the schema of SARIF 2.1.0."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from builders.facts import thin, wheel
from builders.finished_cases import BAD, every_end, finished, handled
from pip_archguard.model.arch import Arch
from pip_archguard.model.event import Finished
from pip_archguard.model.reason import Reason
from pip_archguard.reports.reasons import WORDS
from pip_archguard.reports.sarif import sarif_log

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "tests" / "schemas" / "sarif-2.1.0-rtm.5.json"
ENDS = every_end()
# RFC 3986, 4.2: a relative reference of segments, the first without a colon.
SEGMENT = r"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-F]{2})+"
REFERENCE = re.compile(rf"{SEGMENT}(?:/{SEGMENT})*")


def run_of(end: Finished) -> dict[str, Any]:
    (run,) = json.loads(sarif_log(end))["runs"]
    found: dict[str, Any] = run
    return found


def uris_of(path: str) -> list[str]:
    found = run_of(finished(handled(wheel(thin(path, Arch.X86_64)))))["results"]
    places = [place["physicalLocation"] for result in found for place in result["locations"]]
    return [place["artifactLocation"]["uri"] for place in places]


@pytest.mark.parametrize("name", ENDS)
def test_a_log_is_as_the_schema_says(name: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    jsonschema.Draft4Validator(schema).validate(json.loads(sarif_log(ENDS[name])))


@pytest.mark.parametrize("name", ENDS)
def test_a_log_has_all_that_github_requires(name: str) -> None:
    run = run_of(ENDS[name])
    rules = run["tool"]["driver"]["rules"]

    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
    for result in run["results"]:
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}


@pytest.mark.parametrize("reason", Reason)
def test_each_code_is_a_rule_and_means_what_the_documentation_says(reason: Reason) -> None:
    page = (ROOT / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")

    rules = {r["id"]: r for r in run_of(ENDS["clean"])["tool"]["driver"]["rules"]}
    row = next(line for line in page.splitlines() if line.startswith(f"| `{reason.value}` |"))

    assert rules[reason.value]["shortDescription"]["text"] == WORDS[reason].meaning
    assert row.split("|")[3].strip() == WORDS[reason].meaning


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("built", "warning"),
        ("reinstalled", "warning"),
        ("used-all-the-same", "error"),
        ("failed-policy", "error"),
        ("failed-unknown", "warning"),
    ],
)
def test_what_was_rescued_is_no_error_of_the_run(name: str, level: str) -> None:
    assert [result["level"] for result in run_of(ENDS[name])["results"]] == [level]


def test_a_run_tells_whether_it_ended_well_and_why_not() -> None:
    (good,), (bad,) = (run_of(ENDS[n])["invocations"] for n in ("built", "failed-policy"))

    assert good == {"executionSuccessful": True, "exitCode": 0}
    assert (bad["executionSuccessful"], bad["exitCode"]) == (False, 40)
    assert "the policy is `fail`" in bad["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize(
    "path",
    [
        "a b/ü#?%.so",
        "../../etc/x.so",
        "/etc//x.so",
        "c:x/\\y.so",
        "javascript:x.so",
        "lone\udc80.so",
        "\n\x00.so",
    ],
)
def test_a_place_is_a_reference_inside_the_wheel_whatever_its_name(path: str) -> None:
    (uri,) = uris_of(path)

    assert REFERENCE.fullmatch(uri)
    assert uri.startswith(f"{BAD.filename}/")
    assert not {".", ".."} & set(uri.split("/"))


def test_fingerprints_tell_files_apart_and_are_the_same_in_each_run() -> None:
    both = finished(handled(wheel(*(thin(f"{n}.so", Arch.X86_64) for n in "ab"))))

    first, again = (
        [r["partialFingerprints"]["primaryLocationLineHash"] for r in run_of(end)["results"]]
        for end in (both, replace(both, exit_code=1))
    )

    assert first == again
    assert len(set(first)) == 2


def test_square_brackets_are_no_link() -> None:
    end = finished(handled(wheel(thin("[a](b).so", Arch.X86_64))))

    (result,) = run_of(end)["results"]

    assert r"\[a\](b).so" in result["message"]["text"]
