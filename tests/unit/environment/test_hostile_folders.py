"""Folders that were made to upset whoever looks through them."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from builders.elf_bytes import elf
from builders.environments import ARM64, SUFFIX, conda_package, install, module, write
from builders.macho_bytes import fat, thin
from builders.pe_bytes import pe
from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.environment import conda, distributions, editable, survey_of
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.audit import Note, SkipReason

CODE = module(ARM64)
MODULE = f"demo{SUFFIX}"
LONG = "d" * 200


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    """A folder with others in it, one in the other, down to paths that no call takes."""
    handle = os.open(tmp_path, os.O_RDONLY)
    for _ in range(25):
        os.mkdir(LONG, dir_fd=handle)
        os.mkdir("x-1.dist-info", dir_fd=handle)
        os.mkdir("y.egg", dir_fd=handle)
        inner = os.open(LONG, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)
    return tmp_path


def test_what_lies_too_deep_is_told(deep: Path) -> None:
    install(deep, "demo", {MODULE: CODE})

    found = survey_of(deep)

    assert {p.project: p.native for p in found.packages}["demo"] == (MODULE,)
    assert SkipReason.UNREADABLE in {skip.reason for skip in found.skipped}


def test_what_lies_too_deep_in_a_source_tree_is_left(deep: Path) -> None:
    (deep / "a.so").write_bytes(CODE)

    assert list(editable.files_below(deep)) == [deep / "a.so"]


def test_a_prefix_whose_name_is_too_long_is_no_environment(tmp_path: Path) -> None:
    far = tmp_path.joinpath(*[LONG] * 25)

    assert not list(conda.conda_packages(far))
    assert not survey_of(far).packages


@pytest.mark.parametrize("bound", ["_MOST_FILES", "_MOST_LIST"])
@pytest.mark.parametrize("name", ["RECORD", "installed-files.txt"])
def test_a_list_of_files_beyond_a_bound_is_told_and_what_it_names_is_nobodys(
    name: str, bound: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {f"{c}.so": CODE for c in "ab"})
    above = "" if name == "RECORD" else "../"
    (tmp_path / "demo-1.0.dist-info").mkdir()
    text = f"{above}a.so\n{above}b.so\n"
    (tmp_path / "demo-1.0.dist-info" / name).write_text(text)
    monkeypatch.setattr(distributions, bound, 1 if bound == "_MOST_FILES" else len(text) - 2)

    found = survey_of(tmp_path)

    assert [(p.project, p.native) for p in found.packages] == [
        ("demo", ("a.so",)),
        ("", ("b.so",)),
    ]
    assert [(Path(s.path).name, s.reason) for s in found.skipped] == [(name, SkipReason.TOO_MUCH)]


def test_a_list_of_conda_beyond_a_bound_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conda, "_MOST_FILES", 1)
    conda_package(tmp_path, "demo", {"a.so": CODE, "b.so": CODE})

    assert SkipReason.UNREADABLE in {skip.reason for skip in survey_of(tmp_path).skipped}


@pytest.mark.parametrize("field", ["Name", "Version"])
def test_a_name_or_version_without_end_is_that_of_the_folder(field: str, tmp_path: Path) -> None:
    metadata = install(tmp_path, "demo", {})
    text = (metadata / "METADATA").read_text()
    (metadata / "METADATA").write_text(f"{field}: {'9' * 1_000_000}\n{text}".replace(" demo", ""))

    package = next(iter(survey_of(tmp_path).packages))

    assert (package.project, package.release) == ("demo", "1.0")
    assert Note.NO_METADATA in {remark.note for remark in package.remarks}


@pytest.mark.parametrize("name", ["/bin/sh", "\\\\bin\\sh", "\\../sh"])
def test_record_names_no_file_from_the_root_whichever_way_its_slashes_lean(
    name: str, tmp_path: Path
) -> None:
    """Found by the fuzzer, with backslashes."""
    package = next(iter(survey_of(install(tmp_path, "demo", {}, named=[name]).parent).packages))

    assert not any(file.endswith("sh") for file in package.files)
    assert Note.BROKEN_RECORD in {remark.note for remark in package.remarks}


def test_an_address_without_end_is_none(tmp_path: Path) -> None:
    metadata = install(tmp_path, "demo", {})
    (metadata / "direct_url.json").write_text(json.dumps({"url": "https://x/" + "a" * 10_000}))

    assert [package.origins.url for package in survey_of(tmp_path).packages] == [""]


def test_a_folder_that_many_files_name_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"real/a.so": CODE, "linked": "->real"})
    install(tmp_path, "demo", {}, named=["linked/a.so", *(f"linked/{i}.py" for i in range(50))])
    asked: list[str] = []
    real = os.path.realpath

    def noted(path: str) -> str:
        asked.append(str(path))
        return real(path)

    monkeypatch.setattr(os.path, "realpath", noted)

    found = survey_of(tmp_path)

    assert [p.native for p in found.packages] == [("linked/a.so",)]
    assert len([path for path in asked if "linked" in path]) == 2


class Shrinking(io.BytesIO):
    """A file that is cut while it is read."""

    left = 1

    def read(self, size: int | None = -1) -> bytes:
        self.left -= 1
        return super().read(size) if self.left >= 0 else b""


@pytest.mark.parametrize("left", [0, 1, 2])
@pytest.mark.parametrize("content", [thin(ARM64), fat([thin(ARM64)]), elf(), pe()])
def test_a_file_that_is_cut_while_it_is_read_is_no_crash(content: bytes, left: int) -> None:
    stream = Shrinking(content + bytes(1 << 20))
    stream.left = left

    try:
        binary = read_binary("a.so", FileSource(stream))
    except ArchGuardError:
        return

    assert binary is None or left
