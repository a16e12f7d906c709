from __future__ import annotations

import pytest

from builders.facts import mac
from pip_archguard import hosts
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target

LINUX = Target(system=System.LINUX, arch=Arch.X86_64, python="cp311", suffixes=(".so",))


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [
        (["macosx_14_0_arm64"], [(Arch.ARM64, (14, 0))]),
        (["macosx_10_9_x86_64"], [(Arch.X86_64, (10, 9))]),
        (["macosx_10_6_intel"], [(Arch.X86_64, (10, 6))]),
        (["macosx_11_0_universal2"], [(Arch.ARM64, (11, 0)), (Arch.X86_64, (11, 0))]),
        (["macosx_12_0_arm64", "macosx_10_9_universal2"], [(Arch.ARM64, (12, 0))]),
        (["macosx_11_0_arm64", "macosx_12_0_arm64"], [(Arch.ARM64, (12, 0))]),
        (
            ["macosx_11_0_arm64", "macosx_10_9_x86_64"],
            [(Arch.X86_64, (10, 9)), (Arch.ARM64, (11, 0))],
        ),
    ],
    ids=["arm64", "x86_64", "intel", "universal2", "universal2 beside", "newest", "two machines"],
)
def test_a_platform_names_a_mac(
    platforms: list[str], expected: list[tuple[Arch, tuple[int, int]]]
) -> None:
    targets = hosts.named_targets(LINUX, platforms=platforms, python_version=(3, 12))

    assert [(t.arch, t.os_version) for t in targets] == expected
    assert all(t.judged and t.named for t in targets)


@pytest.mark.parametrize(
    ("platform", "system", "arch"),
    [
        ("win_amd64", System.WINDOWS, Arch.X86_64),
        ("win_arm64", System.WINDOWS, Arch.ARM64),
        ("win32", System.WINDOWS, Arch.I386),
    ],
)
def test_platforms_of_windows_are_judged_for_their_python(
    platform: str, system: System, arch: Arch
) -> None:
    (target,) = hosts.named_targets(LINUX, platforms=[platform])

    assert (target.system, target.arch, target.judged) == (system, arch, True)
    assert target.suffixes == (f".cp311-{platform}.pyd", ".pyd")
    assert target.id == f"{platform}-cp311"


@pytest.mark.parametrize("platform", ["any", "macosx_10_9_ppc", "plan9", "macosx_10_6_fat"])
def test_a_platform_nobody_can_run_yields_no_target(platform: str) -> None:
    assert all(t.arch is not Arch.OTHER for t in hosts.named_targets(LINUX, platforms=[platform]))


@pytest.mark.parametrize(
    ("version", "implementation", "abis", "python", "suffixes"),
    [
        ((3, 10), None, (), "cp310", (".cpython-310-darwin.so", ".abi3.so", ".so")),
        ((3,), None, (), "cp3", ()),
        (None, None, (), "cp311", (".cpython-311-darwin.so", ".abi3.so", ".so")),
        ((3, 13), "cp", ("cp313t",), "cp313", (".cpython-313t-darwin.so", ".so")),
        ((3, 13, 1), "cp", ("cp313",), "cp313", (".cpython-313-darwin.so", ".abi3.so", ".so")),
        ((3, 10), "pp", ("pypy310_pp73",), "pp310", (".pypy310-pp73-darwin.so", ".so")),
        ((3, 12), "py", (), "py312", ()),
        ((3, 9), "cp", ("abi3",), "cp39", (".cpython-39-darwin.so", ".abi3.so", ".so")),
    ],
)
def test_the_python_options_say_what_is_importable(
    version: tuple[int, ...] | None,
    implementation: str | None,
    abis: tuple[str, ...],
    python: str,
    suffixes: tuple[str, ...],
) -> None:
    (target,) = hosts.named_targets(
        LINUX,
        platforms=["macosx_14_0_arm64"],
        python_version=version,
        implementation=implementation,
        abis=abis,
    )

    assert (target.python, target.suffixes) == (python, suffixes)


def test_without_options_the_running_interpreter_is_the_target() -> None:
    assert hosts.named_targets(LINUX) == (LINUX,)


def test_a_python_version_alone_keeps_the_machine() -> None:
    (target,) = hosts.named_targets(mac(), python_version=(3, 9))

    assert target.id == "macosx_14_0_arm64-cp39"
    assert target.suffixes == (".cpython-39-darwin.so", ".abi3.so", ".so")


@pytest.mark.parametrize(
    ("names", "archs"),
    [
        ([], [Arch.ARM64]),
        (["arm64"], [Arch.ARM64]),
        (["x86_64"], [Arch.X86_64]),
        (["universal2"], [Arch.ARM64, Arch.X86_64]),
        (["universal2", "arm64"], [Arch.ARM64, Arch.X86_64]),
    ],
    ids=str,
)
def test_arch_takes_the_place_of_the_targets_own(names: list[str], archs: list[Arch]) -> None:
    assert [t.arch for t in hosts.for_archs([mac()], names)] == archs


def test_universal2_on_two_platforms_is_two_targets() -> None:
    both = hosts.named_targets(LINUX, platforms=["macosx_11_0_universal2"])

    assert len(hosts.for_archs(both, ["universal2"])) == 2


@pytest.mark.parametrize(
    ("version", "suffixes"),
    [
        ((3, 13), (".cpython-313t-darwin.so", ".so")),
        ((3, 15), (".cpython-315t-darwin.so", ".abi3t.so", ".so")),
        ((3, 12), (".cpython-312-darwin.so", ".abi3.so", ".so")),
    ],
    ids=["3.13", "3.15", "3.12 was never free-threaded"],
)
def test_a_free_threaded_python_has_pip_look_for_its_kind(
    version: tuple[int, int], suffixes: tuple[str, ...]
) -> None:
    running = mac(suffixes=(".cpython-314t-darwin.so", ".so"))

    (target,) = hosts.named_targets(
        running, platforms=["macosx_14_0_arm64"], python_version=version
    )

    assert target.suffixes == suffixes


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [
        (".cp312-win_amd64.pyd", ".cp312-win_arm64.pyd"),
        (".cp313t-win_amd64.pyd", ".cp313t-win_arm64.pyd"),
    ],
)
def test_on_windows_another_machine_has_other_suffixes(suffix: str, expected: str) -> None:
    running = Target(
        system=System.WINDOWS,
        arch=Arch.X86_64,
        suffixes=(suffix, ".pyd"),
        python=suffix[1:6],
    )

    (target,) = hosts.for_archs([running], ["arm64"])

    assert (target.suffixes, target.foreign) == ((expected, ".pyd"), True)
    assert hosts.for_archs([running], ["amd64"]) == (running,)
