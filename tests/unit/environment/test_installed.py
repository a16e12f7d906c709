from __future__ import annotations

import os
from pathlib import Path

import pytest

from builders.linkedit import chained, trie
from builders.macho_bytes import Linkedit, thin
from pip_archguard.environment import (
    files_built_since,
    interpreter_archs,
    other_environment,
    read_installed,
    tool_environment,
)
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.wheel import WheelFacts

CODE = thin()
REASON = "it is gone"


def installed(root: Path, *files: str) -> WheelFacts:
    return read_installed(
        project="demo", release="1.0", root=root, files=files, platforms=["macosx_11_0_arm64"]
    )


def test_native_files_of_a_record_are_read(tmp_path: Path) -> None:
    (tmp_path / "_c.so").write_bytes(CODE)
    (tmp_path / "notes.txt").write_bytes(b"text")

    facts = installed(tmp_path, "_c.so", "notes.txt", "gone.so", "x.py", ".")

    assert [b.path for b in facts.binaries] == ["_c.so"]
    assert (facts.problems, facts.filename) == ((), "demo 1.0")


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "loop.so").symlink_to("loop.so")
    (tmp_path / "_c.so").write_bytes(CODE)

    facts = installed(tmp_path, "loop.so", "_c.so")

    assert [b.path for b in facts.binaries] == ["_c.so"]


def test_only_fresh_modules_that_python_would_import_are_found(tmp_path: Path) -> None:
    for name in ("src/demo/_c.so", "old.so", "build/x.so", ".hidden/x.so", "venv/x.so", "n.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(CODE)
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    os.utime(tmp_path / "old.so", (1, 1))

    assert list(files_built_since(tmp_path, 100.0, (".so",))) == ["src/demo/_c.so"]


def test_the_interpreters_own_slices_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").write_bytes(CODE)
    monkeypatch.setattr("sys._base_executable", str(tmp_path / "python"))

    assert interpreter_archs() == {Arch.ARM64}


@pytest.mark.parametrize("content", [b"#!/bin/sh\n", b"\x7fELF" + b"\0" * 60, None])
def test_an_interpreter_that_is_no_mach_o_has_no_known_slices(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "python").write_bytes(content)
    monkeypatch.setattr("sys._base_executable", str(tmp_path / "python"))

    assert interpreter_archs() == frozenset()


@pytest.mark.parametrize(
    ("mark", "tool"), [("pipx_metadata.json", "pipx"), ("uv-receipt.toml", "uv tool"), ("x", None)]
)
def test_a_tools_environment_is_known_by_its_mark(
    mark: str, tool: str | None, tmp_path: Path
) -> None:
    (tmp_path / mark).touch()

    assert tool_environment(tmp_path) == tool


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"VIRTUAL_ENV": "/a"}, ("VIRTUAL_ENV", "/a")),
        ({"VIRTUAL_ENV": "/ours"}, None),
        ({"CONDA_PREFIX": "/c"}, ("CONDA_PREFIX", "/c")),
        ({"VIRTUAL_ENV": "/ours", "CONDA_PREFIX": "/c"}, None),
    ],
    ids=str,
)
def test_an_activated_environment_that_is_not_ours_is_found(
    environ: dict[str, str], expected: tuple[str, str] | None
) -> None:
    assert other_environment(Path("/ours"), environ) == expected


def test_of_an_installed_library_that_others_link_it_is_known_what_they_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = Linkedit(chained=chained([("_one", 1, False)]))
    module = thin(dylibs=["@loader_path/liba.dylib"], linkedit=imports)
    library = Linkedit(chained=chained([]), trie=trie(["_one", "_other"]))
    (tmp_path / "_c.so").write_bytes(module)
    (tmp_path / "liba.dylib").write_bytes(thin(kind=Kind.DYLIB, linkedit=library))

    taken = installed(tmp_path, "_c.so", "liba.dylib").binaries[1]

    def fail(*_: object) -> None:
        raise UnreadableWheelError(REASON)

    monkeypatch.setattr("pip_archguard.environment.installed.read_exports", fail)
    unread = installed(tmp_path, "_c.so", "liba.dylib").binaries[1]

    assert taken.slices[0].exports == frozenset({"_one"})
    assert unread.slices[0].exports is None
