"""The examples of the documentation: each is run, or listed with a reason; each can be parsed."""

from __future__ import annotations

import configparser
import doctest
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from pip._internal.commands import commands_dict

from builders.pages import PAGES, ROOT, Block, all_blocks, blocks
from builders.parsers import parser_of
from builders.pictures import wheels
from pip_archguard.pipbridge.internals import registry

BLOCKS = tuple(all_blocks())
NO_OUTPUT = "it shows no output; its commands are parsed"
NOT_RUN = {
    ("README.md", "python3 -m venv"): "it sets up nox; the first commands of the README",
    ("README.md", "python -m pip install ."): NO_OUTPUT,
    ("docs/explanation/accuracy.md", "nox"): "benchmarks take minutes",
    ("docs/explanation/fuzzing.md", ""): "a fuzzer runs for minutes",
    ("docs/how-to/app-builders.md", ""): "it takes a Mac and the tool that builds the app",
    ("docs/how-to/audit-environments.md", "pip-archguard"): NO_OUTPUT,
    ("docs/how-to/cover-many-targets.md", ""): NO_OUTPUT,
    ("docs/how-to/fresh-environments.md", "pip-archguard wheel"): "test_recipes.py runs it",
    ("docs/how-to/fuse-wheels.md", "pip download"): "real wheels of numpy; test_fuse_real.py",
    ("docs/how-to/gate-your-wheels.md", "pip-archguard"): NO_OUTPUT,
    ("docs/how-to/release.md", ""): "it builds a release, which takes a minute",
    ("docs/how-to/scan-a-mirror.md", ""): NO_OUTPUT,
    ("docs/how-to/use-dask.md", ""): "it takes a cluster; test_dask.py",
    ("docs/how-to/set-up-a-team.md", "pip-archguard"): NO_OUTPUT,
    ("docs/how-to/share-facts.md", ""): "two machines; test_facts.py",
    ("docs/how-to/use-in-ci.md", "pip-archguard"): NO_OUTPUT,
    ("docs/how-to/when-it-stops.md", "pip-archguard scan"): NO_OUTPUT,
    ("docs/how-to/x86-64-environments.md", "pip-archguard route docker"): NO_OUTPUT,
    ("docs/reference/json.md", "python -c"): "it prints the schema; python.md reads that",
    ("docs/tutorial/first-rescue.md", "python -m pip install path/to/clone"): NO_OUTPUT,
}
"""Why a block of commands is not run: by its page, and how its first command begins."""
CODE = {"console", "yaml", "toml", "ini"}
ENDS = {">", ">>", "|", "&&", "&", "2>&1"}


def where(block: Block) -> str:
    return f"{block.page}:{block.line}"


def ours(block: Block) -> Iterator[list[str]]:
    """Yield each call of pip-archguard in a block as words."""
    if block.language == "console":
        lines = [line for line, _ in block.commands()]
    else:
        lines = re.findall(r"pip-archguard (?:[a-z]+ )[^\"\n]*", block.text)
    for line in lines:
        for part in re.split(r"&&|\|", line):
            words = shlex.split(part, comments=True)
            if "pip-archguard" in words:
                yield words[words.index("pip-archguard") + 1 :]


CALLS = [
    pytest.param(words, id=f"{where(block)} {' '.join(words)}"[:90])
    for block in BLOCKS
    if block.language in CODE
    for words in ours(block)
]


def test_each_block_of_commands_is_run_or_listed_with_a_reason() -> None:
    consoles = [block for block in BLOCKS if block.language == "console" and not block.scene]
    used = set()
    for block in consoles:
        first = next(line for line, _ in block.commands())
        keys = {key for key in NOT_RUN if key[0] == block.page and first.startswith(key[1])}
        assert keys, f"{where(block)}: `{first}` is neither run nor listed"
        used |= keys

    assert used == set(NOT_RUN)


def test_no_output_is_shown_that_is_not_compared() -> None:
    excused = {key[0] for key, reason in NOT_RUN.items() if reason != NO_OUTPUT}

    shown = {
        where(block)
        for block in BLOCKS
        if not block.scene and block.page not in excused
        for _, printed in block.commands()
        if printed.strip()
    }

    assert not shown


@pytest.mark.parametrize("words", CALLS)
def test_a_command_has_options_that_exist(words: list[str]) -> None:
    while words and words[0].startswith("-"):  # `--python PYTHON` before the command
        words = words[2:] if words[0] == "--python" else words[1:]
    command, *rest = words
    for end in ENDS.intersection(rest):
        rest = rest[: rest.index(end)]

    assert command in {*registry.OWN, *commands_dict}
    known = parser_of(command)
    for word in rest:
        name = word.partition("=")[0]
        if re.match(r"-{1,2}[a-z]", name):
            assert known.get_option(name) is not None, (command, name)


def test_a_configuration_of_pips_has_options_that_exist() -> None:
    (block,) = (b for b in BLOCKS if b.page.endswith("set-up-a-team.md") and b.language == "ini")
    shown = configparser.ConfigParser()
    shown.read_string(block.text)

    assert shown.sections()
    for command in shown.sections():
        for key in shown[command]:
            assert parser_of(command).get_option(f"--{key}") is not None, (command, key)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(b.language == "pycon" for b in blocks(page))],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_what_python_examples_show_is_what_they_do(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dist").mkdir()
    wheels(tmp_path / "dist")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    text = "\n".join(block.text for block in blocks(page) if block.language == "pycon")
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    told: list[str] = []

    doctest.DocTestRunner(verbose=False).run(test, out=told.append)

    assert test.examples
    assert not told, "".join(told)
