"""What is left when a run is over."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builders.finished_cases import every_end
from pip_archguard.cli import main as program
from pip_archguard.cli.console import Console
from pip_archguard.cli.output import Output
from pip_archguard.errors import EXIT_INPUT
from pip_archguard.model.event import Begun, Finished
from pip_archguard.model.outcome import ReportForm, Reports

ENDS = every_end()


def end(name: str, reports: Reports) -> Finished:
    return replace(ENDS[name], reports=reports)


def tell(console: Console, finished: Finished) -> None:
    console.tell(Begun(reports=finished.reports))
    console.tell(finished)


@pytest.mark.parametrize(("form", "key"), [(ReportForm.JSON, "wheels"), (ReportForm.SARIF, "runs")])
def test_a_report_is_written_in_its_form(form: ReportForm, key: str, tmp_path: Path) -> None:
    console = Console()

    tell(console, end("built", Reports(report=tmp_path / "r", form=form)))

    assert key in json.loads((tmp_path / "r").read_text(encoding="utf-8"))
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
    assert not console.lost


@pytest.mark.parametrize(("name", "written"), [("built", True), ("failed-policy", False)])
def test_requirements_are_written_if_the_run_went_well(
    name: str, tmp_path: Path, *, written: bool
) -> None:
    path = tmp_path / "r"
    path.touch()

    tell(Console(), end(name, Reports(requirements=path)))

    assert bool(path.read_text(encoding="utf-8")) is written


def test_what_cannot_be_written_is_told_and_remembered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console()
    reports = Reports(report=tmp_path / "gone" / "r", requirements=tmp_path / "overlay")

    tell(console, end("built", reports))

    assert console.lost
    assert f"error: unwritable-file\n`{tmp_path}/gone/r` cannot" in capsys.readouterr().err
    assert (tmp_path / "overlay").exists()


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()

    (error,) = Output(Reports(report=tmp_path / "r"), {}).write(end("built", Reports()))

    assert "cannot be written" in str(error)
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_annotations_go_to_standard_error_and_the_summary_into_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "summary.md"
    file.write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))

    tell(Console(), end("built", Reports(on_github=True)))

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("::warning title=speedups 2.1")
    assert file.read_text(encoding="utf-8").startswith("# Before\n### `pip-archguard install`")


@pytest.mark.parametrize("file", ["", "no/such/folder/summary.md"])
def test_a_run_is_none_the_worse_without_a_summary(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", file)
    console = Console()

    tell(console, end("built", Reports(on_github=True)))

    assert not console.lost


def test_elsewhere_there_are_no_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Console(), end("built", Reports()))

    assert capsys.readouterr().err == ""


def test_all_that_is_needed_is_loaded_at_the_beginning(tmp_path: Path) -> None:
    """pip 26.3 allows no import once it has begun to install."""
    reports = Reports(report=tmp_path / "r", requirements=tmp_path / "q")
    code = f"""
import sys
from pathlib import Path
from pip_archguard.cli.output import Output
from pip_archguard.model.event import Finished
from pip_archguard.model.outcome import (ReportForm, Reports)
class Blocker:
    def find_spec(self, name, path=None, target=None):
        raise ImportError(name)
for form in ReportForm:
    reports = Reports(report=Path({str(reports.report)!r}), form=form,
                      requirements=Path({str(reports.requirements)!r}), on_github=True)
    output = Output(reports, {{"GITHUB_STEP_SUMMARY": "x"}})
    sys.meta_path.insert(0, Blocker())
    assert not list(output.write(Finished(command="install", exit_code=0, targets=(),
                                          handled=(), replaced=(), reports=reports)))
    del sys.meta_path[0]
"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("lost", "pips", "expected"), [(True, 0, EXIT_INPUT), (True, 1, 1), (False, 0, 0)]
)
def test_a_lost_report_is_an_error_unless_there_is_another(
    pips: int, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, lost: bool
) -> None:
    report = tmp_path / "r" if not lost else tmp_path / "gone" / "r"

    def start_pip(_arguments: object, make: Callable[[], Console]) -> None:
        tell(make(), end("built", Reports(report=report)))
        raise SystemExit(pips)

    program._console.cache_clear()
    monkeypatch.setattr("pip_archguard.pipbridge.start_pip", start_pip)
    try:
        code = program.main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        program._console.cache_clear()

    assert code == expected
