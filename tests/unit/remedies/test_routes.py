"""The commands and files of each route."""

from __future__ import annotations

import shlex

import pytest

from builders.route_cases import AWKWARD, FILE, REQUIREMENTS, every_route
from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.route import Requirements, RequirementsFile, Route, RouteKind
from pip_archguard.remedies import route_to

ROUTES = every_route()


def contents(route: Route) -> dict[str, str]:
    return {file.name: file.content for file in route.files}


def test_conda_pins_the_environment_to_intel_packages() -> None:
    route = ROUTES["conda-one-shown"]

    assert route.commands[:3] == (
        "CONDA_SUBDIR=osx-64 conda env create --file environment.yml",
        "conda activate x86_64-py310",
        "conda config --env --set subdir osx-64",
    )
    assert "  - python=3.10\n" in contents(route)["environment.yml"]
    assert "      - 'uamqp==1.6.1'\n" in contents(route)["environment.yml"]


def test_without_requirements_conda_is_given_no_list_of_them() -> None:
    assert "pip:" not in contents(ROUTES["conda-nothing-shown"])["environment.yml"]


def test_rosetta_to_paste_needs_no_file_and_quotes_each_requirement() -> None:
    route = ROUTES["rosetta-all-shown"]

    install = shlex.split(route.commands[1])
    assert route.files == ()
    assert install[:6] == ["arch", "-x86_64", ".venv-x86_64/bin/python", "-m", "pip", "install"]
    assert install[6:] == ["uamqp==1.6.1", *AWKWARD, "-r", "reqs/base.txt"]


def test_rosetta_written_is_a_script_that_takes_the_files_beside_it() -> None:
    route = ROUTES["rosetta-file-written"]

    assert route.commands == ("sh 'x86 here/make-rosetta-venv.sh'",)
    assert '-m pip install -r "$files"/base.txt\n' in contents(route)["make-rosetta-venv.sh"]
    assert [(copy.name, copy.content) for copy in route.copies] == [("base.txt", FILE.content)]


def test_docker_names_the_platform_in_the_file_and_in_both_commands() -> None:
    route = ROUTES["docker-all-written"]

    dockerfile = contents(route)["Dockerfile"]
    assert "FROM --platform=linux/amd64 python:3.10-slim\n" in dockerfile
    assert "COPY requirements-x86_64.txt base.txt /requirements/\n" in dockerfile
    assert all("--platform linux/amd64" in command for command in route.commands)
    assert route.commands[0].endswith(" 'x86 here'")


@pytest.mark.parametrize("name", ["docker-all-shown", "rosetta-all-written"])
def test_specifiers_are_read_from_a_file_that_holds_just_them(name: str) -> None:
    lines = contents(ROUTES[name])["requirements-x86_64.txt"].splitlines()

    assert lines == ["uamqp==1.6.1", *AWKWARD]


@pytest.mark.parametrize("kind", [RouteKind.CONDA, RouteKind.DOCKER])
def test_a_requirements_file_elsewhere_is_copied_first(kind: RouteKind) -> None:
    assert ROUTES[f"{kind.value}-file-shown"].commands[0] == "cp reqs/base.txt ."
    assert not ROUTES[f"{kind.value}-file-written"].commands[0].startswith("cp ")


def test_a_requirements_file_of_the_current_folder_is_not_copied() -> None:
    here = Requirements(files=(RequirementsFile(path="r.txt", content="a\n"),))

    route = route_to(RouteKind.CONDA, "3.12", here)

    assert route.commands[0].startswith("CONDA_SUBDIR=osx-64 ")
    assert "'-r r.txt'" in contents(route)["environment.yml"]


def test_what_a_file_names_of_this_machine_is_told_unless_it_is_read_in_place() -> None:
    assert ROUTES["docker-file-shown"].left_out == ("-r more.txt", "-e .")
    assert ROUTES["rosetta-file-written"].left_out == ("-r more.txt", "-e .")
    assert ROUTES["rosetta-file-shown"].left_out == ()


@pytest.mark.parametrize("python", ["3", "2.7", "3.10.4", "310", "3.x", "3.10\n", "", "3.100"])
def test_a_version_of_another_form_is_refused(python: str) -> None:
    with pytest.raises(UnreadableInputError, match="version of Python"):
        route_to(RouteKind.CONDA, python, Requirements())


@pytest.mark.parametrize("name", ["my reqs.txt", "a/-r.txt", "a$b.txt", "ä.txt"])
@pytest.mark.parametrize(
    ("kind", "folder"),
    [
        *((RouteKind.CONDA, None), (RouteKind.DOCKER, None)),
        *((kind, "x86") for kind in RouteKind),
    ],
)
def test_a_file_to_copy_whose_name_would_need_quotes_is_refused(
    kind: RouteKind, folder: str | None, name: str
) -> None:
    files = (RequirementsFile(path=name, content="a\n"),)

    with pytest.raises(UnreadableInputError, match="would need quotes"):
        route_to(kind, "3.12", Requirements(files=files), folder=folder)


def test_a_file_that_is_read_in_place_may_have_any_name() -> None:
    files = (RequirementsFile(path="my reqs.txt", content="a\n"),)

    route = route_to(RouteKind.ROSETTA, "3.12", Requirements(files=files))

    assert route.commands[1].endswith(" -m pip install -r 'my reqs.txt'")


@pytest.mark.parametrize("paths", [("r.txt", "a/r.txt"), ("r.txt", "a/R.TXT"), ("dockerfile",)])
def test_two_files_of_one_name_are_refused(paths: tuple[str, ...]) -> None:
    files = tuple(RequirementsFile(path=path, content="a\n") for path in paths)

    with pytest.raises(UnreadableInputError, match="two files"):
        route_to(RouteKind.DOCKER, "3.12", Requirements(files=files))


def test_a_folder_that_begins_with_a_dash_is_no_option() -> None:
    route = route_to(RouteKind.ROSETTA, "3.12", REQUIREMENTS["one"], folder="-x")

    assert route.commands == ("sh ./-x/make-rosetta-venv.sh",)
