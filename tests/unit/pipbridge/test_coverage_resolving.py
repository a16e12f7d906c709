"""Resolving for one target, by pip's own resolver, from a folder of files."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pip._vendor.packaging import markers

from builders.index import Index
from builders.matrix_index import TRIPWIRE, fill, source, static_metadata
from builders.packages import ANY, pure
from builders.wheels import make_metadata, make_wheel
from pip_archguard.errors import UnreadableInputError
from pip_archguard.hosts.matrix import places_of
from pip_archguard.model.coverage import Cover
from pip_archguard.model.covering import Resolved, Taken, Why
from pip_archguard.pipbridge.internals.coverage import CoverageCommand
from pip_archguard.pipbridge.internals.coverage_resolving import Job, resolve

# What older pips import and call is deprecated, and a warning is an error here.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
Ask = Callable[..., Resolved]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("TRIPWIRE", str(tmp_path / "tripwire"))
    before = logging.getLogger("pip").propagate
    yield
    logging.getLogger("pip").propagate = before
    assert not tmp_path.joinpath("tripwire").exists()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with all that the index of a matrix has."""
    folder = tmp_path / "files"
    folder.mkdir()
    index = fill(Index())
    index.server.server_close()
    for name in index.filenames():
        folder.joinpath(name).write_bytes(index.content(name))
    return folder


@pytest.fixture
def ask(files: Path) -> Ask:
    def ask(
        *words: str, machine: str = "macos-arm64", refused: frozenset[str] = frozenset()
    ) -> Resolved:
        found = run(files, *words, machine=machine, refused=refused)
        assert isinstance(found, Resolved), found
        return found

    return ask


def run(
    files: Path, *words: str, machine: str = "macos-arm64", refused: frozenset[str] = frozenset()
) -> Resolved | UnreadableInputError:
    command = CoverageCommand("coverage", "")
    given = ["--no-index", "--find-links", str(files), *words]
    options, arguments = command.parse_args(given)
    (place,) = places_of([machine], [])
    return resolve(Job(options=options, arguments=tuple(arguments), place=place, refused=refused))


def by_name(found: Resolved) -> dict[str, Taken]:
    assert not found.failure
    return {taken.project: taken for taken in found.taken}


def test_markers_are_put_back(ask: Ask) -> None:
    before = markers.default_environment

    found = by_name(ask('macdep; sys_platform == "darwin"', 'pulled; sys_platform == "linux"'))

    assert set(found) == {"macdep"}
    assert markers.default_environment is before


def test_refused_files_give_way_to_the_next(ask: Ask) -> None:
    first = by_name(ask("lying"))["lying"]
    assert (first.cover, first.filename.endswith("universal2.whl")) == (None, True)

    second = by_name(ask("lying", refused=frozenset({first.url})))["lying"]
    assert (second.cover, second.filename) == (Cover.BUILD, "lying-2.0.tar.gz")

    third = by_name(ask("lying", refused=frozenset({first.url, second.url})))["lying"]
    assert (third.cover, third.why) == (Cover.NOTHING, (Why.ALL_REFUSED,))


def test_an_older_version_is_next_where_all_of_the_newest_is_refused(ask: Ask, files: Path) -> None:
    older = make_wheel("lying", "1.0", ANY, pure("lying"))
    files.joinpath(older.filename).write_bytes(older.content)
    refused = frozenset(path.as_uri() for path in files.glob("lying-2.0*"))

    found = by_name(ask("lying", refused=refused))["lying"]

    assert (found.cover, found.release) == (None, "1.0")


@pytest.mark.parametrize(
    ("words", "why", "release"),
    [
        (("nowhere",), Why.NO_PROJECT, ""),
        (("pulled>=2",), Why.NO_VERSION, ""),
        (("linuxonly",), Why.OTHER_PLATFORMS, "1.0"),
        (("--only-binary", ":all:", "unknowable"), Why.NOT_ALLOWED, "1.0"),
    ],
    ids=["project", "version", "platform", "options"],
)
def test_where_nothing_fits_the_reason_is_told_and_the_others_are_resolved(
    words: tuple[str, ...], why: Why, release: str, ask: Ask
) -> None:
    found = by_name(ask(*words, "macdep"))

    assert len(found) == 2
    (none,) = (taken for taken in found.values() if taken.cover is Cover.NOTHING)
    assert (none.why, none.release) == ((why,), release)
    assert none.required_by == ()
    assert found["macdep"].cover is None


def test_what_is_missing_names_who_asks_for_it(ask: Ask, files: Path) -> None:
    wheel = make_wheel("asker", "1.0", ANY, pure("asker"), requires=["nowhere", "leaf"])
    files.joinpath(wheel.filename).write_bytes(wheel.content)

    found = by_name(ask("asker"))

    assert found["nowhere"].required_by == ("asker",)
    assert found["leaf"].required_by == ("asker",)


def test_pip_tries_older_versions_before_anything_is_left_out(ask: Ask, files: Path) -> None:
    for version, requires in (("2.0", ["nowhere"]), ("1.0", ["leaf"])):
        wheel = make_wheel("asker", version, ANY, pure("asker"), requires=requires)
        files.joinpath(wheel.filename).write_bytes(wheel.content)

    found = by_name(ask("asker"))

    assert set(found) == {"asker", "leaf"}
    assert found["asker"].release == "1.0"


def test_a_python_that_a_package_is_not_for_is_told(ask: Ask, files: Path) -> None:
    metadata = make_metadata("ancient", "1.0").replace(b": 2.1\n", b": 2.2\n", 1)
    sdist = source("ancient", "1.0", metadata + b"Requires-Python: <3\n")
    files.joinpath(sdist.filename).write_bytes(sdist.content)

    found = by_name(ask("ancient", "macdep"))

    assert found["ancient"].why == (Why.OTHER_PYTHON,)
    assert set(found) == {"ancient", "macdep"}


def test_requirements_that_contradict_each_other_are_the_failure(ask: Ask, files: Path) -> None:
    for archive in (
        make_wheel("leaf", "0.5", ANY, pure("leaf")),
        source("clash", "1.0", static_metadata("clash", "1.0", ["leaf<1"])),
    ):
        files.joinpath(archive.filename).write_bytes(archive.content)

    found = ask("pair", "clash")

    assert found.taken == ()
    assert "clash 1.0 asks for leaf<1" in found.failure
    assert "pair 1.0 asks for leaf>=1" in found.failure


def test_a_constraint_counts(ask: Ask, files: Path, tmp_path: Path) -> None:
    older = make_wheel("leaf", "1.2", ANY, pure("leaf"))
    files.joinpath(older.filename).write_bytes(older.content)
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("leaf<1.4\nmacdep>7\n", encoding="utf-8")

    found = by_name(ask("-c", str(constraints), "pair", "macdep"))

    assert found["leaf"].release == "1.2"
    assert (found["macdep"].cover, found["macdep"].why) == (Cover.NOTHING, (Why.NO_VERSION,))


@pytest.mark.parametrize("option", [(), ("-e",)], ids=["plain", "editable"])
def test_a_source_tree_is_read_and_not_run(
    option: tuple[str, ...], ask: Ask, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    tree.joinpath("setup.py").write_text(TRIPWIRE, encoding="utf-8")
    text = '[project]\nname = "tree"\ndynamic = ["version"]\ndependencies = ["leaf"]\n'
    tree.joinpath("pyproject.toml").write_text(text, encoding="utf-8")

    found = by_name(ask(*option, str(tree)))

    assert (found["tree"].cover, found["tree"].why) == (Cover.BUILD, (Why.SOURCE_TREE,))
    assert found["tree"].dependencies_known
    assert found["leaf"].required_by == ("tree",)


def test_a_source_tree_that_declares_nothing_is_named_after_its_folder(
    ask: Ask, tmp_path: Path
) -> None:
    tree = tmp_path / "Old_Tree"
    tree.mkdir()
    tree.joinpath("setup.py").write_text(TRIPWIRE, encoding="utf-8")

    found = by_name(ask(str(tree)))

    assert set(found) == {"old-tree"}
    assert not found["old-tree"].dependencies_known


def test_a_wheel_by_path_that_is_for_another_machine_is_told(ask: Ask, files: Path) -> None:
    (wheel,) = files.glob("both-*universal2.whl")

    mac = by_name(ask(str(wheel)))
    windows = by_name(ask(str(wheel), "pulled", machine="windows-amd64"))

    assert mac["both"].direct
    assert (windows["both"].cover, windows["both"].why) == (Cover.NOTHING, (Why.OTHER_PLATFORMS,))
    assert windows["pulled"].cover is None


def test_an_sdist_of_pyproject_is_read_where_pkg_info_is_too_old(ask: Ask, files: Path) -> None:
    text = b'[project]\nname = "modern"\nversion = "1.0"\ndependencies = ["leaf"]\n'
    sdist = source("modern", "1.0", make_metadata("modern", "1.0"), pyproject=text)
    files.joinpath(sdist.filename).write_bytes(sdist.content)

    found = by_name(ask("modern"))

    assert found["modern"].why == (Why.FROM_PROJECT,)
    assert "leaf" in found


def test_what_is_no_archive_is_a_build_of_which_nothing_is_known(ask: Ask, files: Path) -> None:
    files.joinpath("rubbish-1.0.tar.gz").write_bytes(b"rubbish")

    found = by_name(ask("rubbish"))

    assert (found["rubbish"].cover, found["rubbish"].why) == (Cover.BUILD, (Why.NOT_DECLARED,))


@pytest.mark.parametrize("words", [("-r", "no-such-file.txt"), ("what is this",), ("./no-such",)])
def test_what_cannot_be_read_is_an_error(words: tuple[str, ...], files: Path) -> None:
    found = run(files, *words)

    assert isinstance(found, UnreadableInputError)
    assert "the requirements cannot be read" in str(found)
