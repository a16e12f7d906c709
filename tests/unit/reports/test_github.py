"""Annotations and summaries, by the rules of GitHub's runner."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders.facts import thin, wheel
from builders.finished_cases import BAD, BUILT, SDIST, every_end, finished, handled
from pip_archguard.model.arch import Arch
from pip_archguard.model.choice import Remedy
from pip_archguard.model.event import Replaced
from pip_archguard.reports.github import summary, workflow_commands
from pip_archguard.reports.wording import visible

ENDS = every_end()
NAMES = [
    "::error::x",
    "\n::set-env name=PATH::x",
    "\r\n::add-mask::x",
    "##[add-mask]x",
    "%0A::error::x",
    "a,title=b::c",
    "`<b>|\\|</b>`",
    "``x``|y",
    "\u2028::warning::x",
]


def many(count: int) -> str:
    wheels = [BAD._replace(project=f"p{n}") for n in range(count)]
    return workflow_commands(finished(*(handled(facts) for facts in wheels)))


@pytest.mark.parametrize("count", [1, 9, 10, 11, 30])
def test_no_more_annotations_than_github_shows_and_the_last_counts_the_rest(count: int) -> None:
    lines = many(count).splitlines()

    assert len(lines) == min(count, 10)
    assert ("more, as the log" in lines[-1]) is (count > 10)


def test_the_rest_is_all_that_is_not_shown() -> None:
    assert many(12).splitlines()[-1] == (
        "::warning title=pip-archguard::3 more, as the log of this step tells"
    )


def test_one_wheel_is_one_annotation_however_many_files_are_wrong() -> None:
    facts = wheel(*(thin(f"{n}.so", Arch.X86_64) for n in range(20)))

    assert len(workflow_commands(finished(handled(facts))).splitlines()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_no_name_can_make_a_command_of_its_own(name: str) -> None:
    facts = wheel(thin(f"{name}.so", Arch.X86_64))._replace(filename=f"{name}.whl")
    text = workflow_commands(finished(handled(facts, refused=True), exit_code=40))

    (line,) = text.splitlines()

    assert line.startswith("::error title=speedups 2.1%3A wrong-architecture::")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", ["", "  ", "`"])
def test_nothing_that_we_print_starts_a_command(name: str, before: str) -> None:
    shown = before + visible(name)

    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize("text", ["a::b", "http://[::1]/x", "# a", "x#[y]", ":x"])
def test_what_is_no_command_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_a_name_that_starts_like_a_command_can_still_be_read() -> None:
    assert visible("  ::error::x") == r"  \x3a:error::x"
    assert visible("a##[b]") == r"a\x23#[b]"


@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_out_of_its_cell(name: str) -> None:
    facts = wheel(thin(f"{name}.so", Arch.X86_64))._replace(filename=f"{name}.whl")

    rows = [line for line in summary(finished(handled(facts))).splitlines() if line[:1] == "|"]
    outside = "".join(rows[-1].split("`")[::2])

    assert len(rows) == 3
    assert outside.replace(r"\|", "").count("|") == 4
    assert "|" not in "".join(rows[-1].split("`")[1::2])
    assert "<" not in outside


def test_a_summary_of_very_many_wheels_is_cut() -> None:
    wheels = [BAD._replace(project=f"p{n}") for n in range(250)]

    text = summary(finished(*(handled(facts) for facts in wheels)))

    assert "| and 50 more | | |" in text


def test_a_fence_is_longer_than_what_is_in_it() -> None:
    command = f"{BUILT} '````'"
    replaced = Replaced(choice=SDIST, remedy=Remedy.BUILT, plain_command=command)

    text = summary(finished(handled(BAD, refused=True), replaced=(replaced,)))

    assert f"\n`````console\n{command}\n`````\n" in text


def test_all_well_is_no_news() -> None:
    assert summary(ENDS["clean"]) == workflow_commands(ENDS["clean"]) == ""


def test_a_failure_of_pips_own_is_not_ours_to_tell() -> None:
    end = replace(ENDS["clean"], exit_code=1)

    assert summary(end) == workflow_commands(end) == ""


def test_what_was_used_before_the_run_failed_is_not_called_refused() -> None:
    end = replace(ENDS["used-all-the-same"], exit_code=1)

    assert "| not refused |" in summary(end)
