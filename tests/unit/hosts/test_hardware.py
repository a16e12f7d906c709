"""What lies under the process, on Macs and elsewhere."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from pip_archguard import hosts
from pip_archguard.model.arch import Arch


def be(
    monkeypatch: pytest.MonkeyPatch,
    machine: str,
    *,
    system: str = "darwin",
    answers: dict[str, str] | None = None,
    status: int = 0,
) -> None:
    """Be a machine whose kernel gives these answers, and whose `arch` ends like this."""

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        if "-x86_64" in command:
            return subprocess.CompletedProcess(command, status, stdout="")
        return subprocess.CompletedProcess(command, 0, stdout=(answers or {}).get(command[-1], ""))

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(subprocess, "run", run)


TRANSLATED = {"hw.optional.arm64": "1\n", "sysctl.proc_translated": "1\n"}


@pytest.mark.parametrize(
    ("machine", "answers", "arch"),
    [
        ("arm64", {}, Arch.ARM64),
        ("x86_64", TRANSLATED, Arch.ARM64),
        ("x86_64", {}, Arch.X86_64),
    ],
    ids=["native", "rosetta", "intel"],
)
def test_the_processor_of_a_mac_is_told(
    machine: str, answers: dict[str, str], arch: Arch, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, machine, answers=answers)

    assert hosts.hardware_arch() is arch


@pytest.mark.parametrize(
    ("machine", "arch"),
    [("aarch64", Arch.ARM64), ("AMD64", Arch.X86_64), ("sparc64", None), ("", None)],
)
def test_elsewhere_it_is_what_the_system_says(
    machine: str, arch: Arch | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, machine, system="linux")

    assert hosts.hardware_arch() is arch
    assert hosts.chip() == ""
    assert hosts.has_rosetta() is None


def test_the_chip_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, "arm64", answers={"machdep.cpu.brand_string": "Apple M2 Pro\n"})

    assert hosts.chip() == "Apple M2 Pro"


@pytest.mark.parametrize(
    ("machine", "answers", "status", "there"),
    [
        ("arm64", {}, 0, True),
        ("arm64", {}, 1, False),
        ("x86_64", TRANSLATED, 1, True),
        ("x86_64", {}, 0, None),
    ],
    ids=["there", "missing", "in use", "intel"],
)
def test_rosetta_is_there_if_it_runs_something(
    machine: str,
    answers: dict[str, str],
    status: int,
    *,
    there: bool | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    be(monkeypatch, machine, answers=answers, status=status)

    assert hosts.has_rosetta() is there


def test_without_an_arch_command_it_is_untold(monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, "arm64")

    def fail(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(subprocess, "run", fail)

    assert hosts.has_rosetta() is None
