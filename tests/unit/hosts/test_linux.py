from __future__ import annotations

import os
import struct

import pytest
from packaging import tags

from builders.facts import linux
from pip_archguard import hosts
from pip_archguard.hosts.linux import linux_suffixes, with_running_libc
from pip_archguard.model.arch import Arch
from pip_archguard.model.libc import Libc
from pip_archguard.model.target import System, Target

HERE = linux()


@pytest.mark.parametrize(
    ("platform", "arch", "libc", "version", "id_"),
    [
        ("manylinux1_i686", Arch.I386, Libc.GLIBC, (2, 5), "manylinux_2_5_i686"),
        ("manylinux2010_x86_64", Arch.X86_64, Libc.GLIBC, (2, 12), "manylinux_2_12_x86_64"),
        ("manylinux2014_aarch64", Arch.ARM64, Libc.GLIBC, (2, 17), "manylinux_2_17_aarch64"),
        ("manylinux_2_28_s390x", Arch.S390X, Libc.GLIBC, (2, 28), "manylinux_2_28_s390x"),
        ("musllinux_1_2_armv7l", Arch.ARM, Libc.MUSL, (1, 2), "musllinux_1_2_armv7l"),
        ("linux_riscv64", Arch.RISCV64, None, (0, 0), "linux_riscv64"),
    ],
)
def test_a_platform_tag_names_a_machine(
    platform: str, arch: Arch, libc: Libc | None, version: tuple[int, int], id_: str
) -> None:
    (target,) = hosts.named_targets(HERE, platforms=[platform])

    assert (target.system, target.arch, target.libc) == (System.LINUX, arch, libc)
    assert (target.os_version, target.id) == (version, f"{id_}-cp312")
    assert target.judged


@pytest.mark.parametrize("platform", ["linux", "manylinux2015_x86_64", "manylinux_2_28_vax"])
def test_a_tag_that_nobody_knows_names_none(platform: str) -> None:
    assert hosts.named_targets(HERE, platforms=[platform]) == ()


def test_of_several_tags_the_newest_counts_and_plain_linux_only_lets_more_in() -> None:
    names = [
        "linux_x86_64",
        "manylinux2014_x86_64",
        "manylinux_2_28_x86_64",
        "musllinux_1_2_x86_64",
    ]

    targets = hosts.named_targets(HERE, platforms=names)

    assert sorted(t.id for t in targets) == [
        "manylinux_2_28_x86_64-cp312",
        "musllinux_1_2_x86_64-cp312",
    ]


@pytest.mark.parametrize(
    ("machine", "abis", "suffixes"),
    [
        (
            linux(Arch.ARM64),
            ("cp312",),
            (".cpython-312-aarch64-linux-gnu.so", ".abi3.so", ".so"),
        ),
        (linux(Arch.ARM), ("cp39",), (".cpython-39-arm-linux-gnueabihf.so", ".abi3.so", ".so")),
        (
            linux(libc=Libc.MUSL),
            ("cp311",),
            (".cpython-311-x86_64-linux-musl.so", ".abi3.so", ".so"),
        ),
        (
            linux(libc=Libc.MUSL),
            ("cp310",),
            (
                ".cpython-310-x86_64-linux-gnu.so",
                ".cpython-310-x86_64-linux-musl.so",
                ".abi3.so",
                ".so",
            ),
        ),
        (linux(), ("cp314t",), (".cpython-314t-x86_64-linux-gnu.so", ".so")),
        (linux(), ("cp315t",), (".cpython-315t-x86_64-linux-gnu.so", ".abi3t.so", ".so")),
        (linux(), ("none", "pypy310_pp73"), (".pypy310-pp73-x86_64-linux-gnu.so", ".so")),
        (linux(), ("none", "py3"), ()),
    ],
    ids=["arm64", "arm", "musl", "older musl", "free", "stable free", "PyPy", "any"],
)
def test_suffixes_hold_the_machine(
    machine: Target, abis: tuple[str, ...], suffixes: tuple[str, ...]
) -> None:
    assert linux_suffixes(machine, abis) == suffixes


@pytest.mark.parametrize(
    ("machine", "pointer", "arch"),
    [
        (Arch.X86_64, 8, Arch.X86_64),
        (Arch.X86_64, 4, Arch.I386),
        (Arch.ARM64, 4, Arch.ARM),
        (Arch.I386, 8, Arch.X86_64),
        (Arch.S390X, 8, Arch.S390X),
        (Arch.ARM, 4, Arch.ARM),
    ],
    ids=str,
)
def test_the_process_may_be_narrower_than_the_kernel(
    machine: Arch, pointer: int, arch: Arch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(struct, "calcsize", lambda _: pointer)

    assert with_running_libc(Target(system=System.LINUX, arch=machine)).arch is arch


@pytest.mark.parametrize(
    ("told", "platforms", "expected"),
    [
        ("glibc 2.36", [], (Libc.GLIBC, (2, 36))),
        (None, ["linux_x86_64", "musllinux_1_2_x86_64"], (Libc.MUSL, (1, 2))),
        (ValueError, ["linux_x86_64"], (None, (0, 0))),
    ],
    ids=["glibc", "musl", "another"],
)
def test_the_c_library_is_that_of_the_process(
    told: object,
    platforms: list[str],
    expected: tuple[Libc | None, tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def confstr(_: str) -> object:
        if told is ValueError:
            raise ValueError
        return told

    monkeypatch.setattr(os, "confstr", confstr)
    monkeypatch.setattr(tags, "platform_tags", lambda: iter(platforms))

    target = with_running_libc(Target(system=System.LINUX, arch=Arch.X86_64))

    assert (target.libc, target.os_version) == expected


@pytest.mark.parametrize(
    ("platforms", "here"),
    [
        (["manylinux_2_17_x86_64"], True),
        (["manylinux_2_17_x86_64", "musllinux_1_1_x86_64"], True),
        (["linux_x86_64"], True),
        (["manylinux_2_35_x86_64"], False),
        (["musllinux_1_2_x86_64"], False),
        (["manylinux_2_17_aarch64"], False),
        (["win_amd64"], False),
    ],
    ids=str,
)
def test_a_wheel_that_fits_the_running_machine_is_judged_for_it(
    platforms: list[str], *, here: bool
) -> None:
    assert (hosts.claimed_machines(HERE, platforms) == (HERE,)) is here


def test_the_pythons_of_a_name_are_those_of_the_machine() -> None:
    (python,) = hosts.claimed_pythons(["cp312"], ["cp312"])
    (other,) = hosts.claimed_pythons(["cp39"], ["abi3"])

    assert hosts.with_pythons((HERE,), (python,), HERE) == (HERE,)
    (found,) = hosts.with_pythons((HERE,), (other,), HERE)
    assert found.suffixes == (".cpython-39-x86_64-linux-gnu.so", ".abi3.so", ".so")


def clues(*claims: str, program: frozenset[Arch] = frozenset()) -> hosts.Clues:
    return hosts.Clues(
        claims=tuple(frozenset(claim.split(".")) for claim in claims),
        program=frozenset(),
        linux_program=program,
        paths=(),
        root="",
        macho=False,
    )


@pytest.mark.parametrize(
    ("found", "ids"),
    [
        (clues("manylinux_2_17_x86_64", "any"), ["manylinux_2_28_x86_64"]),
        (clues("any"), ["manylinux_2_28_x86_64"]),
        (
            clues("manylinux_2_17_aarch64", "manylinux_2_34_aarch64"),
            ["manylinux_2_34_aarch64"],
        ),
        (clues("musllinux_1_2_aarch64"), ["musllinux_1_2_aarch64"]),
        (clues("linux_aarch64"), ["linux_aarch64"]),
        (clues("any", program=frozenset({Arch.ARM64})), ["linux_aarch64"]),
    ],
    ids=["this machine", "nothing said", "another", "musl", "plain", "its own Python"],
)
def test_an_environment_is_judged_for_the_machine_that_it_was_filled_for(
    found: hosts.Clues, ids: list[str]
) -> None:
    assert [t.id for t in hosts.audited_targets(HERE, found)] == ids


def test_where_nothing_is_for_macs_or_linux_it_is_the_running_machine() -> None:
    running = Target(system=System.WINDOWS, arch=Arch.X86_64)

    assert [t.id for t in hosts.audited_targets(running, clues("any"))] == ["win_amd64"]


def test_another_architecture_has_other_suffixes() -> None:
    (target,) = hosts.for_archs([HERE], ["aarch64"])
    (same,) = hosts.for_archs([HERE], ["x86_64"])

    assert target.suffixes == (".cpython-312-aarch64-linux-gnu.so", ".abi3.so", ".so")
    assert (target.foreign, same) == (True, HERE)


@pytest.mark.parametrize("wanted", [Arch.X86_64, Arch.ARM64])
def test_a_source_build_yields_code_for_the_machine_it_runs_on(wanted: Arch) -> None:
    settings = hosts.settings_on(HERE, [wanted], {"ARCHFLAGS": "-arch arm64"})

    assert settings.variables == ()
    assert settings.archs == frozenset({Arch.X86_64})
