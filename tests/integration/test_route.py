"""`route`: the way to an x86_64 environment, as commands and files."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from builders.sandbox import Sandbox

RUNNING = "{}.{}".format(*sys.version_info)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_route_is_shown_on_standard_output_and_nothing_is_written(arm64: Sandbox) -> None:
    before = arm64.files()

    result = arm64.run("route", "conda", "uamqp==1.6.1")

    assert (result.code, result.stderr) == (0, ""), result
    assert "  CONDA_SUBDIR=osx-64 conda env create --file environment.yml\n" in result.stdout
    assert "  conda config --env --set subdir osx-64\n" in result.stdout
    assert f"\n  - python={RUNNING}\n" in result.stdout
    assert "\n      - 'uamqp==1.6.1'\n" in result.stdout
    assert "through macOS 27" in result.stdout
    assert (names(arm64.work), arm64.files()) == (set(), before)


def test_each_kind_takes_specifiers_files_and_another_python(arm64: Sandbox) -> None:
    arm64.work.joinpath("r.txt").write_text("numpy\n", encoding="utf-8")
    words = ("--python-version", "3.10", "a==1", "r.txt")

    rosetta = arm64.run("route", "rosetta", *words)
    docker = arm64.run("route", *words[:2], "docker", "a==1", "-r", "r.txt")

    assert (rosetta.code, docker.code) == (0, 0), (rosetta, docker)
    assert "arch -x86_64 python3.10 -m venv .venv-x86_64\n" in rosetta.stdout
    assert "-m pip install a==1 -r r.txt\n" in rosetta.stdout
    assert "FROM --platform=linux/amd64 python:3.10-slim\n" in docker.stdout
    assert "COPY requirements-x86_64.txt r.txt /requirements/\n" in docker.stdout


def test_files_are_written_and_the_commands_that_use_them_are_told(arm64: Sandbox) -> None:
    arm64.work.joinpath("r.txt").write_text("numpy\n", encoding="utf-8")

    first = arm64.run("route", "docker", "r.txt", "a==1", "--write", "x86/docker")
    second = arm64.run("route", "docker", "r.txt", "a==1", "--write", "x86/docker")

    assert (first.code, second.code) == (0, 0), (first, second)
    assert names(arm64.work / "x86") == {
        *("docker/Dockerfile", "docker/requirements-x86_64.txt", "docker/r.txt")
    }
    assert "  docker build --platform linux/amd64 --tag " in first.stdout
    assert " x86/docker\n" in first.stdout
    assert second.stdout == first.stdout


def test_a_file_is_never_overwritten(arm64: Sandbox) -> None:
    arm64.work.joinpath("requirements-x86_64.txt").write_text("mine\n", encoding="utf-8")

    result = arm64.run("route", "docker", "a==1", "--write", ".")

    assert (result.code, result.stdout) == (2, ""), result
    assert "`requirements-x86_64.txt` is there already" in result.stderr
    assert names(arm64.work) == {"requirements-x86_64.txt"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no kind of route is named"),
        (("conad",), "`conad` is no kind of route"),
        (("conda", "missing.txt"), "`missing.txt` cannot be read"),
        (("conda", "-r", "missing"), "`missing` cannot be read"),
        (("conda", "a b"), "`a b` is neither a requirements file nor a requirement specifier"),
        (("conda", "--python-version", "3"), "`3` is no version of Python such as `3.10`"),
        (("conda", "a @ https://u:hunter2@files.invalid/a.whl"), "holds a password"),
        (("docker", "git+https://u:hunter2@files.invalid/x.git"), "holds a password or token"),
        (("git+https://u:hunter2@files.invalid/x.git",), "the first word is no kind of route"),
        (("docker", "a @ https://files.invalid/a.whl?token=hunter2"), "holds a password or token"),
        (("docker", "-r", "https://u:hunter2@files.invalid/r.txt"), "password or token"),
        (("conda", "."), "`.` is neither a requirements file nor a requirement specifier"),
        (("conda", "./x"), "`./x` is neither a requirements file nor"),
        (("conda", "./x.whl"), "`./x.whl` cannot be read"),
        (("conda", "--nonsense"), "no such option: --nonsense"),
    ],
    ids=str,
)
def test_bad_input_is_named(arm64: Sandbox, words: tuple[str, ...], said: str) -> None:
    result = arm64.run("route", *words)

    assert (result.code, result.stdout) == (2, ""), result
    assert said in result.stderr
    assert "hunter2" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wheel_is_no_requirements_file(arm64: Sandbox) -> None:
    arm64.work.joinpath("x.whl").write_bytes(b"PK\3\4\0\xff")

    result = arm64.run("route", "conda", "./x.whl")

    assert (result.code, result.stdout) == (2, ""), result
    assert "`./x.whl` is no requirements file" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_is_read_in_place_under_any_name(arm64: Sandbox) -> None:
    arm64.work.joinpath("my reqs.txt").write_text("numpy\n", encoding="utf-8")

    shown = arm64.run("route", "rosetta", "my reqs.txt")
    written = arm64.run("route", "rosetta", "my reqs.txt", "--write", "x86")

    assert (shown.code, shown.stderr) == (0, "")
    assert " -m pip install -r 'my reqs.txt'\n" in shown.stdout
    assert (written.code, names(arm64.work)) == (2, {"my reqs.txt"})
    assert "would need quotes" in written.stderr


def test_help_tells_of_the_command_and_its_options(arm64: Sandbox) -> None:
    every, own = arm64.run("help"), arm64.run("route", "--help")

    assert (every.code, own.code) == (0, 0)
    assert "Show ways to an x86_64 environment." in every.stdout
    assert all(word in own.stdout for word in ("--write", "--python-version", "rosetta"))
