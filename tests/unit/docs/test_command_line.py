"""The reference of the command line, held against the parsers."""

from __future__ import annotations

import re

import pytest
from pip._internal.commands import commands_dict

from builders.pages import DOCS, ROOT, section
from builders.parsers import GENERAL, GUARDED, OURS, parser_of, spellings
from pip_archguard.pipbridge.internals import registry

PAGE = DOCS / "reference" / "command-line.md"
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")
NEWER = {"--all-releases", "--only-final", "--requirements-from-script", "--group"} | {
    *("--build-constraint", "--no-require-hashes")
}
"""Options of pip's that older ones lack."""
TOGETHER = {"enable": "`enable` and `disable`", "disable": "`enable` and `disable`"}


def text_of(name: str) -> str:
    return section(PAGE, TOGETHER.get(name, f"`{name}`"))


def in_a_table(text: str) -> set[str]:
    """Return the options in the first cells of the rows of tables."""
    cells = re.findall(r"^\| ([^|]*) \|", text, re.MULTILINE)
    return {option for cell in cells for option in OPTION.findall(cell)}


@pytest.mark.parametrize("name", registry.OWN)
def test_each_option_of_a_command_of_ours_is_described(name: str) -> None:
    text = text_of(name)

    lacking = [
        names
        for names in spellings(parser_of(name), without=GENERAL)
        if not any(re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", text) for each in names)
    ]

    assert not lacking


@pytest.mark.parametrize("name", registry.OWN)
def test_each_option_that_is_described_is_one_of_the_command(name: str) -> None:
    if name == "disable":
        pytest.skip("it shares a section with `enable`")

    known = {each for names in spellings(parser_of(name)) for each in names}

    assert in_a_table(text_of(name)) <= known


@pytest.mark.parametrize("name", GUARDED)
def test_the_first_table_has_the_options_of_a_guarded_command(name: str) -> None:
    others = [group.title for group in parser_of(name).option_groups if group.title != OURS]

    ours = {names[-1] for names in spellings(parser_of(name), without=tuple(others))}

    assert in_a_table(section(PAGE, "Guarded commands")) == ours


def test_no_option_is_named_that_no_command_has() -> None:
    known = {
        each
        for name in (*registry.OWN, *commands_dict)
        for names in spellings(parser_of(name))
        for each in names
    }

    named = set(OPTION.findall(PAGE.read_text(encoding="utf-8")))

    assert not named - known - NEWER
    assert {"--arch-policy", "--strict-tags"} <= named


def test_the_supported_pips_are_those_that_the_session_runs() -> None:
    source = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    listed = source.split("PIPS = (")[1].split("\n)")[0]
    table = section(PAGE, "Supported pips")

    run = {".".join(each.split(".")[:2]) for each in re.findall(r'"(\d[\d.]+)"', listed)}

    cells = re.findall(r"^\| ([\d., ]+) \|", table, re.MULTILINE)
    assert {each for cell in cells for each in cell.split(", ")} == run


def test_each_command_of_ours_is_in_the_first_paragraph() -> None:
    first = PAGE.read_text(encoding="utf-8").split("\n## ", 1)[0]

    assert set(re.findall(r"`([a-z]+)`", first)) >= {*registry.OWN, *GUARDED}
