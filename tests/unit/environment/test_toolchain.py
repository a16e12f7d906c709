"""Programs that builds use, made of a few lines of shell."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from builders.macho_bytes import thin
from pip_archguard.environment import build_tools as tools
from pip_archguard.environment import pip_on_path
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all there is on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(path: Path, name: str, text: str) -> None:
    (path / name).write_text(f"#!/bin/sh\n{text}\n")
    (path / name).chmod(0o755)


def test_what_is_there_is_asked_for_its_version(path: Path) -> None:
    program(path, "cmake", 'echo; echo "cmake version 3.29"; echo more')
    program(path, "ninja", "exit 1")

    found = tools()

    assert [(tool.name, tool.version) for tool in found.found] == [
        ("cmake", "cmake version 3.29"),
        ("ninja", ""),
    ]
    assert "cargo" in found.missing
    assert found.developer_folder is None


def test_a_program_that_prints_no_end_or_no_text_is_no_error(path: Path) -> None:
    program(path, "cmake", "printf '\\377\\376%0500d'")
    (path / "ninja").write_bytes(b"\0")
    (path / "ninja").chmod(0o755)

    found = {tool.name: tool.version for tool in tools().found}

    assert len(found["cmake"]) == 200
    assert found["ninja"] == ""


def test_a_program_runs_in_no_folder_of_the_users(path: Path) -> None:
    program(path, "cargo", "pwd")

    (found,) = tools().found

    assert Path(found.version).resolve() == Path(sys.prefix).resolve()


@pytest.mark.parametrize(("script", "folder"), [("echo /X", "/X"), ("exit 2", "")])
def test_the_folder_of_xcode_is_told_on_a_mac(
    script: str, folder: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    program(path, "xcode-select", script)
    (path / "cmake").write_bytes(thin(Arch.X86_64, Kind.EXECUTABLE))
    (path / "cmake").chmod(0o755)

    found = tools()

    assert found.developer_folder == folder
    assert found.found[0].archs == ("x86_64",)


def test_without_xcode_its_shims_are_not_started(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would open a window that offers to install it."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("pip_archguard.environment.toolchain._SHIMS", str(path))
    program(path, "cc", f"touch {path}/started; echo cc 1.0")

    (found,) = tools().found

    assert found.version == ""
    assert not (path / "started").exists()


def test_the_pip_of_path_is_ours_or_not(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pip_on_path() == ("", True)

    program(path, "pip", "")
    assert pip_on_path() == (str(path / "pip"), False)

    monkeypatch.setattr(sys, "executable", str(path / "python"))
    assert pip_on_path() == (str(path / "pip"), True)
