"""What is wrong with a machine's set-up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders.checkups import CACHE, CONDA, ILL, LINUX, MACHINE, PIP, PYTHON, ROSETTA, TOOLS, WELL
from builders.facts import mac
from pip_archguard.model.arch import Arch
from pip_archguard.model.doctor import Ailment, Checkup, Setting, Tool
from pip_archguard.model.enabling import Enabling
from pip_archguard.model.reason import Severity
from pip_archguard.rules.checkup import is_ill, troubles_of

INTEL = replace(MACHINE, target=mac(Arch.X86_64), hardware="x86_64", rosetta=None)
BREW = Tool(name="cmake", path="/usr/local/bin/cmake", archs=("x86_64",))

CASES: dict[str, tuple[Checkup, list[Ailment]]] = {
    "well": (WELL, []),
    "nothing told": (Checkup(), []),
    "intel": (replace(WELL, machine=INTEL), []),
    "linux": (LINUX, []),
    "rosetta": (replace(WELL, machine=ROSETTA), [Ailment.TRANSLATED]),
    "rosetta, python unknown": (replace(WELL, machine=ROSETTA, interpreter=None), []),
    "intel python": (
        replace(WELL, machine=ROSETTA, interpreter=replace(PYTHON, archs=("x86_64",))),
        [Ailment.INTEL_PYTHON],
    ),
    "no rosetta": (
        replace(WELL, machine=replace(MACHINE, rosetta=False)),
        [Ailment.NO_ROSETTA],
    ),
    "pip": (replace(WELL, pip=replace(PIP, unguardable="x")), [Ailment.UNSUPPORTED_PIP]),
    "stale": (
        replace(WELL, pip=replace(PIP, enabling=Enabling.STALE)),
        [Ailment.STALE_ENABLING],
    ),
    "other pip": (replace(WELL, pip=replace(PIP, is_ours=False)), [Ailment.OTHER_PIP]),
    "no pip": (replace(WELL, pip=replace(PIP, on_path="", is_ours=False)), []),
    "no compiler": (
        replace(WELL, tools=replace(TOOLS, developer_folder="")),
        [Ailment.NO_DEVELOPER_TOOLS],
    ),
    "intel homebrew": (replace(WELL, tools=replace(TOOLS, found=(BREW,))), [Ailment.INTEL_TOOL]),
    "intel homebrew on intel": (
        replace(WELL, machine=INTEL, tools=replace(TOOLS, found=(BREW,))),
        [],
    ),
    "mixed conda": (
        replace(WELL, conda=(replace(CONDA, subdirs=(("osx-64", 1), ("osx-arm64", 2))),)),
        [Ailment.CONDA_MIXED],
    ),
    "conda for intel": (
        replace(WELL, conda=(replace(CONDA, subdirs=(("osx-64", 1),)),)),
        [Ailment.CONDA_INTEL],
    ),
    "conda on intel": (
        replace(WELL, machine=INTEL, conda=(replace(CONDA, subdirs=(("osx-64", 1),)),)),
        [],
    ),
    "conda on an unknown machine": (
        replace(WELL, machine=None, conda=(replace(CONDA, subdirs=(("osx-64", 1),)),)),
        [],
    ),
    "empty conda": (replace(WELL, conda=(replace(CONDA, subdirs=()),)), []),
    "no cache": (replace(WELL, cache=None), []),
}


@pytest.mark.parametrize(("checkup", "expected"), CASES.values(), ids=CASES)
def test_what_is_wrong_is_told(checkup: Checkup, expected: list[Ailment]) -> None:
    assert [trouble.ailment for trouble in troubles_of(checkup)] == expected


def test_what_is_wrong_comes_before_what_is_worth_knowing() -> None:
    weights = [trouble.severity for trouble in troubles_of(ILL)]

    assert weights == sorted(weights, key=lambda each: each is Severity.INFO)
    assert set(weights) == {Severity.WARN, Severity.INFO}


@pytest.mark.parametrize(("checkup", "ill"), [(WELL, False), (LINUX, False), (ILL, True)])
def test_a_note_alone_is_no_illness(checkup: Checkup, *, ill: bool) -> None:
    assert is_ill(troubles_of(checkup)) is ill
    assert not is_ill(troubles_of(replace(WELL, pip=replace(PIP, is_ours=False))))


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("ARCHFLAGS", "-arch arm64", False),
        ("ARCHFLAGS", "-arch x86_64 -arch arm64", False),
        ("ARCHFLAGS", "-arch x86_64", True),
        ("CFLAGS", "-O2", False),
        ("LDFLAGS", "-arch x86_64 -L/usr/local/lib", True),
        ("_PYTHON_HOST_PLATFORM", "macosx-11.0-arm64", False),
        ("_PYTHON_HOST_PLATFORM", "macosx-11.0-universal2", False),
        ("_PYTHON_HOST_PLATFORM", "macosx-11.0-x86_64", True),
        ("_PYTHON_HOST_PLATFORM", "", False),
    ],
)
def test_a_variable_that_makes_builds_yield_something_else_is_wrong(
    name: str, value: str, *, wrong: bool
) -> None:
    checkup = replace(WELL, variables=(Setting(name=name, value=value),))

    found = troubles_of(checkup)

    assert [trouble.ailment for trouble in found] == [Ailment.OTHER_ARCH_SET] * wrong
    assert [trouble.commands for trouble in found] == [(f"unset {name}",)] * wrong


@pytest.mark.parametrize(
    ("name", "value", "commands"),
    [
        ("CONDA_SUBDIR", "osx-arm64", []),
        ("CONDA_SUBDIR", "osx-64", [("unset CONDA_SUBDIR",)]),
        ("/h/.condarc", "osx-64", [("conda config --env --set subdir osx-arm64",)]),
    ],
    ids=["the same", "variable", "file"],
)
def test_conda_told_to_install_for_another_platform_is_wrong(
    name: str, value: str, commands: list[tuple[str, ...]]
) -> None:
    said = (Setting(name=name, value=value), Setting(name="/other", value="linux-64"))

    found = troubles_of(replace(WELL, conda=(replace(CONDA, configured=said),)))

    assert [trouble.ailment for trouble in found] == [Ailment.CONDA_SUBDIR] * len(commands)
    assert [trouble.commands for trouble in found] == commands


def test_a_poisoned_wheel_comes_with_the_command_that_removes_it() -> None:
    (trouble,) = troubles_of(replace(WELL, cache=ILL.cache))

    assert CACHE.poisoned == ()
    assert trouble.commands == ("pip cache remove demo-1.0-cp312-cp312-macosx_11_0_universal2",)
