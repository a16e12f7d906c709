"""Policies, commands, environments: the guard where pip is used in other ways."""

from __future__ import annotations

import pytest

from builders.index import Index
from builders.packages import (
    ANY,
    ARM64,
    MODULE,
    UNIVERSAL2,
    beyond_bounds,
    native,
    pure,
    wheel_name,
)
from builders.sandbox import Sandbox
from builders.wheels import native_tag
from builders.zig import Zig

BAD = wheel_name("demo", "1.0", UNIVERSAL2)


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A mislabelled wheel with an sdist beside it."""
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0")
    return index


@pytest.fixture
def unreadable(index: Index) -> Index:
    """A wheel whose extension has more load commands than are read."""
    index.add_wheel("huge", "1.0", ARM64, native("huge", beyond_bounds()))
    return index


@pytest.mark.parametrize("source", ["option", "variable", "configuration"])
def test_the_policy_comes_from_anywhere_pip_takes_options(
    source: str, arm64: Sandbox, demo: Index
) -> None:
    arguments, env = ["install", "demo"], {}
    match source:
        case "option":
            arguments += ["--arch-policy", "fail"]
        case "variable":
            env = {"PIP_ARCH_POLICY": "fail"}
        case "configuration":
            config = arm64.work / "pip.conf"
            config.write_text("[install]\narch-policy = fail\n")
            env = {"PIP_CONFIG_FILE": str(config)}

    result = arm64.run(*arguments, env=env)

    assert result.code == 40, result
    assert "the policy is `fail`" in result.stderr
    assert demo.downloads().count("demo-1.0.tar.gz") == 0


def test_plain_pip_passes_over_our_configuration(arm64: Sandbox, index: Index) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    config = arm64.work / "pip.conf"
    config.write_text("[install]\narch-policy = fail\narch = universal2\narch-ignore = x\n")

    result = arm64.run_pip("install", "good", env={"PIP_CONFIG_FILE": str(config)})

    assert result.code == 0, result


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("policy", ["warn", "off"])
def test_warn_and_off_install_what_pip_would(policy: str, arm64: Sandbox) -> None:
    result = arm64.run("install", "--arch-policy", policy, "demo")

    assert result.code == 0, result
    assert arm64.native_arch(f"demo/{MODULE}") == ("x86_64",)
    assert ("warning: wrong-architecture" in result.stderr) is (policy == "warn")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("names", ["Demo", "x,demo"])
def test_an_ignored_package_is_left_alone(names: str, arm64: Sandbox) -> None:
    result = arm64.run("install", "--arch-ignore", names, "demo")

    assert result.code == 0, result
    assert arm64.native_arch(f"demo/{MODULE}") == ("x86_64",)


@pytest.mark.parametrize(("policy", "code"), [("fix", 0), ("warn", 0), ("fail", 41)])
def test_what_cannot_be_judged_is_said(
    policy: str, code: int, arm64: Sandbox, unreadable: Index
) -> None:
    result = arm64.run("install", "--arch-policy", policy, "huge")

    assert unreadable.downloads() == ["huge-1.0-" + ARM64 + ".whl"]
    assert result.code == code, result
    assert "could-not-tell" in result.stderr
    assert ("huge" in arm64.installed()) is (code == 0)


def test_a_file_that_is_cut_short_is_refused_as_macos_refuses_it(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("cut", "1.0", ARM64, native("cut", zig.extension("_c", "arm64")[:40]))

    result = arm64.run("install", "cut")

    assert result.code == 40, result
    assert "refused: malformed-binary" in result.stderr


@pytest.mark.usefixtures("demo")
def test_wheel_builds_and_judges(arm64: Sandbox) -> None:
    good = arm64.run("wheel", "-w", "good", "demo")
    forced = {"ZCC_FORCE_ARCH": "x86_64"}
    bad = arm64.run("wheel", "--no-cache-dir", "-w", "bad", "demo", env=forced)

    assert (good.code, bad.code) == (0, 40), (good, bad)
    assert [p.name for p in arm64.work.glob("good/*.whl")] == [
        wheel_name("demo", "1.0", native_tag("macosx_11_0_arm64"))
    ]
    assert not list(arm64.work.glob("bad/*.whl"))


@pytest.mark.usefixtures("demo")
def test_download_saves_the_sdist_in_place_of_the_bad_wheel(arm64: Sandbox) -> None:
    result = arm64.run("download", "-d", "d", "demo")

    assert result.code == 0, result
    assert [p.name for p in arm64.work.glob("d/*")] == ["demo-1.0.tar.gz"]


def test_a_dry_run_tells_what_an_install_would_do(arm64: Sandbox, demo: Index) -> None:
    demo.metadata = True
    before = arm64.files()

    result = arm64.run("install", "--dry-run", "demo")

    assert result.code == 0, result
    assert "instead: `demo-1.0.tar.gz`" in result.stderr
    assert arm64.files() == before


def test_a_lock_never_names_a_wheel_that_cannot_load(arm64: Sandbox, demo: Index) -> None:
    demo.metadata = True
    if arm64.run_pip("lock", "--help").code != 0:
        pytest.skip("this pip has no `lock`")

    result = arm64.run("lock", "-o", "pylock.toml", "demo")

    lock = arm64.work.joinpath("pylock.toml").read_text()
    assert result.code == 0, result
    assert BAD not in lock
    assert "demo-1.0.tar.gz" in lock
