"""The line that each process runs, in a real one; and the hook that it sets for pip."""

from __future__ import annotations

import pkgutil
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import pip_archguard
from pip_archguard.environment import enable

STUB = "def start():\n    print('guarded')\n"
SITE = Path("lib", f"python{sys.version_info.major}.{sys.version_info.minor}", "site-packages")
PIP_MAIN = """
def main(args=None):
    print('main of pip')
def cli(args=None):
    print('cli of pip')
"""
OUR_MAIN = """
def guarded(pip_main):
    def run(args=None):
        print('guard before', pip_main.__name__)
        return pip_main(args)
    return run
"""
SCRIPT = "from pip._internal.cli.main import {0}\n{0}()\n"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with a stand-in for pip, enabled."""
    folder = tmp_path_factory.mktemp("enabled")
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    site = folder / SITE
    write(site / "pip" / "__init__.py")
    write(site / "pip" / "__main__.py", SCRIPT.format("main"))
    write(site / "pip" / "_internal" / "cli" / "main.py", PIP_MAIN)
    write(site / "pipeline.py")
    for name in ("pip", "pip3", "pip3.11", "pip.exe", "PIP.EXE", "packaging_tool.py", "pipx"):
        write(folder / "scripts" / name)
    write(folder / "pip" / "script.py")
    enable(site, sys.version_info[:2])
    return folder


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(environment: Path, *words: str) -> list[str]:
    python = str(environment / "bin" / "python")
    done = subprocess.run(
        [python, *words],
        cwd=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
        stdin=subprocess.DEVNULL,
    )

    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture
def stubbed(environment: Path) -> Path:
    """The environment with a pip-archguard that only tells that it was called."""
    write(environment / SITE / "pip_archguard" / "startup.py", STUB)
    return environment


@pytest.mark.parametrize(
    "command",
    [
        "-m pip install x",
        "-mpip",
        "-I -m pip",
        "-Im pip",
        "-Impip list",
        "-s -E -B -m pip",
        "-X utf8 -W ignore -m pip list -v",
        "scripts/pip install x",
        "-I scripts/pip3",
        "scripts/pip3.11 list",
        "scripts/pip.exe list",
        "scripts/PIP.EXE list",
        "-u scripts/packaging_tool.py install x",
        f"{SITE}/pip list",
    ],
)
def test_a_process_that_is_pip_is_guarded(command: str, stubbed: Path) -> None:
    assert "guarded" in run(stubbed, *command.split())


@pytest.mark.parametrize(
    "command",
    [
        "-c pass",
        "-c pass pip",
        "-m pipeline pip",
        "-m pip_archguard.startup install pip",
        "pip/script.py pip",
        "scripts/pipx install pip",
        "- pip",
    ],
)
def test_any_other_process_is_left_alone(command: str, stubbed: Path) -> None:
    assert "guarded" not in run(stubbed, *command.split())


@pytest.mark.parametrize("left", ["nothing", "a folder", "a broken import"])
def test_without_pip_archguard_pip_is_plain_pip(left: str, environment: Path) -> None:
    ours = environment / SITE / "pip_archguard"
    shutil.rmtree(ours, ignore_errors=True)
    if left == "a folder":
        write(ours / "__pycache__" / "x")
    if left == "a broken import":
        write(ours / "startup.py", "import pip_archguard.gone\n")

    assert run(environment, "-m", "pip") == ["main of pip"]


@pytest.mark.parametrize("entry", ["main", "cli"])
def test_each_function_that_starts_pip_is_guarded_once(entry: str, environment: Path) -> None:
    ours = environment / SITE / "pip_archguard"
    write(ours / "startup.py", Path(pip_archguard.__file__).with_name("startup.py").read_text())
    write(ours / "cli" / "main.py", OUR_MAIN)
    write(environment / "scripts" / "pip", SCRIPT.format(entry))

    lines = run(environment, "scripts/pip")

    assert lines == [f"guard before {entry}", f"{entry} of pip"]


def test_a_pip_that_runs_from_its_wheel_is_guarded(environment: Path) -> None:
    ours = environment / SITE / "pip_archguard"
    write(ours / "startup.py", Path(pip_archguard.__file__).with_name("startup.py").read_text())
    write(ours / "cli" / "main.py", OUR_MAIN)
    with zipfile.ZipFile(environment / "pip.whl", "w") as wheel:
        path = "import sys\nsys.path.insert(0, 'pip.whl')\n"
        wheel.writestr("pip/__main__.py", path + SCRIPT.format("main"))
        for folder in ("pip", "pip/_internal", "pip/_internal/cli"):
            wheel.writestr(f"{folder}/__init__.py", "")
        wheel.writestr("pip/_internal/cli/main.py", f"import pip._internal.cli.x\n{PIP_MAIN}")
        wheel.writestr("pip/_internal/cli/x.py", "")

    assert run(environment, "pip.whl/pip", "list") == ["guard before main", "main of pip"]


def test_a_pip_that_starts_pip_archguard_is_not_guarded_again(environment: Path) -> None:
    ours = environment / SITE / "pip_archguard"
    write(ours / "startup.py", Path(pip_archguard.__file__).with_name("startup.py").read_text())
    write(ours / "cli" / "main.py", OUR_MAIN)
    write(
        environment / "scripts" / "pip", f"import pip_archguard.cli.main\n{SCRIPT.format('main')}"
    )

    assert run(environment, "scripts/pip") == ["main of pip"]


def test_a_pip_archguard_that_cannot_be_loaded_leaves_plain_pip(environment: Path) -> None:
    ours = environment / SITE / "pip_archguard"
    write(ours / "startup.py", Path(pip_archguard.__file__).with_name("startup.py").read_text())
    write(ours / "cli" / "main.py", "import pip_archguard.gone\n")

    assert run(environment, "-m", "pip") == ["main of pip"]


def test_from_python_3_18_on_the_same_is_a_function(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As site will do it (PEP 829); there is no such Python yet."""
    enable(tmp_path, (3, 18))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("pip_archguard.startup.start", lambda: print("guarded"))  # noqa: T201
    lines = (tmp_path / "pip_archguard_enabled.start").read_text().splitlines()
    (entry,) = (line for line in lines if not line.startswith("#"))
    start = pkgutil.resolve_name(entry)
    told = []
    for words in (["python", "-c", "pass"], ["python", "-m", "pip", "list"]):
        monkeypatch.setattr(sys, "orig_argv", words)
        monkeypatch.setattr(sys, "argv", ["-m", *words[3:]])
        start()
        told.append(capsys.readouterr().out)

    assert told == ["", "guarded\n"]


def test_a_process_without_a_command_line_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another program has Python built in."""
    enable(tmp_path, sys.version_info[:2])
    monkeypatch.setattr(sys, "orig_argv", [])
    line = (tmp_path / "pip_archguard_enabled.pth").read_text().splitlines()[1]

    for argv in ([], [""]):
        monkeypatch.setattr(sys, "argv", argv)
        exec(line, {})  # noqa: S102 - as site does
