"""A matrix as text, JSON and Markdown; whole outputs lie in `tests/golden/coverage`."""

from __future__ import annotations

import importlib.resources
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from builders import coverages
from pip_archguard import reports
from pip_archguard.model.coverage import Cell, Column, Cover, Coverage
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.reports import coverage_html, coverage_json, coverage_markdown, coverage_text
from pip_archguard.reports.matrix_rows import rows_of, sentences
from pip_archguard.reports.matrix_words import WORST_FIRST, meaning, sign, word
from pip_archguard.reports.table import Look

GOLDEN = Path(__file__).parents[2] / "golden" / "coverage"
FORMS = {"txt": coverage_text, "json": coverage_json, "md": coverage_markdown}
WHOLE = coverages.whole()


def schema() -> Any:
    text = importlib.resources.files("pip_archguard.reports").joinpath("schema-1.json").read_text()
    return jsonschema.Draft202012Validator(json.loads(text))


def one(cell: Cell) -> Coverage:
    return Coverage(sources=(), columns=(Column(target=coverages.ARM64, cells=(cell,)),))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", coverages.ALL)
def test_a_matrix_reads_as_its_golden_file_says(name: str, form: str) -> None:
    golden = GOLDEN / f"{name}.{form}"

    assert FORMS[form](coverages.ALL[name]) + "\n" == golden.read_text(encoding="utf-8")


def test_a_narrow_terminal_shows_one_table_below_the_other() -> None:
    golden = GOLDEN / "narrow.txt"

    text = coverage_text(WHOLE, Look(width=50)) + "\n"

    assert text == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    expected = {f"{name}.{form}" for name in coverages.ALL for form in FORMS}

    assert {path.name for path in GOLDEN.iterdir()} == {*expected, "narrow.txt"}


@pytest.mark.parametrize("width", [34, 40, 60, 80, 120, 200])
def test_no_terminal_is_too_narrow_and_nothing_is_lost(width: int) -> None:
    coverage = coverages.large(3)

    parts = coverage_text(coverage, Look(width=width)).split("\n\n")

    tables = [part for part in parts if "Python" in part]
    assert max(len(line) for part in tables for line in part.splitlines()) <= width
    titles = "".join(part.splitlines()[1] for part in tables)
    assert titles.count("Python 3.1") == 12
    assert all("package-002" in part for part in tables)


def test_it_has_colours_where_it_is_asked_for_them() -> None:
    assert "\x1b[1;31mmislabelled" in coverage_text(WHOLE, Look(width=90, colours=True))
    assert "\x1b" not in coverage_text(WHOLE, Look(width=90))


def test_each_state_has_words_and_a_sign_of_its_own() -> None:
    assert {*WORST_FIRST} == {*Cover}
    for told in (word, meaning, sign):
        assert len({told(cover) for cover in Cover}) == len(Cover)


def test_the_worst_comes_first_and_then_what_concerns_most_targets() -> None:
    names = [row.project for row in rows_of(WHOLE)]

    assert names == ["capstone", "vosk", "grpcio", "uamqp", "cffi", "numpy", "six", "appnope"]


def test_a_target_that_failed_makes_no_package_worse() -> None:
    rows = rows_of(WHOLE)

    assert {row.project for row in rows if row.worst is Cover.UNKNOWN} == {"grpcio"}


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (Cover.LOADS, "would take `x-2.whl` (2, another version) instead"),
        (Cover.BUILD, "would build `x-2.whl` (2, another version) instead"),
        (Cover.NOTHING, "would stop"),
        (None, "would stop"),
        (Cover.UNKNOWN, "could not be told"),
    ],
    ids=str,
)
def test_what_the_guard_would_do_is_told(cover: Cover | None, expected: str) -> None:
    cell = Cell(
        project="x",
        cover=Cover.MISLABELLED,
        release="1",
        filename="x-1.whl",
        instead=cover,
        instead_release="2",
        instead_filename="x-2.whl",
    )

    assert any(expected in line for line in sentences(cell))


@pytest.mark.parametrize("cover", Cover, ids=lambda c: c.value)
def test_every_state_has_a_sentence_and_a_place_in_each_form(cover: Cover) -> None:
    coverage = one(Cell(project="x", cover=cover, release="1", filename="x-1.whl"))

    assert len(sentences(coverage.columns[0].cells[0])) >= 1
    assert word(cover) in coverage_text(coverage)
    assert sign(cover) in coverage_markdown(coverage)
    assert json.loads(coverage_json(coverage))["packages"][0]["cover"] == cover.value


@pytest.mark.parametrize("name", coverages.ALL)
def test_the_json_is_as_its_schema_says(name: str) -> None:
    content = json.loads(coverage_json(coverages.ALL[name]))

    assert list(schema().iter_errors(content)) == []


@pytest.mark.parametrize("key", ["targets", "packages"])
def test_the_schema_wants_all_of_a_matrix(key: str) -> None:
    content = json.loads(coverage_json(WHOLE))

    del content[key]

    assert not schema().is_valid(content)


@pytest.mark.parametrize("key", ["processes", "failure", "machine", "python", "id"])
def test_the_schema_wants_all_of_a_column(key: str) -> None:
    content = json.loads(coverage_json(WHOLE))

    del content["targets"][0][key]

    assert not schema().is_valid(content)


def test_the_schema_wants_all_of_a_cell() -> None:
    for key in json.loads(coverage_json(WHOLE))["packages"][0]["cells"]["macos-arm64-cp312"]:
        content = json.loads(coverage_json(WHOLE))
        del content["packages"][0]["cells"]["macos-arm64-cp312"][key]

        assert not schema().is_valid(content)


def test_every_target_has_a_cell_of_every_package_and_a_finding_names_a_process() -> None:
    content = json.loads(coverage_json(WHOLE))

    ids = [target["id"] for target in content["targets"]]
    processes = {each["id"] for target in content["targets"] for each in target["processes"]}
    cells = [package["cells"] for package in content["packages"]]
    assert all([*found] == ids for found in cells)
    findings = [f for found in cells for cell in found.values() for f in cell["findings"]]
    assert {finding["target"] for finding in findings} <= processes
    assert findings[0]["code"] == "wrong-architecture"


def test_a_universal2_target_has_two_processes() -> None:
    (*_, both) = json.loads(coverage_json(coverages.sound()))["targets"]

    assert [each["arch"] for each in both["processes"]] == ["arm64", "x86_64"]


@pytest.mark.parametrize("form", FORMS)
def test_no_name_brings_control_characters(form: str) -> None:
    text = FORMS[form](coverages.hostile())

    assert [c for c in text if not c.isprintable() and c != "\n"] == []
    assert "\n::error" not in text


def test_names_are_no_markup_in_markdown() -> None:
    text = coverage_markdown(coverages.hostile())

    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {4}
    outside = "".join(piece for line in rows for piece in line.split("`")[::2])
    assert "<img" not in outside
    assert "](" not in outside.replace("\\]", "")


@pytest.mark.parametrize("name", ["https://e.example", "www.e.example", "@someone", "a@b.example"])
def test_notes_are_no_links_in_markdown(name: str) -> None:
    text = coverage_markdown(one(Cell(project="x", cover=Cover.NOTHING, note=f"see {name}")))

    assert name not in text


def test_a_single_warning_needs_attention_and_information_does_not() -> None:
    cell = WHOLE.columns[0].cell("grpcio")
    told = coverages.found(Reason.NEWER_MACOS, coverages.ARM64, "15.0", severity=Severity.INFO)
    (warned,), (sound,) = rows_of(one(cell)), rows_of(one(replace(cell, findings=(told,))))

    assert (warned.needs_attention, sound.needs_attention) == (True, False)


@pytest.mark.parametrize("form", [*FORMS, "html"])
def test_a_matrix_of_nothing_is_no_error(form: str) -> None:
    nothing = Coverage(sources=(), columns=())

    assert {**FORMS, "html": coverage_html}[form](nothing)


def test_many_names_are_counted() -> None:
    cells = tuple(Cell(project=f"x{n}", cover=Cover.BUILD) for n in range(9))
    coverage = Coverage(sources=(), columns=(Column(target=coverages.ARM64, cells=cells),))

    assert "`x4` and 4 more will be built" in coverage_text(coverage)


@pytest.mark.parametrize("name", [n for n in reports.__all__ if n.startswith("coverage")])
def test_the_reports_offer_each_form_and_load_none_of_it_before(name: str) -> None:
    code = (
        "import sys, pip_archguard.reports as r, pip_archguard.cli.console\n"
        "assert not [m for m in sys.modules if 'matrix' in m or m == 'rich']\n"
        f"assert callable(r.{name})\n"
        "assert [m for m in sys.modules if 'matrix' in m]"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
