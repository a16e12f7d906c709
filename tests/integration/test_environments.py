"""Which environment a command changes, and what all other commands do."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, native, pure
from builders.sandbox import Host, NewHost, Sandbox
from builders.zig import Zig


def test_another_interpreter_without_pip_or_the_guard_is_guarded(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    bad = native("demo", zig.extension("_c", "x86_64"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, bad)
    index.add_sdist("demo", "1.0")
    ours = new_host(Host(machine="arm64"))
    other = new_host(Host(machine="arm64"), bare=True)

    result = ours.run("--python", other.python, "install", "demo")

    assert result.code == 0, result
    assert other.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert "demo" not in ours.installed()


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


def test_for_other_systems_the_guard_is_silent_and_says_so_with_v(
    linux: Sandbox, index: Index
) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    options = ("--platform", "ios_13_0_arm64_iphoneos", "--only-binary=:all:", "good")

    silent, verbose = linux.run("download", *options), linux.run("download", "-v", *options)

    assert (silent.code, silent.stderr) == (0, "")
    assert "are not judged yet" in verbose.stderr


def test_a_dry_run_may_start_in_a_tools_environment(arm64: Sandbox, index: Index) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    (arm64.python.parents[1] / "pipx_metadata.json").touch()

    assert arm64.run("install", "--dry-run", "good").code == 0


def test_modules_in_the_working_directory_are_not_imported(arm64: Sandbox) -> None:
    for name in ("optparse", "shutil", "packaging", "macholib"):
        (arm64.work / f"{name}.py").write_text("raise RuntimeError('shadowed')\n")

    assert arm64.run("list").code == 0
    assert "unknown command" in arm64.run("nonsense").stderr


CHANGING = re.compile(
    r"size=\d+ sha256=\w+|pip-ephem\S+|wheels/\S+|[\d.]+ [kMG]?B(?:/s)?|\d:\d\d:\d\d|pip-\w+-\S+"
)


@pytest.mark.parametrize("metadata", [False, True], ids=["wheels", "metadata files"])
def test_when_all_is_well_pip_prints_what_it_always_prints(
    new_host: NewHost, index: Index, zig: Zig, *, metadata: bool
) -> None:
    index.metadata = metadata
    module = native("good", zig.extension("_c", "arm64"))
    index.add_wheel("good", "1.0", ARM64, module, requires=["dep"])
    index.add_wheel("dep", "1.0", ANY, pure("dep"))
    index.add_sdist("src", "1.0")
    guarded, plain = new_host(Host(machine="arm64")), new_host(Host(machine="arm64"))

    for arguments in (
        ("install", "--report", "report.json", "good", "src"),
        ("install", "good"),
        ("install", "-U", "good"),
        ("install", "--force-reinstall", "good"),
        ("install", "--target", "t", "good"),
        ("install", "--prefix", "p", "good"),
        ("download", "-d", "d", "good"),
        ("wheel", "-w", "w", "good", "src"),
        ("install",),
    ):
        ours, theirs = guarded.run(*arguments), plain.run_pip(*arguments)

        assert ours.code == theirs.code, (ours, theirs)
        assert differences(theirs.stdout, plain, ours.stdout, guarded) == []
    assert guarded.installed() == plain.installed()
    assert report(guarded) == report(plain)


def differences(first: str, one: Sandbox, second: str, other: Sandbox) -> list[str]:
    def lines(text: str, sandbox: Sandbox) -> list[str]:
        return CHANGING.sub("…", text.replace(str(sandbox.folder), "HOST")).splitlines()

    return list(difflib.unified_diff(lines(first, one), lines(second, other), lineterm="", n=0))


def report(sandbox: Sandbox) -> list[tuple[str, str]]:
    found = json.loads((sandbox.work / "report.json").read_text())
    return [(i["metadata"]["name"], i["download_info"]["url"]) for i in found["install"]]
