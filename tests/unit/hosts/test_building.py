"""What a source build yields on each Python, and which variables it takes to have it so."""

from __future__ import annotations

import platform
import sysconfig

import pytest

from pip_archguard import hosts
from pip_archguard.model.arch import Arch

ARM, INTEL = Arch.ARM64, Arch.X86_64
BOTH = "-arch arm64 -arch x86_64 -O2"
AS_ARM = "macosx-11.0-arm64"


def be_python(
    monkeypatch: pytest.MonkeyPatch,
    *,
    machine: str = "arm64",
    cflags: str | None = "-O2",
    target: str | None = "10.9",
) -> None:
    known = {"_OSX_SUPPORT_INITIAL_CFLAGS": cflags, "MACOSX_DEPLOYMENT_TARGET": target}
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sysconfig, "get_config_var", known.get)


@pytest.mark.parametrize(
    ("cflags", "wanted", "environ", "variables", "yields"),
    [
        ("-O2", {ARM}, {}, {}, {ARM}),
        (None, {ARM}, {}, {}, {ARM}),
        (BOTH, {ARM, INTEL}, {}, {}, {ARM, INTEL}),
        (
            BOTH,
            {ARM},
            {},
            {"ARCHFLAGS": "-arch arm64", "_PYTHON_HOST_PLATFORM": AS_ARM},
            {ARM},
        ),
        (
            BOTH,
            {INTEL},
            {},
            {"ARCHFLAGS": "-arch x86_64", "_PYTHON_HOST_PLATFORM": "macosx-10.9-x86_64"},
            {INTEL},
        ),
        (
            "-O2",
            {ARM, INTEL},
            {},
            {
                "ARCHFLAGS": "-arch arm64 -arch x86_64",
                "_PYTHON_HOST_PLATFORM": "macosx-10.9-universal2",
            },
            {ARM, INTEL},
        ),
        (
            BOTH,
            {ARM},
            {"ARCHFLAGS": "-arch arm64"},
            {"_PYTHON_HOST_PLATFORM": AS_ARM},
            {ARM},
        ),
        (
            BOTH,
            {ARM},
            {"ARCHFLAGS": "-arch x86_64"},
            {"_PYTHON_HOST_PLATFORM": "macosx-10.9-x86_64"},
            {INTEL},
        ),
        ("-O2", {ARM}, {"ARCHFLAGS": "-arch arm64"}, {}, {ARM}),
        (BOTH, {ARM}, {"_PYTHON_HOST_PLATFORM": "macosx-10.9-universal2"}, {}, {ARM, INTEL}),
        (
            BOTH,
            {ARM},
            {"_PYTHON_HOST_PLATFORM": AS_ARM, "ARCHFLAGS": "-arch arm64"},
            {},
            {ARM},
        ),
        (
            BOTH,
            {ARM},
            {"MACOSX_DEPLOYMENT_TARGET": "13.1"},
            {"ARCHFLAGS": "-arch arm64", "_PYTHON_HOST_PLATFORM": "macosx-13.1-arm64"},
            {ARM},
        ),
    ],
    ids=[
        "thin Python",
        "no CFLAGS",
        "universal2 Python, both wanted",
        "universal2 Python, arm64 wanted",
        "universal2 Python, x86_64 wanted",
        "thin Python, both wanted",
        "user's flags: only the name is mended",
        "user's flags name another architecture",
        "user's flags say what is so anyway",
        "user's platform stands",
        "user's flags and platform stand",
        "user's deployment target",
    ],
)
def test_a_build_yields_what_is_wanted_unless_the_user_says_otherwise(
    cflags: str | None,
    wanted: set[Arch],
    environ: dict[str, str],
    variables: dict[str, str],
    yields: set[Arch],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    be_python(monkeypatch, cflags=cflags)

    settings = hosts.build_settings(wanted, environ)

    assert (dict(settings.variables), set(settings.archs)) == (variables, yields)


def test_flags_that_sysconfig_took_from_the_environment_are_not_those_of_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {"_OSX_SUPPORT_INITIAL_CFLAGS": BOTH, "CFLAGS": "-arch arm64"}
    monkeypatch.setattr(sysconfig, "get_config_var", known.get)

    settings = hosts.build_settings({ARM}, {"ARCHFLAGS": "-arch arm64"})

    assert [name for name, _ in settings.variables] == ["_PYTHON_HOST_PLATFORM"]


def test_a_python_that_left_its_flags_as_they_were_is_read_by_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sysconfig, "get_config_var", {"CFLAGS": BOTH}.get)

    assert hosts.build_settings({ARM, INTEL}, {}).variables == ()


def test_a_python_that_names_no_deployment_target_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    be_python(monkeypatch, machine="x86_64", cflags=BOTH, target=None)

    settings = hosts.build_settings({ARM}, {})

    assert dict(settings.variables)["_PYTHON_HOST_PLATFORM"] == AS_ARM
