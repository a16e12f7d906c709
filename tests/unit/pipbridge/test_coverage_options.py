"""What the arguments of `coverage` stand for."""

from __future__ import annotations

import optparse
from pathlib import Path

import pytest

from pip_archguard.errors import UnreadableInputError
from pip_archguard.locks.kinds import FileKind
from pip_archguard.pipbridge.coverage_options import (
    Inputs,
    add_coverage_options,
    groups_of,
    inputs_of,
    places_asked,
)


def parsed(*words: str) -> tuple[optparse.Values, list[str]]:
    parser = optparse.OptionParser()
    parser.add_option("-r", dest="requirements", action="append", default=[])
    parser.add_option("-e", dest="editables", action="append", default=[])
    add_coverage_options(parser, group=True)
    return parser.parse_args(list(words))


def inputs(*words: str) -> Inputs:
    return inputs_of(*parsed(*words))


def test_targets_and_pythons_are_words_with_commas() -> None:
    options, _ = parsed(
        *("--targets", "macos-arm64, linux-x86_64", "--targets", "windows-amd64"),
        *("--python-version", "3.10,3.12"),
    )

    ids = [place.column.id for place in places_asked(options)]
    assert ids == [
        *("macos-arm64-cp310", "macos-arm64-cp312", "linux-x86_64-cp310"),
        *("linux-x86_64-cp312", "windows-amd64-cp310", "windows-amd64-cp312"),
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("pylock.toml", FileKind.PYLOCK),
        ("some/pylock.dev.toml", FileKind.PYLOCK),
        ("../uv.lock", FileKind.UV),
        ("poetry.lock", FileKind.POETRY),
    ],
)
@pytest.mark.parametrize("option", [(), ("-r",)], ids=["argument", "requirement"])
def test_a_lock_is_told_by_its_name(word: str, kind: FileKind, option: tuple[str, ...]) -> None:
    found = inputs(*option, word)

    assert found == Inputs(arguments=(), requirements=(), lock=(kind, Path(word)))


def test_projects_requirements_and_their_files_go_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("dev.txt").touch()

    found = inputs("numpy>=2", "pyproject.toml", "-r", "base.txt", "dev.txt")

    assert found.arguments == ("numpy>=2",)
    assert found.requirements == ("base.txt", "dev.txt")
    assert found.projects == (Path("pyproject.toml"),)


@pytest.mark.parametrize("word", ["https://index.example/pylock.toml", "mypylock", "a.b"])
def test_other_names_are_left_to_pip(word: str) -> None:
    assert inputs(word).arguments == (word,)


@pytest.mark.parametrize("name", ["gone.txt", "pylock.a.b.toml", "uv.lock.txt", "mypylock.toml"])
def test_a_file_that_is_not_there_is_no_project_of_that_name(name: str) -> None:
    with pytest.raises(UnreadableInputError, match=f"there is no file `{name}`"):
        inputs(name)


def test_a_file_of_an_unknown_kind_is_an_error(tmp_path: Path) -> None:
    tmp_path.joinpath("Cargo.lock").touch()

    with pytest.raises(UnreadableInputError, match="is no file that can be read here"):
        inputs(str(tmp_path / "Cargo.lock"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "nothing is named"),
        (("uv.lock", "poetry.lock"), "something else is named beside it"),
        (("uv.lock", "numpy"), "something else is named beside it"),
        (("uv.lock", "-e", "."), "something else is named beside it"),
    ],
)
def test_what_does_not_go_together_is_an_error(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(UnreadableInputError, match=why):
        inputs(*words)


def test_groups_are_names_whether_pip_has_the_option_or_we() -> None:
    options, _ = parsed("--group", "dev")

    assert groups_of(options) == ("dev",)
    options.dependency_groups = [("pyproject.toml", "docs")]
    assert groups_of(options) == ("docs",)
