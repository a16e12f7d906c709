"""Nothing that lies in the current folder is run, in whatever process we start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pip_archguard
from pip_archguard.environment import build_tools
from pip_archguard.pipbridge.processes import importable

ROOT = Path(pip_archguard.__file__).parent.parent

# What the processes import, and what `multiprocessing` needs to come up.
NAMES = (
    *("multiprocessing", "pickle", "platform", "signal", "struct", "socket", "selectors"),
    *("sitecustomize", "usercustomize", "pip", "packaging", "threading", "tempfile"),
)
EVIL = "import os; open(os.environ['TRACE'], 'a').write(__name__ + '\\n')\n"
WAYS = {
    "pool": "list(in_processes(abs, [-1, -2], 2))",
    "one for each": "list(each_alone(abs, [-1], 1))",
    "one alone": "alone(abs, -1)",
    "asked as another architecture": "command_as(Arch.ARM64, sys.executable)",
}
PROGRAM = """
import sys
from pip_archguard.hosts import command_as
from pip_archguard.model.arch import Arch
from pip_archguard.pipbridge.alone import alone, each_alone
from pip_archguard.pipbridge.processes import in_processes
if __name__ == "__main__":
    print({way})
"""


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    folder = tmp_path / "evil"
    folder.mkdir()
    for name in NAMES:
        folder.joinpath(f"{name}.py").write_text(EVIL)
    return folder


@pytest.mark.parametrize("way", WAYS)
def test_no_process_of_ours_imports_from_the_current_folder(
    way: str, evil: Path, tmp_path: Path
) -> None:
    program, trace = tmp_path / "program.py", tmp_path / "trace"
    program.write_text(PROGRAM.format(way=WAYS[way]))
    arch = tmp_path / "bin" / "arch"
    arch.parent.mkdir()
    arch.write_text('#!/bin/sh\nshift\nexec "$@"\n')
    arch.chmod(0o755)
    path = f"{arch.parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PYTHONPATH": str(ROOT), "TRACE": str(trace), "PATH": path}

    subprocess.run([sys.executable, str(program)], cwd=evil, env=env, check=True)

    assert not trace.exists()


def test_the_variable_that_sees_to_it_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:

    for value in (None, "", "x"):
        if value is None:
            monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
        else:
            monkeypatch.setenv("PYTHONSAFEPATH", value)
        with importable():
            pass
        assert os.environ.get("PYTHONSAFEPATH") == value


def test_no_program_of_the_current_folder_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "cmake"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/trace\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")

    tools = build_tools()

    assert "./cmake" not in [tool.path for tool in tools.found]
    assert not tmp_path.joinpath("trace").exists()


@pytest.mark.parametrize(
    ("flags", "expected"), [((), "()"), (("-I",), "('-I',)"), (("-E", "-s"), "('-E', '-s')")]
)
def test_another_python_is_started_with_the_flags_of_this_one(
    flags: tuple[str, ...], expected: str
) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
        "from pip_archguard.pipbridge.processes import own_flags; print(own_flags())"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}

    done = subprocess.run(
        [sys.executable, *flags, "-c", code], env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == expected
