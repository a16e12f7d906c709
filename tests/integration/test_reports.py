"""The files that a run leaves behind, and what they are good for."""

from __future__ import annotations

import importlib.resources
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, native, pure, wheel_name
from builders.sandbox import Host, NewHost, Result, Sandbox
from builders.wheels import native_tag
from builders.zig import Zig

NEWER = native_tag("macosx_14_0_universal2")
BAD = wheel_name("demo", "1.0", NEWER)
WAYS = ["source", "wheel", "version"]
ON_GITHUB = {"GITHUB_ACTIONS": "true"}
MARKS = {"RECORD", "REQUESTED", "direct_url.json"}
"""What differs where a requirement was named by its address, or as one of the user's own."""


def offer(index: Index, zig: Zig, way: str) -> None:
    """Offer a wheel that cannot load, and one way round it."""
    bad, good = zig.extension("_c", "x86_64"), zig.extension("_c", "arm64")
    index.add_wheel("demo", "1.0", NEWER, native("demo", bad))
    index.add_wheel("app", "1.0", ANY, pure("app"), requires=["demo"])
    match way:
        case "source":
            index.add_sdist("demo", "1.0")
        case "wheel":
            index.add_wheel("demo", "1.0", ARM64, native("demo", good))
        case "version":
            index.add_wheel("demo", "0.9", ARM64, native("demo", good))


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    offer(index, zig, "source")
    return index


def read_report(sandbox: Sandbox, name: str = "report.json") -> dict[str, Any]:
    text = importlib.resources.files("pip_archguard.reports").joinpath("schema-1.json").read_text()
    content: dict[str, Any] = json.loads(sandbox.work.joinpath(name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads(text)).validate(content)
    return content


def actions(content: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["filename"], each["action"]) for each in content["wheels"]]


def test_a_report_tells_what_was_found_and_done(arm64: Sandbox, demo: Index) -> None:
    result = arm64.run("install", "--arch-report", "report.json", "app")

    content = read_report(arm64)
    assert result.code == 0, result
    assert (content["command"], content["exit_code"], content["failure"]) == ("install", 0, None)
    assert dict(actions(content)) == {
        BAD: "refused",
        wheel_name("app", "1.0", ANY): "kept",
        wheel_name("demo", "1.0", native_tag("macosx_11_0_arm64")): "built",
    }
    assert content["wheels"][0]["sha256"] == demo.sha256(BAD)
    assert content["wheels"][0]["location"] == demo.file_url(BAD)
    assert content["equivalent_commands"] == ["pip install --no-binary demo demo==1.0"]


@pytest.mark.parametrize(
    ("way", "action"), [("wheel", "other-wheel"), ("version", "other-version")]
)
def test_each_rung_has_its_action(
    way: str, action: str, arm64: Sandbox, index: Index, zig: Zig
) -> None:
    offer(index, zig, way)

    arm64.run("install", "--arch-report", "report.json", "demo")

    assert [done for _, done in actions(read_report(arm64))] == ["refused", action]


def test_what_is_installed_and_broken_is_a_package_of_the_report(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    offer(index, zig, "wheel")
    arm64.run_pip("install", "demo")

    arm64.run("install", "--arch-report", "report.json", "demo")

    (package,) = read_report(arm64)["packages"]
    assert (package["name"], package["action"]) == ("demo", "refused")
    assert package["location"] == str(arm64.site)


def test_a_report_of_a_failed_run_tells_why(arm64: Sandbox, demo: Index) -> None:
    assert demo
    options = ("--arch-policy", "fail", "--arch-report", "report.json")
    arm64.work.joinpath("overlay.txt").write_text("")

    result = arm64.run("install", *options, "--arch-write-requirements", "overlay.txt", "app")

    content = read_report(arm64)
    assert (result.code, content["exit_code"]) == (40, 40)
    assert content["failure"]["code"] == "wrong-architecture"
    assert content["failure"]["obstacles"] == ["policy"]
    assert content["equivalent_commands"] == []
    assert arm64.work.joinpath("overlay.txt").read_text() == ""


def test_sarif_is_written_instead_if_asked_for(arm64: Sandbox, demo: Index) -> None:
    assert demo
    options = ("--arch-report", "report.sarif", "--arch-report-format", "sarif")

    result = arm64.run("install", *options, "app")

    (run,) = json.loads(arm64.work.joinpath("report.sarif").read_text())["runs"]
    (found,) = [each for each in run["results"] if each["ruleId"] == "wrong-architecture"]
    (place,) = found["locations"]
    assert result.code == 0, result
    assert found["level"] == "warning"
    assert place["physicalLocation"]["artifactLocation"]["uri"] == f"{BAD}/demo/{MODULE}"


@pytest.mark.parametrize("source", ["variable", "configuration"])
def test_the_options_come_from_anywhere_and_never_reach_build_environments(
    source: str, arm64: Sandbox, demo: Index
) -> None:
    """The pip that fills the build environment of `demo` sees the same variables."""
    assert demo
    env = {"PIP_ARCH_REPORT": "report.json"}
    if source == "configuration":
        config = arm64.work / "pip.conf"
        config.write_text("[global]\narch-report = report.json\n")
        env = {"PIP_CONFIG_FILE": str(config)}

    result = arm64.run("install", "demo", env=env)

    assert result.code == 0, result
    assert len(read_report(arm64)["wheels"]) == 2


@pytest.mark.parametrize("command", ["download", "wheel", "lock"])
def test_other_guarded_commands_report_too(command: str, arm64: Sandbox, demo: Index) -> None:
    assert demo
    if arm64.run_pip(command, "--help").code:
        pytest.skip(f"this pip has no `{command}`")

    result = arm64.run(command, "--arch-report", "report.json", "demo")

    content = read_report(arm64)
    assert (result.code, content["command"]) == (0, command), result
    assert (BAD, "refused") in actions(content)


@pytest.mark.parametrize("off", ["policy", "system"])
def test_a_report_that_was_asked_for_is_there_although_nothing_is_judged(
    off: str, new_host: NewHost, index: Index
) -> None:
    index.add_wheel("app", "1.0", ANY, pure("app"))
    host = new_host(Host(machine="arm64"))
    files = ("--arch-report", "report.json", "--arch-write-requirements", "overlay.txt")
    phone = ("--platform", "ios_13_0_arm64_iphoneos", "--only-binary=:all:", "-t", "t")
    options = ("--arch-policy", "off") if off == "policy" else phone

    result = host.run("install", *files, *options, "app")

    content = read_report(host)
    assert result.code == 0, result
    assert (content["exit_code"], content["targets"], content["wheels"]) == (0, [], [])
    assert "Nothing was replaced" in host.work.joinpath("overlay.txt").read_text()


@pytest.mark.parametrize("option", ["--arch-report", "--arch-write-requirements"])
def test_a_file_of_the_users_is_never_overwritten(option: str, arm64: Sandbox, demo: Index) -> None:
    arm64.work.joinpath("requirements.txt").write_text("demo\n")

    result = arm64.run("install", option, "requirements.txt", "-r", "requirements.txt")

    assert result.code == 2, result
    assert "error: unwritable-file" in result.stderr
    assert arm64.work.joinpath("requirements.txt").read_text() == "demo\n"
    assert demo.downloads() == []


def test_files_of_an_earlier_run_are_replaced(arm64: Sandbox, demo: Index) -> None:
    assert demo
    files = ("--arch-report", "report.json", "--arch-write-requirements", "overlay.txt")
    arm64.run("install", *files, "app")
    before = arm64.work.joinpath("overlay.txt").read_text()

    result = arm64.run("install", *files, "app")

    assert result.code == 0, result
    assert "--no-binary demo" in before
    assert "Nothing was replaced" in arm64.work.joinpath("overlay.txt").read_text()
    assert {path.name for path in arm64.work.iterdir()} == {"report.json", "overlay.txt"}


def comparable(sandbox: Sandbox, *, compiled: bool) -> dict[str, str]:
    """Return the hashes of all that was installed; only the names of what was compiled here."""
    return {
        path: "" if compiled and path.endswith(".so") else digest
        for path, digest in sandbox.files().items()
        if Path(path).name not in MARKS and ("demo" in path or "app" in path)
    }


@pytest.mark.parametrize(
    ("way", "hashes"),
    [
        (way, hashes)
        for way in WAYS
        for hashes in (False, True)
        if not (hashes and way == "version")
    ],
)
def test_plain_pip_does_the_same_with_the_requirements_that_are_written(
    way: str, new_host: NewHost, index: Index, zig: Zig, *, hashes: bool
) -> None:
    offer(index, zig, way)
    names = ("app", "demo") if hashes else ("app",)
    lines = [
        " ".join([f"{name}==1.0", *(hashes_of(index, name) if hashes else ())]) for name in names
    ]
    guarded, plain = new_host(Host(machine="arm64")), new_host(Host(machine="arm64"))
    for host in (guarded, plain):
        host.work.joinpath("requirements.txt").write_text("\n".join(lines))
    overlay = plain.work / "overlay.txt"

    ours = guarded.run(
        "install", "-r", "requirements.txt", "--arch-write-requirements", str(overlay)
    )
    theirs = plain.run_pip("install", "-r", "requirements.txt", "-r", "overlay.txt")

    assert (ours.code, theirs.code) == (0, 0), (ours, theirs)
    assert plain.installed() == guarded.installed()
    assert plain.native_arch(f"demo/{MODULE}") == ("arm64",)
    compiled = way == "source"
    assert comparable(plain, compiled=compiled) == comparable(guarded, compiled=compiled)


def hashes_of(index: Index, name: str) -> list[str]:
    page = index.page(f"/simple/{name}")
    assert page is not None
    return [f"--hash=sha256:{part[:64]}" for part in page.content.decode().split("#sha256=")[1:]]


def github(sandbox: Sandbox, *arguments: str) -> tuple[Result, str]:
    """Run as in a job on GitHub; return also the summary."""
    file = sandbox.folder / "summary.md"
    result = sandbox.run(*arguments, env={**ON_GITHUB, "GITHUB_STEP_SUMMARY": str(file)})
    return result, file.read_text(encoding="utf-8") if file.exists() else ""


def test_a_job_on_github_shows_what_was_replaced(
    arm64: Sandbox, new_host: NewHost, demo: Index
) -> None:
    assert demo
    elsewhere = new_host(Host(machine="arm64"))

    result, summary = github(arm64, "install", "app")
    other = elsewhere.run("install", "app")

    (line,) = [each for each in result.stderr.splitlines() if each.startswith("::")]
    assert line.startswith("::warning title=demo 1.0%3A wrong-architecture::")
    assert "| demo 1.0 |" in summary
    assert result.stdout.splitlines()[-1] == other.stdout.splitlines()[-1]
    assert "::" not in result.stdout


def test_a_job_on_github_shows_why_it_failed(arm64: Sandbox, demo: Index) -> None:
    assert demo

    result, summary = github(arm64, "install", "--arch-policy", "fail", "app")

    errors = [each for each in result.stderr.splitlines() if each.startswith("::error ")]
    assert result.code == 40
    assert len(errors) == 2
    assert "**error: wrong-architecture**" in summary


def test_a_clean_install_adds_nothing_on_github(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))

    result, summary = github(arm64, "install", "demo")

    assert (result.code, summary) == (0, "")
    assert "::" not in result.stderr


def test_names_in_a_wheel_give_the_runner_no_command(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    bad = zig.extension("_c", "x86_64")
    path = f"\n::add-mask::x##[stop-commands]y{MODULE}"
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", bad, path))

    result, summary = github(arm64, "install", "--arch-policy", "warn", "demo")

    commands = [each for each in result.stderr.splitlines() if each.lstrip().startswith("::")]
    assert "##[" not in result.stderr
    assert all(each.startswith("::warning title=demo 1.0") for each in commands)
    assert len(commands) == 1
    assert "\n::" not in summary


def test_a_password_of_the_index_is_written_nowhere(arm64: Sandbox, index: Index, zig: Zig) -> None:
    offer(index, zig, "wheel")
    secret = index.url.replace("://", "://user:secret@")
    files = ("--arch-report", "report.json", "--arch-write-requirements", "overlay.txt")

    result = arm64.run("install", *files, "demo", env={"PIP_INDEX_URL": secret})

    written = [path.read_text() for path in arm64.work.iterdir()]
    assert result.code == 0, result
    assert len(written) == 2
    assert "secret" not in "".join([*written, result.stderr])
