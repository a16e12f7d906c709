from __future__ import annotations

import sysconfig

import pytest

from pip_archguard import hosts
from pip_archguard.hosts.windows import process_arch, windows_suffixes, windows_targets
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target

LINUX = Target(system=System.LINUX, arch=Arch.X86_64)
WINDOWS = Target(system=System.WINDOWS, arch=Arch.X86_64, suffixes=(".pyd",), python="cp310")


def clues(*claims: str, paths: tuple[str, ...] = ()) -> hosts.Clues:
    """What a folder shows whose packages have these tags."""
    return hosts.Clues(
        claims=[frozenset(claim.split(".")) for claim in claims],
        program=frozenset(),
        paths=paths,
        root="Lib/site-packages",
        macho=False,
    )


@pytest.mark.parametrize(
    ("running", "claims", "ids"),
    [
        (LINUX, ["win_arm64", "any"], ["win_arm64-cp312"]),
        (LINUX, ["win32.win_amd64", "win_amd64"], ["win_amd64-cp312"]),
        (LINUX, ["win32.win_amd64"], ["win32-cp312", "win_amd64-cp312"]),
        (WINDOWS, ["win_amd64"], ["win_amd64-cp312"]),
        (WINDOWS, ["win_arm64"], ["win_arm64-cp312"]),
        (WINDOWS, ["any"], ["win_amd64-cp310"]),
    ],
    ids=str,
)
def test_an_environment_of_windows_is_known_by_the_tags_of_its_packages(
    running: Target, claims: list[str], ids: list[str]
) -> None:
    found = clues(*claims, paths=("a/_c.cp312-win_arm64.pyd", "b/_d.pyd"))

    assert [t.id for t in hosts.audited_targets(running, found)] == ids


def test_packages_for_different_machines_of_windows_leave_it_open() -> None:
    targets = hosts.audited_targets(WINDOWS, clues("win32", "win_arm64"))

    assert [(t.arch, t.named) for t in targets] == [(Arch.X86_64, True)]


@pytest.mark.parametrize(
    ("platform", "arch"),
    [
        ("win_amd64", Arch.X86_64),
        ("win_arm64", Arch.ARM64),
        ("win_arm32", Arch.ARM),
        ("win32", Arch.I386),
    ],
)
def test_a_tag_names_a_machine(platform: str, arch: Arch) -> None:
    assert windows_targets(platform) == (Target(system=System.WINDOWS, arch=arch, named=True),)


@pytest.mark.parametrize("platform", ["win_ia64", "windows", "win", "linux_x86_64"])
def test_any_other_tag_names_none(platform: str) -> None:
    assert windows_targets(platform) == ()


@pytest.mark.parametrize(
    ("platform", "abis", "expected"),
    [
        ("win_amd64", ["cp312"], (".cp312-win_amd64.pyd", ".pyd")),
        ("win_arm64", ["cp313t", "cp313"], (".cp313t-win_arm64.pyd", ".pyd")),
        ("win32", ["abi3", "cp39"], (".cp39-win32.pyd", ".pyd")),
        ("win_amd64", ["pypy310_pp73"], (".pypy310-pp73-win_amd64.pyd", ".pyd")),
        ("win_amd64", ["none", "py3"], ()),
        ("win_amd64", ["cp3"], ()),
    ],
    ids=str,
)
def test_a_python_imports_what_is_named_for_its_machine(
    platform: str, abis: list[str], expected: tuple[str, ...]
) -> None:
    (machine,) = windows_targets(platform)

    assert windows_suffixes(machine, abis) == expected


def test_a_machine_that_python_does_not_run_on_has_no_suffixes() -> None:
    assert windows_suffixes(Target(system=System.WINDOWS, arch=Arch.PPC), ["cp312"]) == ()


@pytest.mark.parametrize(
    ("name", "arch"),
    [
        ("win-amd64", Arch.X86_64),
        ("win-arm64", Arch.ARM64),
        ("win32", Arch.I386),
        ("mingw_x86_64_ucrt", Arch.X86_64),
        ("mingw_aarch64", Arch.ARM64),
        ("cygwin", Arch.OTHER),
    ],
)
def test_the_process_is_what_python_was_compiled_for(
    name: str, arch: Arch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sysconfig, "get_platform", lambda: name)

    assert process_arch() is arch
