"""The targets of a matrix, by their names."""

from __future__ import annotations

import platform

import pytest
from packaging.tags import parse_tag

from pip_archguard.errors import UnreadableInputError
from pip_archguard.hosts.matrix import MACHINES, Place, places_of, thin_places
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System


def place(machine: str, python: str = "3.12") -> Place:
    (found,) = places_of([machine], [python])
    return found


def rank(machine: str, tag: str, python: str = "3.12") -> int | None:
    (wanted,) = parse_tag(tag)
    tags = place(machine, python).tags()
    return tags.index(wanted) if wanted in tags else None


def test_without_names_it_is_macos_with_the_running_python() -> None:
    found = places_of([], [])

    version = ".".join(platform.python_version_tuple()[:2])
    names = [(each.column.machine, each.column.python) for each in found]
    assert names == [(f"macos-{arch}", version) for arch in ("arm64", "x86_64", "universal2")]
    assert dict(found[0].markers)["python_full_version"].startswith(f"{version}.")


def test_each_machine_meets_each_python_once() -> None:
    found = places_of(["linux-x86_64", "macos-arm64", "linux-x86_64"], ["3.10", "3.12", "3.10.2"])

    ids = [each.column.id for each in found]
    assert ids == [
        *("linux-x86_64-cp310", "linux-x86_64-cp312"),
        *("macos-arm64-cp310", "macos-arm64-cp312"),
    ]


def test_every_name_makes_a_place() -> None:
    found = places_of(MACHINES, ["3.12"])

    assert len({each.column.id for each in found}) == len(MACHINES) == 10
    assert all(each.platforms and each.options for each in found)


@pytest.mark.parametrize(
    ("machine", "taken", "left"),
    [
        ("macos-arm64", "macosx_14_0_arm64 macosx_10_9_universal2", "macosx_11_0_x86_64"),
        ("macos-arm64", "macosx_11_0_arm64", "macosx_15_0_arm64"),
        ("macos-arm64@15", "macosx_15_0_arm64", "macosx_26_0_arm64"),
        ("macos-x86_64", "macosx_10_9_x86_64 macosx_11_0_universal2", "macosx_11_0_arm64"),
        ("macos-x86_64@10.15", "macosx_10_15_x86_64", "macosx_11_0_x86_64"),
        ("macos-universal2", "macosx_11_0_universal2", "macosx_11_0_arm64 macosx_11_0_x86_64"),
        ("linux-x86_64", "manylinux_2_28_x86_64 manylinux1_x86_64 linux_x86_64", "win_amd64"),
        ("linux-x86_64", "manylinux2014_x86_64", "manylinux_2_31_x86_64 musllinux_1_1_x86_64"),
        ("linux-aarch64@2.17", "manylinux2014_aarch64", "manylinux_2_28_aarch64"),
        ("musllinux-x86_64", "musllinux_1_1_x86_64", "manylinux2014_x86_64 musllinux_1_3_x86_64"),
        ("windows-x86", "win32", "win_amd64"),
        ("windows-arm64", "win_arm64", "win32"),
    ],
)
def test_a_place_takes_the_wheels_that_are_for_it(machine: str, taken: str, left: str) -> None:
    def is_taken(platform_tag: str) -> bool:
        return rank(machine, f"cp312-cp312-{platform_tag}") is not None

    assert all(map(is_taken, taken.split()))
    assert not any(map(is_taken, left.split()))


def test_thin_wheels_of_a_macos_come_before_universal2_and_these_before_pure_ones() -> None:
    order = ["macosx_14_0_arm64", "macosx_14_0_universal2", "macosx_11_0_arm64"]

    ranks = [rank("macos-arm64", f"cp312-cp312-{each}") for each in order]
    ranks += [rank("macos-arm64", "cp39-abi3-macosx_11_0_arm64")]
    ranks += [rank("macos-arm64", "py3-none-any")]

    assert None not in ranks
    assert ranks == sorted(ranks, key=lambda each: each or 0)
    assert rank("macos-arm64", "cp313-abi3-macosx_11_0_arm64") is None


@pytest.mark.parametrize(
    ("machine", "markers"),
    [
        ("macos-arm64", ("darwin", "Darwin", "arm64", "posix", "23.0.0")),
        ("macos-x86_64@10.15", ("darwin", "Darwin", "x86_64", "posix", "19.0.0")),
        ("macos-universal2@26", ("darwin", "Darwin", "arm64", "posix", "25.0.0")),
        ("linux-aarch64", ("linux", "Linux", "aarch64", "posix", "5.15.0")),
        ("musllinux-x86_64", ("linux", "Linux", "x86_64", "posix", "5.15.0")),
        ("windows-amd64", ("win32", "Windows", "AMD64", "nt", "10")),
    ],
)
def test_markers_are_those_of_the_target(machine: str, markers: tuple[str, ...]) -> None:
    found = dict(place(machine, "3.11.4").markers)

    names = ("sys_platform", "platform_system", "platform_machine", "os_name", "platform_release")
    assert tuple(found[name] for name in names) == markers
    assert (found["python_version"], found["python_full_version"]) == ("3.11", "3.11.4")
    assert found["implementation_name"] == "cpython"


def test_what_is_judged_are_the_processes_that_must_load_a_wheel() -> None:
    both = place("macos-universal2").column.targets
    (windows,) = place("windows-amd64").column.targets

    assert [(t.arch, t.os_version) for t in both] == [(Arch.ARM64, (14, 0)), (Arch.X86_64, (14, 0))]
    assert all(".cpython-312-darwin.so" in t.suffixes for t in both)
    assert (windows.system, windows.id) == (System.WINDOWS, "win_amd64-cp312")


def test_only_universal2_stands_for_two_machines() -> None:
    thin = thin_places(place("macos-universal2@13"))

    assert [each.column.machine for each in thin] == ["macos-arm64@13", "macos-x86_64@13"]
    assert thin_places(place("macos-arm64")) == ()


@pytest.mark.parametrize(
    "machine",
    [
        *("amiga", "macos", "macos-arm64@", "macos-arm64@10.9", "linux-x86_64@3.0"),
        *("linux-x86_64@2.4", "musllinux-x86_64@2.0", "windows-amd64@10", "Linux-x86_64"),
    ],
)
def test_a_machine_that_is_not_known_is_an_error_that_names_it(machine: str) -> None:
    with pytest.raises(UnreadableInputError, match="--targets") as caught:
        places_of([machine], ["3.12"])

    assert machine in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("python", ["2.7", "3", "312", "3.7", "3.x", "3.12.4.1", "", "4.0"])
def test_a_python_that_is_not_known_is_an_error_that_names_it(python: str) -> None:
    with pytest.raises(UnreadableInputError, match="--python-version"):
        places_of(["macos-arm64"], [python])
