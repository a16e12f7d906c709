"""What is known of a wheel is not read again, by a guarded run or a scan."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from builders.facts import mac
from builders.macho_bytes import thin
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.scan import Scanned
from pip_archguard.model.verdict import Verdict
from pip_archguard.pipbridge import judge as judging
from pip_archguard.pipbridge import scanning
from pip_archguard.pipbridge.executors import LocalProcesses
from pip_archguard.pipbridge.judge import Judge
from pip_archguard.wheels import FactsCache, WheelFile, disk, reading

TAG = "cp312-cp312-macosx_11_0_arm64"
MODULE = "demo/_c.cpython-312-darwin.so"


class Deaf:
    def tell(self, _: object) -> None:
        """Pass over the event."""


def write(folder: Path, tag: str = TAG, arch: Arch = Arch.ARM64) -> tuple[Path, str]:
    wheel = make_wheel("demo", "1.0", tag, {MODULE: thin(arch), "demo/__init__.py": b"import _c"})
    path = folder / wheel.filename
    path.write_bytes(wheel.content)
    return path, wheel.sha256


def never_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        pytest.fail("the wheel was opened")

    monkeypatch.setattr(disk.zipfile, "ZipFile", opened)  # type: ignore[attr-defined]


def test_a_second_run_takes_the_facts_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sha256 = write(tmp_path)
    first = Judge([mac()], kept=tmp_path / "facts").read(path, path.name, sha256=sha256)
    never_open(monkeypatch)

    judge = Judge([mac()], kept=tmp_path / "facts")
    second = judge.read(path, path.name, sha256=sha256)

    assert first == second
    assert judge.wheel(path, path.name).verdict is Verdict.OK


def test_without_a_folder_or_a_hash_nothing_is_kept(tmp_path: Path) -> None:
    path, sha256 = write(tmp_path)
    Judge([mac()]).read(path, path.name, sha256=sha256)
    Judge([mac()], kept=tmp_path / "facts").read(path, path.name)

    assert not (tmp_path / "facts").exists()


@pytest.mark.parametrize(("least", "kept"), [(1, True), (1 << 20, False)])
def test_a_small_wheel_for_any_platform_is_read_sooner_than_looked_up(
    least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    monkeypatch.setattr(judging, "_LEAST_KEPT", least)
    path, sha256 = write(tmp_path, "py3-none-any")
    Judge([mac()], kept=tmp_path / "facts").read(path, path.name, sha256=sha256)

    assert (tmp_path / "facts").exists() == kept


def test_what_is_no_wheel_inside_is_not_kept(tmp_path: Path) -> None:
    path, _ = write(tmp_path)
    content = path.read_bytes().replace(b"dist-info/WHEEL", b"dist-info/WHEEX")
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    Judge([mac()], kept=tmp_path / "facts").read(path, path.name, sha256=sha256)

    assert not (tmp_path / "facts").exists()


@pytest.mark.parametrize("arch", [Arch.ARM64, Arch.X86_64])
@pytest.mark.parametrize("processes", [1, 2])
def test_a_scan_finds_the_same_with_and_without_what_is_known(
    arch: Arch, processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sha256 = write(tmp_path, arch=arch)
    known = FactsCache(tmp_path / "facts")
    wheel = WheelFile(path=path, filename=path.name, asked=path.name, targets=(mac(),))

    pool = LocalProcesses(processes) if processes > 1 else None
    monkeypatch.setattr(scanning, "local_processes", lambda _: pool)

    found = [
        list(scanning.scan([wheel] * 2, listener=Deaf(), known=each))
        for each in (None, known, known)
    ]

    assert known.get(sha256, path.name) is not None
    assert found[0] == found[1] == found[2]
    assert all(isinstance(each, Scanned) for each in found[0])


def test_a_scan_does_not_open_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = write(tmp_path)
    wheel = WheelFile(path=path, filename=path.name, asked=path.name, targets=(mac(),))
    known = FactsCache(tmp_path / "facts")
    first = reading.read_file(wheel, known)
    never_open(monkeypatch)

    assert reading.read_file(wheel, known) == first


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_cannot_be_read_is_not_kept(content: bytes, tmp_path: Path) -> None:
    path, _ = write(tmp_path)
    path.write_bytes(content)
    wheel = WheelFile(path=path, filename=path.name, asked=path.name, targets=(mac(),))

    assert isinstance(reading.read_file(wheel, FactsCache(tmp_path / "facts")), str)
    assert not (tmp_path / "facts").exists()
