"""Each part of a check-up on its own: one that fails is told as not known."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from builders.checkups import PIP
from pip_archguard import environment, hosts
from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.doctor import Checkup, PipSetup, Setting
from pip_archguard.pipbridge.checkup import check_up, variables
from pip_archguard.pipbridge.internals import doctor


def look(folder: str = "") -> Checkup:
    return check_up(lambda: PIP, lambda: folder)


def test_everything_is_looked_at(tmp_path: Path) -> None:
    checkup = look(str(tmp_path))

    assert checkup.pip is PIP
    assert checkup.cache is not None
    assert checkup.cache.folder == str(tmp_path / "wheels")
    assert None not in (checkup.machine, checkup.interpreter, checkup.tools, checkup.variables)


def test_a_cache_may_be_switched_off() -> None:
    cache = look().cache

    assert cache is not None
    assert cache.folder == ""


@pytest.mark.parametrize(
    "error",
    [
        OSError("x"),
        ValueError("x"),
        KeyError("x"),
        RuntimeError("x"),
        ImportError("x"),
        UnreadableWheelError("x"),
        subprocess.TimeoutExpired("x", 1),
    ],
    ids=repr,
)
def test_what_fails_is_not_known_and_nothing_else(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> PipSetup:
        raise error

    for module, names in (
        (hosts, ["running_target"]),
        (environment, ["interpreter_archs", "build_tools", "conda_setups"]),
    ):
        for name in names:
            monkeypatch.setattr(module, name, fail)

    checkup = check_up(fail, lambda: "/c")

    assert checkup == Checkup(variables=checkup.variables)
    assert checkup.variables is not None


def test_variables_that_are_set_are_told() -> None:
    environ = {"ARCHFLAGS": "-arch arm64", "CFLAGS": "", "PASSWORD": "x", "CC": "c" * 5000}

    assert variables(environ)[0] == Setting(name="ARCHFLAGS", value="-arch arm64")
    assert [len(each.value) for each in variables(environ)] == [11, 1000]


class Configuration:
    """A configuration as pip has it."""

    def __init__(self, *entries: tuple[str, object]) -> None:
        self._entries = entries

    def items(self) -> list[tuple[str, object]]:
        return list(self._entries)


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (Configuration(("install.no-binary", "a"), ("global.timeout", "1")), ["install.no-binary"]),
        (Configuration(("/pip.conf", {"global.index-url": "b"})), ["global.index-url"]),
        (Configuration((":env:.no-binary", "a")), []),
        (None, []),
    ],
    ids=["by name", "by file", "by variable", "none"],
)
def test_settings_are_told_by_their_names_alone(config: object, names: list[str]) -> None:
    assert list(doctor._of_files(config)) == names


def test_variables_of_pip_are_told_by_their_names_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_INDEX_URL", "PIP_ARCH_POLICY", "PIP_TIMEOUT", "ARCH"):
        monkeypatch.setenv(name, "x")

    found = set(doctor._of_variables())

    assert {"PIP_INDEX_URL", "PIP_ARCH_POLICY"} <= found
    assert not found & {"PIP_TIMEOUT", "ARCH"}


def test_a_pip_that_cannot_be_guarded_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._why_unguardable() == ""

    monkeypatch.setattr("pip.__version__", "21.0")
    assert "pip 21.0 cannot be guarded" in doctor._why_unguardable()
