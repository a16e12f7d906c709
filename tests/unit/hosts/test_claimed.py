"""What a wheel's name claims to be made for, as targets."""

from __future__ import annotations

import pytest

from builders.facts import CP312, mac
from pip_archguard import hosts
from pip_archguard.hosts import claimed
from pip_archguard.hosts.claimed import Python
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target

LINUX = Target(system=System.LINUX, arch=Arch.X86_64, python="cp312", suffixes=(".so",))


def cpython(digits: str, *more: str) -> Python:
    return Python(tag=f"cp{digits}", suffixes=(f".cpython-{digits}-darwin.so", *more, ".so"))


@pytest.mark.parametrize(
    ("python", "abi", "expected"),
    [
        ("cp39", "cp39", [cpython("39", ".abi3.so")]),
        ("cp38", "abi3", [cpython("38", ".abi3.so")]),
        ("cp310", "none", [cpython("310", ".abi3.so")]),
        ("cp313", "cp313t", [cpython("313t")]),
        (
            "cp37",
            "cp37m",
            [Python(tag="cp37", suffixes=(".cpython-37m-darwin.so", ".abi3.so", ".so"))],
        ),
        (
            "pp310",
            "pypy310_pp73",
            [Python(tag="pp310", suffixes=(".pypy310-pp73-darwin.so", ".so"))],
        ),
        ("cp39.cp310", "none", [cpython("39", ".abi3.so"), cpython("310", ".abi3.so")]),
        ("py3", "none", [Python()]),
        ("py2.py3", "none", [Python()]),
        ("cp310.py3", "none", [Python()]),
    ],
)
def test_the_name_says_for_which_pythons_a_wheel_is(
    python: str, abi: str, expected: list[Python]
) -> None:
    assert list(hosts.claimed_pythons(python.split("."), abi.split("."))) == expected


@pytest.mark.parametrize(
    ("platforms", "ids"),
    [
        ("macosx_14_0_arm64", ["macosx_14_0_arm64"]),
        ("macosx_10_9_x86_64", ["macosx_10_9_x86_64"]),
        ("macosx_10_6_intel", ["macosx_10_6_x86_64"]),
        ("macosx_10_9_universal2", ["macosx_11_0_arm64", "macosx_10_9_x86_64"]),
        ("macosx_12_0_universal2", ["macosx_12_0_arm64", "macosx_12_0_x86_64"]),
        (
            "macosx_10_12_x86_64.macosx_12_0_arm64.macosx_10_9_universal2",
            ["macosx_11_0_arm64", "macosx_10_9_x86_64"],
        ),
        ("any", ["macosx_11_0_arm64", "macosx_11_0_x86_64"]),
        ("macosx_11_0_arm64.manylinux_2_17_x86_64", ["macosx_11_0_arm64"]),
        ("manylinux_2_17_aarch64", ["manylinux_2_17_aarch64"]),
        ("win_amd64", ["win_amd64"]),
        ("win32.win_arm64", ["win32", "win_arm64"]),
        ("ios_13_0_arm64_iphoneos", ["other_0_0_other"]),
        ("macosx_10_3_fat", ["other_0_0_other"]),
    ],
)
def test_elsewhere_than_on_a_mac_the_tags_say_where_a_wheel_must_load(
    platforms: str, ids: list[str]
) -> None:
    machines = hosts.claimed_machines(LINUX, platforms.split("."))

    assert [m.id for m in machines] == ids
    assert all(m.named for m in machines)


@pytest.mark.parametrize(
    "platform", ["macosx_14_0_arm64", "macosx_10_9_universal2", "macosx_11_0_arm64", "any"]
)
def test_a_wheel_that_fits_the_running_mac_is_judged_for_it(platform: str) -> None:
    assert hosts.claimed_machines(mac(), [platform]) == (mac(),)


@pytest.mark.parametrize(
    ("platform", "ids"),
    [
        ("macosx_10_9_x86_64", ["macosx_10_9_x86_64"]),
        ("macosx_15_0_arm64", ["macosx_15_0_arm64"]),
        ("manylinux_2_17_aarch64", ["manylinux_2_17_aarch64"]),
    ],
    ids=["other architecture", "newer macOS", "other system"],
)
def test_a_wheel_that_the_running_mac_does_not_take_is_judged_for_its_own(
    platform: str, ids: list[str]
) -> None:
    assert [m.id for m in hosts.claimed_machines(mac(), [platform])] == ids


def test_the_running_python_on_the_running_machine_is_the_running_target() -> None:
    python = Python(tag="cp312", suffixes=CP312)

    assert hosts.with_pythons([mac()], [python], mac()) == (mac(),)


@pytest.mark.parametrize("python", [cpython("39", ".abi3.so"), Python()], ids=["another", "every"])
def test_another_python_on_the_running_machine_is_a_named_target(python: Python) -> None:
    (target,) = hosts.with_pythons([mac()], [python], mac())

    assert (target.python, target.suffixes) == (python.tag, python.suffixes)
    assert target.named is bool(python.tag)


def test_each_machine_comes_with_each_python() -> None:
    machines = hosts.claimed_machines(LINUX, ["macosx_11_0_universal2"])
    pythons = hosts.claimed_pythons(["cp39", "cp310"], ["none"])

    assert len(hosts.with_pythons(machines, pythons, LINUX)) == 4


def test_on_windows_a_wheel_for_this_machine_is_judged_for_it() -> None:
    running = Target(system=System.WINDOWS, arch=Arch.ARM64, suffixes=(".pyd",), python="cp312")

    assert hosts.claimed_machines(running, ["win_amd64", "win_arm64"]) == (running,)
    assert [t.id for t in hosts.claimed_machines(running, ["win_amd64"])] == ["win_amd64"]


def test_windows_has_suffixes_of_its_own() -> None:
    machines = hosts.claimed_machines(LINUX, ["win_amd64"])

    (target,) = hosts.with_pythons(machines, hosts.claimed_pythons(["cp39"], ["cp39"]), LINUX)

    assert (target.suffixes, target.python) == ((".cp39-win_amd64.pyd", ".pyd"), "cp39")


@pytest.mark.parametrize(
    ("platforms", "ids"),
    [
        ([], []),
        (["any"], []),
        (["macosx_14_0_arm64", "any"], ["macosx_14_0_arm64"]),
        (["plan9"], ["other_0_0_other"]),
    ],
    ids=str,
)
def test_machines_that_options_choose(platforms: list[str], ids: list[str]) -> None:
    assert [m.id for m in hosts.chosen_machines(platforms)] == ids


def test_options_choose_a_python_or_none() -> None:
    assert hosts.chosen_python(LINUX) == ()
    assert hosts.chosen_python(LINUX, python_version=(3, 9)) == (cpython("39", ".abi3.so"),)
    assert hosts.chosen_python(LINUX, abis=("cp312t",))[0].suffixes == cpython("312t").suffixes


@pytest.mark.parametrize(
    ("platforms", "fits"),
    [
        (["any"], True),
        (["linux_x86_64", "macosx_10_9_x86_64"], True),
        (["some_thing"], True),
        (["linux_x86_64"], False),
        (["win_amd64"], False),
    ],
    ids=str,
)
def test_a_wheel_is_for_the_systems_that_its_tags_name(platforms: list[str], *, fits: bool) -> None:
    assert claimed.may_be_for(platforms, mac()) is fits
