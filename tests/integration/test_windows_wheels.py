"""The Windows wheels of popular packages: no false alarm, and the facts that lief sees."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from builders.lief_windows import lief_facts, our_facts
from pip_archguard import hosts
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Format
from pip_archguard.model.verdict import Verdict
from pip_archguard.rules import judge
from pip_archguard.wheels import read_wheel

pytestmark = pytest.mark.network

NAMES = Path(__file__).parents[1].joinpath("corpus", "windows.txt").read_text("utf-8").split()
PYTHON = "3.12"
SECONDS = 300


def fetch(name: str, platform: str, folder: Path) -> Path | None:
    """Download the newest wheel for a platform; None if there is none for it."""
    options = ("--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check")
    where = ("--platform", platform, "--python-version", PYTHON, "--dest", str(folder))
    command = [sys.executable, "-m", "pip", "download", *options, *where, name]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    return next(folder.iterdir()) if done.returncode == 0 else None


@pytest.mark.parametrize(("platform", "least"), [("win_amd64", 60), ("win_arm64", 60)])
def test_popular_packages_pass_without_an_alarm(platform: str, least: int, tmp_path: Path) -> None:
    (target,) = hosts.named_targets(
        hosts.running_target(), platforms=[platform], python_version=(3, 12)
    )
    verdicts = {}
    for name in NAMES:
        folder = tmp_path / name
        folder.mkdir()
        path = fetch(name, platform, folder)
        if path is not None:
            verdicts[path.name] = judge(read_wheel(path), [target]).verdict
            path.unlink()

    assert {n: v for n, v in verdicts.items() if v is not Verdict.OK} == {}
    assert len(verdicts) >= least


@pytest.mark.parametrize(
    ("name", "platform"),
    [("numpy", "win_arm64"), ("pywin32", "win_amd64"), ("pywin32", "win32"), ("setuptools", "any")],
)
def test_the_facts_are_those_that_lief_sees(name: str, platform: str, tmp_path: Path) -> None:
    pytest.importorskip("lief")
    path = fetch(name, platform, tmp_path)
    assert path is not None
    files = [b for b in read_wheel(path).binaries if b.format is Format.PE]

    with zipfile.ZipFile(path) as archive:
        theirs = {b.path: lief_facts(archive.read(b.path)) for b in files}

    assert {b.path: our_facts(b) for b in files} == theirs
    assert files
    assert all(b.problem is None for b in files)


def test_an_arm64x_library_of_a_real_wheel_is_two_slices(tmp_path: Path) -> None:
    """Microsoft ships the C++ library so; delvewheel copies it into numpy's wheel."""
    path = fetch("numpy", "win_arm64", tmp_path)
    assert path is not None

    (library,) = (b for b in read_wheel(path).binaries if "msvcp140" in b.path)

    assert [piece.arch for piece in library.slices] == [Arch.ARM64, Arch.ARM64EC]


def test_an_assembly_of_pythonnet_runs_anywhere(tmp_path: Path) -> None:
    path = fetch("pythonnet", "win_arm64", tmp_path)
    assert path is not None

    (library,) = read_wheel(path).binaries

    assert [piece.arch for piece in library.slices] == [Arch.ANY]
