"""`coverage`: what a matrix of targets gets, from a machine that is none of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builders.index import Index
from builders.matrix_index import LINUX, REQUIREMENTS, fill, source, static_metadata
from builders.packages import ANY, pure, wheel_name
from builders.sandbox import Result, Sandbox
from builders.wheels import PYTHON

MACS = ("macos-arm64", "macos-x86_64", "macos-universal2")
ALL = (*MACS, "linux-x86_64", "windows-amd64")
LOADS, BOTH, BUILD = "loads", "loads-through-universal2", "source-build"
BAD, NOTHING, UNNEEDED = "mislabelled", "nothing", "not-needed"


@pytest.fixture
def matrix(index: Index) -> Index:
    return fill(index)


def cells(result: Result) -> dict[str, dict[str, Any]]:
    """Return the cells of each project, by the name of the machine."""
    document = json.loads(result.stdout)
    return {
        package["project"]: {
            target.removesuffix(f"-{PYTHON}"): cell for target, cell in package["cells"].items()
        }
        for package in document["packages"]
    }


def states(found: dict[str, dict[str, Any]], project: str) -> tuple[str, ...]:
    return tuple(found[project][machine]["cover"] for machine in ALL)


def trip(sandbox: Sandbox) -> Path:
    return sandbox.folder / "tripwire"


def cover(sandbox: Sandbox, *words: str) -> Result:
    env = {"TRIPWIRE": str(trip(sandbox))}
    return sandbox.run("coverage", "--format", "json", *words, env=env)


@pytest.mark.usefixtures("matrix")
def test_each_target_is_told_what_it_gets_and_no_source_is_run(linux: Sandbox) -> None:
    linux.work.joinpath("requirements.txt").write_text("\n".join(REQUIREMENTS), encoding="utf-8")
    before = linux.files()

    result = cover(linux, "--targets", ",".join(ALL), "-r", "requirements.txt")

    assert result.code == 40, result
    found = cells(result)
    assert states(found, "pair") == (LOADS, LOADS, BUILD, LOADS, LOADS)
    assert states(found, "both") == (BOTH, BOTH, BOTH, LOADS, NOTHING)
    assert states(found, "lying") == (BAD, BOTH, BAD, BUILD, BUILD)
    assert states(found, "linuxonly") == (NOTHING, NOTHING, NOTHING, LOADS, NOTHING)
    assert states(found, "macdep") == (LOADS, LOADS, LOADS, UNNEEDED, UNNEEDED)
    assert states(found, "static") == states(found, "unknowable") == (BUILD,) * 5
    assert states(found, "legacy") == (BUILD, BUILD, BUILD, BUILD, LOADS)
    assert states(found, "pulled") == states(found, "sibling-dep") == (LOADS,) * 5
    arm64 = {project: by["macos-arm64"] for project, by in found.items()}
    assert arm64["lying"]["instead"]["filename"] == "lying-2.0.tar.gz"
    assert arm64["lying"]["instead"]["cover"] == BUILD
    assert arm64["pulled"]["required_by"] == ["static"]
    assert arm64["pair"]["required_by"] == []
    assert not arm64["unknowable"]["dependencies_known"]
    assert "another wheel" in arm64["legacy"]["note"]
    assert "other platforms" in arm64["linuxonly"]["note"]
    assert "two thin wheels" in found["pair"]["macos-universal2"]["note"]
    assert "gone" not in found
    assert not trip(linux).exists()
    assert linux.files() == before
    assert not list(linux.folder.joinpath("tmp").iterdir())


def test_where_an_index_serves_metadata_a_wheel_is_fetched_only_to_be_looked_into(
    linux: Sandbox, matrix: Index
) -> None:
    matrix.metadata = True
    matrix.add(source("told", "1.0", static_metadata("told", "1.0", ["leaf"]), served=True))

    result = cover(linux, "--targets", "linux-x86_64", "pair", "linuxonly", "legacy", "told")

    assert result.code == 0, result
    assert cells(result)["told"]["linux-x86_64"]["dependencies_known"]
    files = [name for name in matrix.downloads() if not name.endswith(".metadata")]
    assert sorted(files) == [
        wheel_name("leaf", "1.5", ANY),
        "legacy-1.0.tar.gz",
        wheel_name("linuxonly", "1.0", LINUX),
        wheel_name("pair", "1.0", LINUX),
        wheel_name("sibling_dep", "1.0", ANY),
    ]


def test_an_older_version_is_told_where_the_newest_cannot_load(
    linux: Sandbox, matrix: Index
) -> None:
    matrix.add_wheel("lying", "1.0", ANY, pure("lying"))

    result = cover(
        linux, "--targets", "macos-arm64", "--only-binary", ":all:", "lying<3", "both", "nowhere"
    )

    assert result.code == 40, result
    found = cells(result)
    assert found["lying"]["macos-arm64"]["instead"] == {
        "cover": LOADS,
        "release": "1.0",
        "filename": wheel_name("lying", "1.0", ANY),
    }
    assert found["nowhere"]["macos-arm64"]["cover"] == NOTHING


def test_a_lock_is_taken_as_it_is_and_the_result_written_to_a_file(
    linux: Sandbox, matrix: Index
) -> None:
    bad = wheel_name("lying", "2.0", f"{PYTHON}-{PYTHON}-macosx_10_9_universal2")
    linux.work.joinpath("pylock.toml").write_text(
        f"""
lock-version = "1.0"
created-by = "hand"
[[packages]]
name = "lying"
version = "2.0"
sdist = {{ url = "{matrix.file_url("lying-2.0.tar.gz")}" }}
wheels = [{{ url = "{matrix.file_url(bad)}", hashes = {{ sha256 = "{matrix.sha256(bad)}" }} }}]
[[packages]]
name = "macdep"
version = "1.0"
marker = "sys_platform == 'darwin'"
wheels = [{{ url = "{matrix.file_url(wheel_name("macdep", "1.0", ANY))}" }}]
""",
        encoding="utf-8",
    )

    words = ("--targets", "macos-arm64,linux-x86_64", "pylock.toml", "--output", "matrix.json")
    result = cover(linux, *words)
    again = cover(linux, *words)
    other = cover(linux, *words[:-1], "pylock.toml")

    assert (result.code, again.code, other.code) == (40, 40, 2), (result, again, other)
    assert result.stdout == ""
    text = linux.work.joinpath("matrix.json").read_text(encoding="utf-8")
    found = cells(Result(args=(), code=0, stdout=text, stderr=""))
    assert found["lying"]["macos-arm64"]["instead"]["cover"] == BUILD
    assert found["lying"]["linux-x86_64"]["cover"] == BUILD
    assert found["macdep"]["linux-x86_64"]["cover"] == UNNEEDED
    assert "/simple/" not in {request.path[:8] for request in matrix.requests}


def test_what_cannot_be_read_ends_with_2_and_a_reason(linux: Sandbox) -> None:
    result = cover(linux, "-r", "missing.txt")

    assert result.code == 2, result
    assert "the requirements cannot be read" in result.stderr
    assert "missing.txt" in result.stderr
    assert "Traceback" not in result.stderr
