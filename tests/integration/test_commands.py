"""Policies, commands, environments: the guard where pip is used in other ways."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, native, pure, wheel_name
from builders.sandbox import Host, NewHost, Sandbox
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
def unreadable(index: Index, zig: Zig) -> Index:
    """A wheel whose extension is cut short."""
    module = zig.extension("_c", "arm64")[:40]
    index.add_wheel("cut", "1.0", ARM64, native("cut", module))
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
    result = arm64.run("install", "--arch-policy", policy, "cut")

    assert unreadable.downloads() == ["cut-1.0-" + ARM64 + ".whl"]
    assert result.code == code, result
    assert "could-not-tell" in result.stderr
    assert ("cut" in arm64.installed()) is (code == 0)


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


@pytest.mark.parametrize("feature", ["", "inprocess-build-deps"], ids=["subprocess", "in process"])
def test_a_build_dependency_that_cannot_load_is_rescued(
    feature: str, arm64: Sandbox, demo: Index
) -> None:
    demo.add_sdist("top", "1.0", build_requires=["demo"], preamble="import demo\n" + SHOW_ARCH)
    option = [f"--use-feature={feature}"] if feature else []
    if arm64.run_pip("install", *option, "--help").code != 0:
        pytest.skip(f"this pip has no {feature}")

    result = arm64.run("install", *option, "top")

    assert result.code == 0, result
    assert arm64.native_arch(f"top/{MODULE}") == ("arm64",)


@pytest.mark.parametrize("feature", ["", "inprocess-build-deps"], ids=["subprocess", "in process"])
def test_a_build_dependency_without_a_remedy_ends_the_run(
    feature: str, arm64: Sandbox, demo: Index
) -> None:
    demo.remove("demo-1.0.tar.gz")
    demo.add_sdist("top", "1.0", build_requires=["demo"])
    option = [f"--use-feature={feature}"] if feature else []
    if arm64.run_pip("install", *option, "--help").code != 0:
        pytest.skip(f"this pip has no {feature}")
    before = arm64.files()

    result = arm64.run("install", *option, "top")

    assert result.code == 40, result
    assert BAD in result.stdout + result.stderr
    assert arm64.files() == before


def test_arch_is_not_asked_of_a_build_environment(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    index.add_wheel("helper", "1.0", ARM64, native("helper", zig.extension("_c", "arm64")))
    index.add_sdist("top", "1.0", build_requires=["helper"])
    host = new_host(Host(machine="arm64", universal2=True))
    config = host.work / "pip.conf"
    config.write_text("[install]\narch = universal2\n")

    result = host.run("install", "top", env={"PIP_CONFIG_FILE": str(config)})

    assert result.code == 0, result
    assert set(host.native_arch(f"top/{MODULE}")) == {"arm64", "x86_64"}


def test_another_interpreter_without_pip_or_the_guard_is_guarded(
    new_host: NewHost, demo: Index
) -> None:
    ours = new_host(Host(machine="arm64"))
    other = new_host(Host(machine="arm64"), bare=True)

    result = ours.run("--python", other.python, "install", "demo")

    assert result.code == 0, result
    assert other.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert "demo" not in ours.installed()
    assert demo.downloads()


def test_an_editable_install_is_judged_by_what_it_built(arm64: Sandbox, index: Index) -> None:
    unpack(arm64, index, index.add_sdist("demo", "1.0"))
    before = arm64.files()

    bad = arm64.run("install", "-e", "./demo-1.0", env={"ZCC_FORCE_ARCH": "x86_64"})
    untouched = arm64.files() == before
    for stale in arm64.work.rglob("*.so"):
        stale.unlink()
    for stale in arm64.work.rglob("*.o"):
        stale.unlink()
    good = arm64.run("install", "-e", "./demo-1.0")

    assert (bad.code, good.code) == (40, 0), (bad, good)
    assert untouched


def unpack(sandbox: Sandbox, index: Index, sdist: str) -> None:
    with tarfile.open(fileobj=io.BytesIO(index.content(sdist))) as archive:
        archive.extractall(sandbox.work, filter="data")


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_another_activated_environment_is_named(
    variable: str, arm64: Sandbox, index: Index
) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))

    told = arm64.run("install", "good", env={variable: "/elsewhere"})
    ours = arm64.run("install", "good", env={variable: str(arm64.python.parents[1])})

    assert (told.code, ours.code) == (0, 0)
    assert f"`{variable}` names `/elsewhere`" in told.stderr
    assert "--python /elsewhere" in told.stderr
    assert "other-environment" not in ours.stderr


@pytest.mark.parametrize("mark", ["pipx_metadata.json", "uv-receipt.toml"])
@pytest.mark.parametrize(
    "command", [("install", "good"), ("uninstall", "-y", "packaging")], ids=str
)
def test_a_tools_own_environment_is_not_changed(
    mark: str, command: tuple[str, ...], arm64: Sandbox, index: Index
) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    (arm64.python.parents[1] / mark).touch()
    before = arm64.files()

    result = arm64.run(*command)

    assert result.code == 42, result
    assert "error: tool-environment" in result.stderr
    assert "--python" in result.stderr
    assert arm64.files() == before


def test_from_a_tools_environment_other_places_can_be_filled(
    new_host: NewHost, index: Index
) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    tool = new_host(Host(machine="arm64"))
    other = new_host(Host(machine="arm64"), bare=True)
    (tool.python.parents[1] / "pipx_metadata.json").touch()

    codes = [
        tool.run("install", "--target", "t", "good").code,
        tool.run("install", "--prefix", "p", "good").code,
        tool.run("--python", other.python, "install", "good").code,
        tool.run("download", "good").code,
    ]

    assert codes == [0, 0, 0, 0]


def test_a_translated_process_with_an_arm64_slice_is_told_once(
    new_host: NewHost, index: Index, zig: Zig, tmp_path: Path
) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    fat, thin = tmp_path / "fat", tmp_path / "thin"
    fat.write_bytes(zig.fat_extension("_c"))
    thin.write_bytes(zig.extension("_c", "x86_64"))
    hosts = [
        new_host(Host(machine="x86_64", translated=translated, interpreter=binary))
        for translated, binary in ((True, fat), (True, thin), (False, fat))
    ]

    told = [host.run("install", "good").stderr.count("translated-process") for host in hosts]

    assert told == [1, 0, 0]


def test_other_commands_are_pips_own(arm64: Sandbox, index: Index) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    arm64.run("install", "good")

    for command in (["list"], ["freeze"], ["show", "good"], ["check"], ["nonsense"], ["hash"]):
        guarded, plain = arm64.run(*command), arm64.run_pip(*command)

        assert (guarded.code, guarded.stdout) == (plain.code, plain.stdout)
    assert arm64.run("uninstall", "-y", "good").code == 0


def test_version_prints_pips_line_first(arm64: Sandbox) -> None:
    ours, theirs = arm64.run("--version"), arm64.run_pip("--version")

    assert ours.stdout.splitlines()[0] == theirs.stdout.strip()
    assert ours.stdout.splitlines()[1].startswith("pip-archguard ")


def test_our_options_are_in_the_help(arm64: Sandbox) -> None:
    text = arm64.run("install", "--help").stdout

    assert "--arch-policy" in text
    assert "pip-archguard install" in text


def test_on_linux_the_guard_is_silent_and_says_so_with_v(linux: Sandbox, index: Index) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))

    silent, verbose = linux.run("download", "good"), linux.run("download", "-v", "good")

    assert (silent.code, silent.stderr) == (0, "")
    assert "wheels for linux are not judged yet" in verbose.stderr


SHOW_ARCH = """
import glob, os
(_file,) = glob.glob(os.path.join(os.path.dirname(demo.__file__), "_c*.so"))
assert open(_file, "rb").read(8)[4:8] == b"\\x0c\\x00\\x00\\x01", "x86_64 in the build environment"
"""
