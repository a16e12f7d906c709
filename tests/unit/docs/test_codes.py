"""The reference of codes and exit codes, held against the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from builders.pages import DOCS, section
from pip_archguard import errors
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.audit import Note, SkipReason
from pip_archguard.model.doctor import Ailment
from pip_archguard.model.reason import Reason
from pip_archguard.pipbridge.internals import registry

CODES = DOCS / "reference" / "codes.md"
COMMANDS = DOCS / "reference" / "command-line.md"
JSON = DOCS / "reference" / "json.md"
CAUGHT = {
    "archguard-error",  # the root, never raised itself
    "binary-problem",  # these four become `could-not-tell` or `malformed-binary`
    "malformed-binary",
    "broken-symbols",
    "beyond-bounds",
    "unreadable-wheel",  # becomes `could-not-tell`, or `unreadable-input` where it was named
    "no-ranges",  # the whole file is fetched then
    "costs-too-much",  # the cell of a coverage stays `claimed`
}
"""Errors that no user meets."""
BY_THE_RUNNER = {"unsupported-python": 42}
"""Said by a file that older Pythons must be able to run; see `__archguard_runner__.py`."""


def rows(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each row whose first cell is a code."""
    for line in text.splitlines():
        if re.match(r"\| `[a-z0-9-]+`", line):
            yield tuple(cell.strip() for cell in line.strip("| ").split(" | "))


def first_cells(text: str) -> set[str]:
    return {code for cells in rows(text) for code in re.findall(r"`([a-z0-9-]+)`", cells[0])}


def kinds_of(error: type[ArchGuardError]) -> Iterator[type[ArchGuardError]]:
    yield error
    for kind in error.__subclasses__():
        yield from kinds_of(kind)


def test_the_findings_are_those_of_the_rules() -> None:
    assert first_cells(section(CODES, "Findings")) == {reason.value for reason in Reason}


def test_the_errors_are_those_that_are_raised_with_their_exit_codes() -> None:
    first = section(CODES, "Errors").split("Two codes")[0]

    told = {cells[0].strip("`"): int(cells[1]) for cells in rows(first)}
    raised = {kind.code: kind.exit_code for kind in kinds_of(ArchGuardError)}

    assert told == {c: e for c, e in raised.items() if c not in CAUGHT} | BY_THE_RUNNER


def test_the_problems_and_notes_of_doctor_are_all_there() -> None:
    assert first_cells(section(COMMANDS, "`doctor`")) == {each.value for each in Ailment}


@pytest.mark.parametrize("code", [each.value for each in (*Note, *SkipReason)])
def test_what_an_audit_notes_is_in_the_reference_of_its_json(code: str) -> None:
    assert f"`{code}`" in section(JSON, "The result of an audit")


def test_the_exit_codes_are_all_there() -> None:
    ours = {value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    table = section(COMMANDS, "Exit codes")

    told = {int(number) for number in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}

    assert told == {0, 1} | ours


@pytest.mark.parametrize("name", [name for name in registry.OWN if name != "disable"])
def test_the_exit_codes_of_a_command_are_told(name: str) -> None:
    heading = "`enable` and `disable`" if name == "enable" else f"`{name}`"
    text = section(COMMANDS, heading)

    told = {int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    in_words = {int(number) for number in re.findall(r"[Ee]xit code (\d+)", text)}

    assert told | in_words
    assert told | in_words <= {0, 1, 2, 40, 41, 42}
