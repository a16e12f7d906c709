"""`enable`: `pip` itself is guarded, whoever calls it, and stays a working pip throughout."""

from __future__ import annotations

import configparser
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, native, pure
from builders.sandbox import Host, NewHost, Result, Sandbox
from builders.wheels import native_tag
from builders.zig import Zig

ENABLED = "pip_archguard_enabled.pth"
PYCHARM = """
import runpy, sys
sys.argv[1:] = ["install", *sys.argv[2:]]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""
"""What its `packaging_tool.py` does."""
OURS = """
import sys
print([m for m in sys.modules if "archguard" in m])
print([f for f in sys.meta_path if "archguard" in str(f)])
"""


@pytest.fixture
def demo(index: Index, zig: Zig) -> None:
    """A package whose first wheel cannot load on arm64, and whose second can."""
    bad = native_tag("macosx_14_0_universal2")
    index.add_wheel("demo", "1.0", bad, native("demo", zig.extension("_c", "x86_64")))
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))


@pytest.fixture
def enabled(arm64: Sandbox) -> Sandbox:
    """An environment with pip's script, enabled."""
    write_scripts(arm64)
    result = arm64.run("enable")

    assert result.code == 0, result
    return arm64


def write_scripts(sandbox: Sandbox) -> None:
    """Write the scripts that pip writes when it installs itself."""
    (info,) = sandbox.site.glob("pip-*.dist-info")
    config = configparser.ConfigParser(delimiters="=")
    config.read(info / "entry_points.txt")
    for name, entry in config["console_scripts"].items():
        module, _, function = entry.partition(":")
        text = f"#!{sandbox.python}\nimport sys\nfrom {module} import {function}\n"
        script = sandbox.python.with_name(name)
        script.write_text(f"{text}if __name__ == '__main__':\n    sys.exit({function}())\n")
        script.chmod(0o755)


def pip_files(index: Index, sandbox: Sandbox, version: str, change: Callable[[str], str]) -> None:
    """Offer the sandbox's own pip as another version of it, its parser changed."""
    files = {
        path.relative_to(sandbox.site).as_posix(): path.read_bytes()
        for path in (sandbox.site / "pip").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    parser = "pip/_internal/cli/main_parser.py"
    files[parser] = change(files[parser].decode()).encode()
    index.add_wheel("pip", version, ANY, files)


def offer_ourselves(index: Index, sandbox: Sandbox, version: str) -> None:
    root = sandbox.site / "pip_archguard"
    files = {
        path.relative_to(sandbox.site).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    index.add_wheel("pip-archguard", version, ANY, files)


def is_guarded(sandbox: Sandbox) -> bool:
    result = sandbox.run_pip("--version")

    assert (result.code, result.stderr) == (0, "")
    return result.stdout.splitlines()[1:2] == ["pip-archguard 0.1.0"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "way",
    [
        ("pip", "install"),
        ("pip3", "install"),
        ("-m", "pip", "install"),
        ("-I", "-m", "pip", "install"),
        ("-W", "ignore", "-X", "utf8", "-mpip", "install"),
        ("packaging_tool.py", "install"),
    ],
    ids=" ".join,
)
def test_however_pip_is_called_it_is_guarded_once(way: tuple[str, ...], enabled: Sandbox) -> None:
    words = list(way)
    if words[0].startswith("pip"):
        words[0] = str(enabled.python.with_name(words[0]))
    enabled.work.joinpath("packaging_tool.py").write_text(PYCHARM)

    result = enabled.run_python(*words, "demo")

    assert result.code == 0, result
    assert enabled.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert result.stderr.count("refused: wrong-architecture") == 1
    assert result.stderr.count("judged, fit for") == 1


def test_what_nothing_can_rescue_ends_with_the_guards_code(
    enabled: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))

    result = enabled.run_pip("install", "demo")

    assert result.code == 40, result
    assert "demo" not in enabled.installed()


@pytest.mark.usefixtures("demo")
def test_disabling_gives_plain_pip_back(enabled: Sandbox) -> None:
    before = enabled.files()

    told = enabled.run("disable")
    result = enabled.run_pip("install", "demo")

    assert (told.code, told.stdout[:12], told.stderr) == (0, "not enabled:", "")
    assert enabled.native_arch(f"demo/{MODULE}") == ("x86_64",)
    assert (result.code, result.stderr) == (0, "")
    gone = set(before) - set(enabled.files())
    assert {Path(name).name for name in gone} == {ENABLED}


def test_the_status_is_told_on_standard_output_and_by_the_exit_code(arm64: Sandbox) -> None:
    def status() -> tuple[int, str, str]:
        result = arm64.run("enable", "--status")
        return result.code, result.stdout.partition(":")[0], result.stderr

    before, made = status(), arm64.run("enable")
    after, again = status(), arm64.run_pip("enable")
    path = arm64.site / ENABLED
    path.write_text(path.read_text() + "\n")
    stale = status()

    assert (before, after, stale) == (
        (1, "not enabled", ""),
        (0, "enabled", ""),
        (1, "stale", ""),
    )
    assert (made.code, again.code, made.stdout) == (0, 0, again.stdout)
    assert str(arm64.site) in made.stdout


@pytest.mark.usefixtures("demo")
def test_pip_archguard_itself_is_not_guarded_twice(enabled: Sandbox) -> None:
    result = enabled.run("install", "demo")

    assert result.code == 0, result
    assert result.stderr.count("refused: wrong-architecture") == 1
    assert enabled.run("--version").stdout.count("pip-archguard") == 1


def test_a_source_build_below_it_is_guarded_once(enabled: Sandbox, index: Index, zig: Zig) -> None:
    bad = native_tag("macosx_14_0_universal2")
    index.add_wheel("helper", "1.0", bad, native("helper", zig.extension("_c", "x86_64")))
    index.add_wheel("helper", "1.0", ARM64, native("helper", zig.extension("_c", "arm64")))
    index.add_sdist("demo", "1.0", build_requires=["helper", "pip"])
    pip_files(index, enabled, "99.0", str)

    result = enabled.run_pip("install", "-v", "demo")

    assert result.code == 0, result
    assert enabled.native_arch(f"demo/{MODULE}") == ("arm64",)
    told = result.stdout + result.stderr
    assert told.count("refused: wrong-architecture") == 1


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("there", ["bare", "enabled"])
def test_another_environment_is_guarded_once_from_an_enabled_one(
    there: str, enabled: Sandbox, new_host: NewHost
) -> None:
    other = new_host(Host(machine="arm64"), bare=there == "bare")
    if there == "enabled":
        assert other.run("enable").code == 0

    result = enabled.run_pip("--python", other.python, "install", "demo")

    assert result.code == 0, result
    assert other.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert result.stderr.count("refused: wrong-architecture") == 1


def test_other_processes_load_nothing_of_ours(enabled: Sandbox) -> None:
    assert enabled.run_python("-c", OURS).stdout.split() == ["[]", "[]"]
    assert enabled.run_python("-I", "-c", OURS, "pip").stdout.split() == ["[]", "[]"]


def test_other_commands_stay_pips_own(enabled: Sandbox, new_host: NewHost) -> None:
    plain = new_host(Host(machine="arm64"))

    for command in (["list"], ["freeze"], ["check"], ["nonsense"], ["show", "gone"], ["cache"]):
        ours, theirs = enabled.run_pip(*command), plain.run_pip(*command)

        assert (ours.code, ours.stdout) == (theirs.code, theirs.stdout)
    assert enabled.run_pip("install", "--help").stdout.count("--arch-policy") == 1


@pytest.mark.parametrize("how", ["uninstalled", "deleted", "half deleted", "disabled"])
def test_without_pip_archguard_pip_works_and_says_nothing(
    how: str, enabled: Sandbox, index: Index
) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    match how:
        case "uninstalled":
            offer_ourselves(index, enabled, "0.1.0")
            enabled.run_pip("install", "--force-reinstall", "--no-deps", "pip-archguard")
            gone = enabled.run_pip("uninstall", "-y", "pip-archguard")
            assert (gone.code, gone.stderr) == (0, "")
            assert "Successfully uninstalled pip-archguard-0.1.0" in gone.stdout
        case "deleted":
            shutil.rmtree(enabled.site / "pip_archguard")
        case "half deleted":
            shutil.rmtree(enabled.site / "pip_archguard" / "pipbridge")
        case _:
            enabled.run("disable")

    result = enabled.run_pip("install", "good")
    unrelated = enabled.run_python("-c", "pass")

    assert (result.code, result.stderr) == (0, "")
    assert "Successfully installed good-1.0" in result.stdout
    assert (unrelated.code, unrelated.stderr) == (0, "")
    assert not is_guarded(enabled)


def test_an_upgrade_of_pip_archguard_through_pip_leaves_it_guarded(
    enabled: Sandbox, index: Index
) -> None:
    results: list[Result] = []
    for version in ("0.1.1", "0.1.2"):
        offer_ourselves(index, enabled, version)
        results.append(enabled.run_pip("install", "-U", "--no-deps", f"pip-archguard=={version}"))

    assert [(r.code, r.stderr) for r in results] == [(0, ""), (0, "")]
    assert enabled.installed()["pip-archguard"] == "0.1.2"
    assert is_guarded(enabled)
    assert enabled.run("enable", "--status").code == 0


@pytest.mark.usefixtures("demo")
def test_an_upgrade_of_pip_through_itself_leaves_it_guarded(enabled: Sandbox, index: Index) -> None:
    pip_files(index, enabled, "99.0", str)

    upgrade = enabled.run_pip("install", "-U", "pip")
    result = enabled.run_pip("install", "demo")

    assert (upgrade.code, upgrade.stderr) == (0, "")
    assert enabled.installed()["pip"] == "99.0"
    assert enabled.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert result.code == 0, result


@pytest.mark.usefixtures("demo")
def test_a_pip_that_came_back_is_guarded_again(enabled: Sandbox) -> None:
    gone = enabled.run_pip("uninstall", "-y", "pip")
    without = enabled.run_python("-m", "pip", "--version")
    back = enabled.run_python("-m", "ensurepip")
    result = enabled.run_pip("install", "demo")

    assert (gone.code, gone.stderr) == (0, "")
    assert "No module named pip" in without.stderr
    assert back.code == 0, back
    assert enabled.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert result.code == 0, result


def test_a_pip_that_cannot_be_guarded_works_and_that_is_told(
    enabled: Sandbox, index: Index
) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    pip_files(index, enabled, "99.0", lambda text: f"{text}\ndel get_runnable_pip\n")
    enabled.run_pip("install", "-U", "pip")

    result = enabled.run_pip("install", "good")

    assert result.code == 0, result
    assert "Successfully installed good-1.0" in result.stdout
    assert result.stderr.startswith("warning: unsupported-pip\n")
    assert "it runs without a guard" in result.stderr
    assert enabled.run("install", "good").code == 42


def test_a_seam_that_is_gone_is_told_before_the_command_begins(
    enabled: Sandbox, index: Index
) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))
    factory = enabled.site / "pip/_internal/resolution/resolvelib/factory.py"
    text = factory.read_text().replace("_make_candidate_from_dist", "_make_from_dist")
    factory.unlink()  # it is a hard link
    factory.write_text(text)

    result, other = enabled.run_pip("install", "good"), enabled.run_pip("list")

    assert (result.code, other.code, other.stderr) == (0, 0, "")
    assert result.stderr.startswith("warning: unsupported-pip\n")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
@pytest.mark.parametrize("name", ["macholib", "packaging", "rich"])
def test_a_missing_requirement_is_told_and_pip_works(
    name: str, left: str, enabled: Sandbox
) -> None:
    shutil.rmtree(enabled.site / name)
    if left == "an empty folder":
        (enabled.site / name).mkdir()

    result, ours = enabled.run_pip("install", "demo"), enabled.run("install", "demo")

    assert result.code == 0, result
    assert result.stderr.startswith("warning: unsupported-pip\n")
    assert f"`{name}`, which pip-archguard needs, is missing" in result.stderr
    assert enabled.native_arch(f"demo/{MODULE}") == ("x86_64",)
    assert (ours.code, ours.stdout) == (42, "")
    assert f"error: unsupported-pip\nthis pip cannot be used: `{name}`" in ours.stderr
    assert "Traceback" not in result.stderr + ours.stderr


@pytest.mark.parametrize("mark", ["pipx_metadata.json", "uv-receipt.toml"])
def test_a_tools_own_environment_is_not_enabled(mark: str, arm64: Sandbox) -> None:
    (arm64.python.parents[1] / mark).touch()

    result = arm64.run("enable")

    assert (result.code, (arm64.site / ENABLED).exists()) == (42, False)
    assert "error: tool-environment" in result.stderr
    assert "enable it there" in result.stderr


def test_the_systems_own_environment_is_enabled_only_if_that_is_said(arm64: Sandbox) -> None:
    (arm64.site / "system.pth").write_text("import sys; sys.base_prefix = sys.prefix\n")
    (arm64.site.parent / "EXTERNALLY-MANAGED").touch()

    refused = arm64.run("enable")
    before = (arm64.site / ENABLED).exists()
    forced = arm64.run("enable", "--break-system-packages")

    assert (refused.code, before) == (2, False)
    assert "is externally managed" in refused.stderr
    assert (forced.code, is_guarded(arm64)) == (0, True)


@pytest.mark.parametrize("bare", [True, False], ids=["bare", "with pip alone"])
def test_an_environment_without_pip_archguard_is_not_enabled(
    bare: bool,  # noqa: FBT001 - a case
    arm64: Sandbox,
    new_host: NewHost,
) -> None:
    other = new_host(Host(machine="arm64"), bare=bare)
    shutil.rmtree(other.site / "pip_archguard", ignore_errors=True)

    result = arm64.run("--python", other.python, "enable")

    assert (result.code, (other.site / ENABLED).exists()) == (2, False)
    assert "error: cannot-enable" in result.stderr
    assert f"`{other.python.parents[1]}` itself" in result.stderr


def test_where_nothing_can_be_written_that_is_told(arm64: Sandbox) -> None:
    (arm64.site / ENABLED).mkdir()

    result = arm64.run("enable")

    assert (result.code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: cannot-enable\n")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["enable", "disable"])
def test_arguments_are_wrong_usage(command: str, arm64: Sandbox) -> None:
    result = arm64.run(command, "demo")

    assert (result.code, (arm64.site / ENABLED).exists()) == (2, False)
    assert f"`{command}` takes no arguments" in result.stderr
    assert "Traceback" not in result.stderr
