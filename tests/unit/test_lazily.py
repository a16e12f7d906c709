"""Packages that import their parts when they are asked for."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from builders.macho_bytes import thin
from builders.wheels import make_wheel

PACKAGES = ("binaries", "environment", "hosts", "sources", "wheels")

SHOW_LOADED = """
import json, sys
from pathlib import Path
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target
from pip_archguard.wheels import judge_wheel, read_wheel
path = Path(sys.argv[1])
here = Target(system=System.MACOS, arch=Arch.ARM64)
print(len(judge_wheel(path, read_wheel(path), (here,)).findings))
print(json.dumps(sorted(sys.modules)))
"""
"""Judges a wheel in a new process, and prints what that took to import."""


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_all_that_it_offers(package: str) -> None:
    module = importlib.import_module(f"pip_archguard.{package}")

    assert all(getattr(module, name) is not None for name in module.__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_nothing_else(package: str) -> None:
    module = importlib.import_module(f"pip_archguard.{package}")

    with pytest.raises(AttributeError, match=f"{package}.*nothing_of_this_name"):
        _ = module.nothing_of_this_name


@pytest.mark.parametrize(
    ("content", "loaded"), [(b"x = 1", False), (thin(), True)], ids=["pure", "native"]
)
def test_what_reads_native_files_is_loaded_for_these_only(
    content: bytes, *, loaded: bool, tmp_path: Path
) -> None:
    wheel = make_wheel("demo", "1.0", "cp312-cp312-macosx_11_0_arm64", {"demo/_c.so": content})
    path = tmp_path / wheel.filename
    path.write_bytes(wheel.content)

    command = [sys.executable, "-c", SHOW_LOADED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    modules = json.loads(done.stdout.splitlines()[1])
    heavy = {"macholib", "pip_archguard.binaries.macho", "pip_archguard.rules", "packaging"}
    assert heavy & {*modules} == (heavy - {"packaging"} if loaded else set())
    assert not {"pip_archguard.binaries.pe", "pip_archguard.rules.pe"} & {*modules}


def test_what_few_runs_have_to_tell_is_not_loaded_by_a_guarded_command() -> None:
    code = "import sys, pip_archguard.cli.console, pip_archguard.pipbridge.internals.commands\n"
    command = [sys.executable, "-c", f"{code}print(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    seldom = ("messages", "model.shown", "model.doctor", "model.explanation", "reports.seldom")
    assert not {f"pip_archguard.{name}" for name in seldom} & {*done.stdout.split()}
