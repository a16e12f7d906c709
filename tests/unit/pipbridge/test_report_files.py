"""What a run is asked to write is looked at before it begins."""

from __future__ import annotations

import optparse
import os
from pathlib import Path

import pytest

from builders.finished_cases import every_end
from pip_archguard.errors import UnwritableFileError
from pip_archguard.model.outcome import ReportForm, Reports
from pip_archguard.pipbridge.options import BUILD_MARK, add_options
from pip_archguard.pipbridge.report_files import reports_of
from pip_archguard.reports.json_form import document, install_document
from pip_archguard.reports.requirements_form import overlay
from pip_archguard.reports.sarif import sarif_log

END = every_end()["built"]
OWN = {
    "json": install_document(END),
    "sarif": sarif_log(END),
    "requirements": overlay(END),
}
OPTIONS = {
    "json": ("--arch-report",),
    "sarif": ("--arch-report-format", "sarif", "--arch-report"),
    "requirements": ("--arch-write-requirements",),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path.resolve()


def asked(*arguments: str, environ: dict[str, str] | None = None) -> Reports:
    parser = optparse.OptionParser()
    add_options(parser)
    options, _ = parser.parse_args(list(arguments))
    return reports_of(options, environ or {})


def test_by_itself_nothing_is_written() -> None:
    assert asked() == Reports()
    assert asked("--arch-report", "") == Reports()


def test_each_file_has_its_option(here: Path) -> None:
    reports = asked("--arch-report", "a", "--arch-write-requirements", "b")

    assert reports == Reports(report=here / "a", requirements=here / "b")
    assert asked(*OPTIONS["sarif"], "a").form is ReportForm.SARIF
    assert list(here.iterdir()) == []


def test_a_build_environment_is_not_reported_on() -> None:
    assert asked("--arch-report", "/no/such/folder/x", environ={BUILD_MARK: "1"}) == Reports()


@pytest.mark.parametrize("option", OPTIONS)
def test_a_file_of_an_earlier_run_and_an_empty_one_may_be_replaced(option: str, here: Path) -> None:
    here.joinpath("own").write_text(OWN[option])
    here.joinpath("empty").touch()

    for name in ("own", "empty"):
        reports = asked(*OPTIONS[option], name)
        assert here / name in (reports.report, reports.requirements)


OTHERS = {
    "requirements of the user's": "numpy\n",
    "other json": "{}\n",
    "a scan": document(()),
    "half of ours": '{\n  "version": "1"',
    "white space": "\n",
    "not text": "\x00\x01",
}


@pytest.mark.parametrize(
    ("option", "content"),
    [(option, each) for option in OPTIONS for each in (*OTHERS, *OWN) if each != option],
)
def test_any_other_file_is_in_the_way(option: str, content: str, here: Path) -> None:
    here.joinpath("there").write_text({**OTHERS, **OWN}[content])

    with pytest.raises(UnwritableFileError, match="is there already") as raised:
        asked(*OPTIONS[option], "there")

    assert raised.value.hint == "name another file, or move that one away"
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("-", "takes the name of a file"),
        (".", "it is there, and no file"),
        ("no/such/folder", "there is no folder"),
        ("loop", "cannot be written"),
        ("x" * 300, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_an_error_at_once(name: str, words: str, here: Path) -> None:
    here.joinpath("loop").symlink_to("loop")

    with pytest.raises(UnwritableFileError, match=words):
        asked("--arch-report", name)


def test_a_folder_that_may_not_be_written_into_is_an_error(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert here
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may do anything

    with pytest.raises(UnwritableFileError, match="nothing may be written into"):
        asked("--arch-report", "x")


def test_one_file_cannot_be_both() -> None:
    with pytest.raises(UnwritableFileError, match="cannot be both"):
        asked("--arch-report", "x", "--arch-write-requirements", "./x")


def test_a_link_is_followed_to_the_file_that_is_written(here: Path) -> None:
    here.joinpath("folder").mkdir()
    here.joinpath("link").symlink_to(Path("folder") / "report")

    assert asked("--arch-report", "link").report == here / "folder" / "report"


def test_a_home_folder_may_be_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))

    assert asked("--arch-report", "~/x").report == here / "x"


def test_a_pipe_and_a_device_may_be_named_and_are_not_opened_yet(here: Path) -> None:
    os.mkfifo(here / "pipe")

    for name in (str(here / "pipe"), os.devnull, "/dev/stdout"):
        assert asked("--arch-report", name).report == Path(name)
