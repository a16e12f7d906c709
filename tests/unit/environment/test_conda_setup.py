"""Conda environments, and what conda is told to install for."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pip_archguard.environment.conda_setup import conda_setups


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """A conda environment with three packages."""
    folder = tmp_path / "env"
    (folder / "conda-meta").mkdir(parents=True)
    for name, subdir in (("a", "osx-64"), ("b", "osx-arm64"), ("c", "noarch")):
        text = json.dumps(
            {"name": name, "version": "1", "files": ["x"], "subdir": subdir}, indent=1
        )
        (folder / "conda-meta" / f"{name}.json").write_text(text)
    (folder / "conda-meta" / "odd.json").write_bytes(b"\xff")
    (folder / "conda-meta" / "gone.json").symlink_to(folder / "nowhere")
    return folder


def test_the_packages_of_an_activated_environment_are_counted(prefix: Path) -> None:
    (found,) = conda_setups({"CONDA_PREFIX": str(prefix)})

    assert found.subdirs == (("osx-64", 1), ("osx-arm64", 1))
    assert not found.is_ours


def test_the_environment_of_this_python_is_ours(
    prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(prefix))

    (found,) = conda_setups({"CONDA_PREFIX": str(prefix)})

    assert found.is_ours


@pytest.mark.parametrize("environ", [{}, {"CONDA_PREFIX": "/nowhere"}], ids=["none", "gone"])
def test_without_conda_there_is_nothing(environ: dict[str, str]) -> None:
    assert conda_setups(environ) == ()


def test_what_holds_comes_first(prefix: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".condarc").write_text("channels: [a]\nsubdir: osx-64\n")
    (prefix / ".condarc").write_text("  subdir: no\nsubdir: 'osx-arm64'\n")
    (tmp_path / "named").write_bytes(b"\xff subdir: x")
    environ = {
        "CONDA_PREFIX": str(prefix),
        "CONDA_SUBDIR": "linux-64",
        "CONDARC": str(tmp_path / "named"),
        "HOME": str(home),
    }

    (found,) = conda_setups(environ)

    assert [(Path(s.name).name, s.value) for s in found.configured] == [
        ("CONDA_SUBDIR", "linux-64"),
        (".condarc", "osx-arm64"),
        (".condarc", "osx-64"),
    ]
