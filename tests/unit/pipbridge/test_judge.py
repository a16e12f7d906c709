"""Judging files on disk, beside what else is on this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from builders.facts import mac
from builders.macho_bytes import thin
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.verdict import Reason
from pip_archguard.pipbridge.judge import Judge

MODULE = "demo/_c.cpython-312-darwin.so"


def linking(folder: Path, library: str) -> Path:
    files = {MODULE: thin(Arch.ARM64, dylibs=(library,))}
    wheel = make_wheel("demo", "1.0", "cp312-cp312-macosx_11_0_arm64", files)
    path = folder / wheel.filename
    path.write_bytes(wheel.content)
    return path


def reasons(path: Path, *, named: bool = False) -> list[Reason]:
    judgement = Judge([replace(mac(), named=named)]).wheel(path, path.name)
    return [f.reason for f in judgement.findings]


@pytest.mark.parametrize("named", [True, False], ids=["another", "this"])
def test_a_library_outside_may_be_on_this_machine(tmp_path: Path, *, named: bool) -> None:
    library = tmp_path / "libz.dylib"
    library.write_bytes(b"")
    path = linking(tmp_path, str(library))

    assert reasons(path, named=named) == [Reason.UNDELOCATED] * named


@pytest.mark.parametrize(
    "library",
    [f"/opt/{'x' * 300}/libz.dylib", "/etc/passwd/libz.dylib"],
    ids=["too-long", "below-a-file"],
)
def test_a_library_of_an_impossible_name_is_not_here(library: str, tmp_path: Path) -> None:
    path = linking(tmp_path, library)

    assert reasons(path) == [Reason.UNDELOCATED]


def test_what_is_replaced_is_not_there_to_be_linked(tmp_path: Path) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs" / "libx.dylib").write_bytes(thin(Arch.ARM64, Kind.DYLIB))
    path = linking(tmp_path, "@loader_path/../libs/libx.dylib")
    judge = Judge([mac()])
    judge.installed(
        project="libs", release="1.0", root=tmp_path, files=("libs/libx.dylib",), tags=()
    )

    with_it = judge.wheel(path, path.name)
    judge.replaces({"libs"})
    without = judge.wheel(path, path.name)

    assert [f.reason for f in with_it.findings] == []
    assert [f.reason for f in without.findings] == [Reason.MISSING_LIBRARY]
