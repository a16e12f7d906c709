"""The requirements file that repeats what the guard did."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from builders.finished_cases import BAD, GOOD, SDIST, every_end, finished, handled, taken
from pip_archguard.model.choice import Remedy
from pip_archguard.model.outcome import Reports
from pip_archguard.reports.requirements_form import overlay

ENDS = every_end()


def lines(name: str) -> list[str]:
    """Return what is left if comments are taken away as pip does."""
    text = (re.sub(r"(^|\s+)#.*$", "", line) for line in overlay(ENDS[name]).splitlines())
    return [line for line in text if line]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("built", ["--no-binary speedups", "speedups==2.1"]),
        ("not-built", ["--no-binary speedups", "speedups==2.1"]),
        ("other-version", ["speedups==2.0"]),
        ("reinstalled", ["speedups==2.1"]),
        ("fused", ["./speedups-2.1-cp312-cp312-macosx_11_0_universal2.whl"]),
        ("clean", []),
        ("used-all-the-same", []),
    ],
)
def test_it_holds_what_was_taken_in_the_place_of_something_refused(
    name: str, expected: list[str]
) -> None:
    assert lines(name) == expected


def test_another_wheel_is_named_by_its_address_and_hash() -> None:
    assert lines("other-wheel") == [
        f"speedups @ https://example.org/{GOOD.filename}#sha256={'ab' * 32}"
    ]


def test_without_a_hash_the_address_is_enough() -> None:
    (found,) = ENDS["other-wheel"].replaced
    choice = replace(found.choice, sha256="", url="file:///wheels/x.whl")
    end = replace(ENDS["other-wheel"], replaced=(replace(found, choice=choice),))

    text = overlay(end)

    assert text.splitlines()[-1] == "speedups @ file:///wheels/x.whl"
    assert "password" not in text


def test_another_version_may_be_source() -> None:
    (found,) = ENDS["other-version"].replaced
    choice = replace(SDIST, release="2.0")
    end = replace(ENDS["other-version"], replaced=(replace(found, choice=choice),))

    assert overlay(end).splitlines()[-2:] == ["--no-binary speedups", "speedups==2.0"]


@pytest.mark.parametrize("name", [name for name in ENDS if name.startswith("failed")])
def test_of_a_failed_run_there_is_none(name: str) -> None:
    assert overlay(ENDS[name]) == ""


def test_each_reason_is_that_of_its_own_package() -> None:
    other = GOOD._replace(project="other")
    end = finished(
        handled(BAD, refused=True),
        handled(GOOD),
        replaced=(taken(other, Remedy.OTHER_VERSION, "pip install other==2.1"),),
    )

    assert "cannot load" not in overlay(end)


def test_the_file_names_itself_as_a_shell_takes_it() -> None:
    end = replace(ENDS["clean"], reports=Reports())

    assert "-r THIS_FILE" in overlay(end)
    assert "-r overlay.txt" in overlay(ENDS["clean"])


@pytest.mark.parametrize("name", ["a\nevil==1", "a\r--index-url x", "a\u2028b", "ü", "a\\"])
def test_no_name_begins_a_line_of_its_own(name: str) -> None:
    facts = BAD._replace(filename=name)
    end = replace(ENDS["built"], handled=(handled(facts, refused=True),))

    text = overlay(end)

    assert text.isascii()
    assert len(text.splitlines()) == len(overlay(ENDS["built"]).splitlines())


def test_with_no_target_there_is_none_to_name() -> None:
    first, *_ = overlay(replace(ENDS["clean"], targets=())).splitlines()

    assert " for " not in first


def test_the_variables_of_a_build_are_needed_in_front_of_the_whole_command() -> None:
    (found,) = ENDS["built"].replaced
    end = replace(ENDS["built"], replaced=(replace(found, variables=("ARCHFLAGS='-arch arm64'",)),))

    assert "with it: ARCHFLAGS='-arch arm64' pip install -r requirements.txt" in overlay(end)


def test_an_address_of_the_index_cannot_have_pip_send_a_variable_away() -> None:
    end = ENDS["other-wheel"]
    choice = replace(end.replaced[0].choice, url="https://x/a.whl?${HOME}&b=c d\\")
    changed = replace(end, replaced=(replace(end.replaced[0], choice=choice),))

    line = overlay(changed).splitlines()[-1]

    assert line.startswith("speedups @ https://x/a.whl?%24%7BHOME%7D&b=c%20d%5C#sha256=")
