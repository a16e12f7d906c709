from __future__ import annotations

import importlib.machinery
import platform
import subprocess
import sys
import sysconfig

import pytest
from packaging import tags

from pip_archguard import hosts
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System


def be_a_mac(monkeypatch: pytest.MonkeyPatch, machine: str) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "mac_ver", lambda: ("14.5", ("", "", ""), machine))


def test_this_interpreter_imports_what_importlib_says() -> None:
    target = hosts.running_target()

    assert target.suffixes == tuple(importlib.machinery.EXTENSION_SUFFIXES)
    assert target.python.endswith("".join(map(str, sys.version_info[:2])))


@pytest.mark.parametrize(
    ("machine", "arch"), [("arm64", Arch.ARM64), ("x86_64", Arch.X86_64)], ids=["arm64", "intel"]
)
def test_a_mac_is_named_by_its_running_slice_and_version(
    machine: str, arch: Arch, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_a_mac(monkeypatch, machine)

    target = hosts.running_target()

    assert (target.system, target.arch, target.os_version) == (System.MACOS, arch, (14, 0))


def test_an_unknown_version_of_macos_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    be_a_mac(monkeypatch, "arm64")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("", ("", "", ""), ""))
    monkeypatch.setattr(tags, "mac_platforms", lambda: iter(["darwin"]))

    assert hosts.running_target().os_version == (0, 0)


def test_a_mac_that_calls_itself_10_16_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old SDK makes it do so, and packaging knows how to ask."""
    be_a_mac(monkeypatch, "x86_64")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("10.16", ("", "", ""), "x86_64"))
    monkeypatch.setattr(tags, "mac_platforms", lambda: iter(["macosx_12_0_x86_64"]))

    assert hosts.running_target().os_version == (12, 0)


@pytest.mark.parametrize(
    ("machine", "answer", "expected"),
    [
        ("x86_64", "1\n", True),
        ("x86_64", "0\n", False),
        ("x86_64", "", False),
        ("arm64", "1\n", False),
    ],
    ids=["rosetta", "intel", "old intel", "native"],
)
def test_rosetta_is_told_by_sysctl(
    machine: str, answer: str, *, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_a_mac(monkeypatch, machine)
    done = subprocess.CompletedProcess([], 0, stdout=answer)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)

    assert hosts.is_translated() is expected


@pytest.mark.parametrize("error", [OSError(), subprocess.TimeoutExpired("sysctl", 1)], ids=repr)
def test_a_missing_sysctl_is_no_rosetta(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    be_a_mac(monkeypatch, "x86_64")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", fail)

    assert not hosts.is_translated()


def test_on_windows_the_process_counts_and_not_the_machine_that_emulates_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(platform, "machine", lambda: "ARM64")
    monkeypatch.setattr(sysconfig, "get_platform", lambda: "win-amd64")

    target = hosts.running_target()

    assert (target.system, target.arch) == (System.WINDOWS, Arch.X86_64)
    assert target.id.startswith("win_amd64-")
