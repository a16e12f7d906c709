"""`scan`: wheels as files, folders, URLs and requirements, looked at and not installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, UNIVERSAL2, native, pure, wheel_name
from builders.sandbox import Sandbox
from builders.wheels import PYTHON, make_wheel
from builders.zig import Zig
from pip_archguard.pipbridge.scanning import LEAST_FOR_PROCESSES

BAD = wheel_name("demo", "1.0", UNIVERSAL2)
GOOD = wheel_name("good", "1.0", ARM64)
TO_ARM64 = ("--platform", "macosx_14_0_arm64")


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A mislabelled wheel, a good one, and a project that has an sdist only."""
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    index.add_wheel("good", "1.0", ARM64, native("good", zig.extension("_c", "arm64")))
    index.add_sdist("source", "1.0")
    return index


def save(index: Index, sandbox: Sandbox, *names: str, folder: str = "wheels") -> Path:
    place = sandbox.work / folder
    place.mkdir(exist_ok=True)
    for name in names:
        place.joinpath(name).write_bytes(index.content(name))
    return place


def test_a_folder_is_judged_for_what_this_mac_runs(arm64: Sandbox, demo: Index) -> None:
    save(demo, arm64, BAD, GOOD)
    before = arm64.files()

    result = arm64.run("scan", "wheels")

    assert result.code == 40, result
    assert f"macOS 14.0 arm64, {PYTHON}" in result.stdout
    assert "refuse: wrong-architecture: `demo/_c" in result.stdout
    assert "this Python is arm64" in result.stdout
    assert result.stdout.endswith("2 wheels: 1 broken, 1 ok\n")
    assert arm64.files() == before
    assert not list(arm64.folder.joinpath("tmp").glob("pip-archguard-*"))


def test_elsewhere_a_wheel_is_judged_for_what_its_name_promises(
    linux: Sandbox, demo: Index
) -> None:
    save(demo, linux, BAD, GOOD)

    good = linux.run("scan", f"wheels/{GOOD}")
    bad = linux.run("scan", f"wheels/{BAD}", "--format", "json")

    (wheel,) = json.loads(bad.stdout)["wheels"]
    assert (good.code, bad.code) == (0, 40), (good, bad)
    assert wheel["verdicts"] == {
        f"macosx_11_0_arm64-{PYTHON}": "broken",
        f"macosx_10_9_x86_64-{PYTHON}": "warning",  # it is made for macOS 11
    }
    assert wheel["sha256"] == demo.sha256(BAD)


def test_a_requirement_is_found_fetched_and_judged_for_the_platform(
    linux: Sandbox, demo: Index
) -> None:
    result = linux.run("scan", *TO_ARM64, "Demo==1.0", "--format", "json")

    assert result.code == 40, result
    assert demo.downloads() == [BAD]
    assert [t["id"] for t in json.loads(result.stdout)["targets"]] == [
        f"macosx_14_0_arm64-{PYTHON}"
    ]


def test_a_requirement_is_judged_for_the_running_mac(arm64: Sandbox, demo: Index) -> None:
    result = arm64.run("scan", "good")

    assert result.code == 0, result
    assert demo.downloads() == [GOOD]


def test_a_url_is_fetched_and_its_hash_is_checked(linux: Sandbox, demo: Index) -> None:
    url = demo.file_url(BAD)

    good = linux.run("scan", f"{url}#sha256={demo.sha256(BAD)}")
    bad = linux.run("scan", f"{url}#sha256={'0' * 64}")

    assert (good.code, bad.code) == (40, 2), (good, bad)
    assert "has another hash than it must have" in bad.stderr


def test_a_file_url_works_like_a_path(linux: Sandbox, demo: Index) -> None:
    place = save(demo, linux, GOOD)

    result = linux.run("scan", place.joinpath(GOOD).as_uri(), f"wheels/{GOOD}")

    assert result.code == 0, result


def test_a_requirements_file_is_read_with_its_options_and_markers(
    linux: Sandbox, demo: Index
) -> None:
    text = (
        "--no-binary good\n"
        f"good==1.0 --hash=sha256:{demo.sha256(GOOD)}\n"
        'demo; python_version < "3"\n'
    )
    linux.work.joinpath("r.txt").write_text(text)
    linux.work.joinpath("c.txt").write_text("good<2\n")

    result = linux.run("scan", *TO_ARM64, "-r", "r.txt", "-c", "c.txt")

    assert result.code == 0, result
    assert demo.downloads() == [GOOD]
    assert result.stdout.endswith("1 wheel: 1 ok\n")


def test_a_constraint_counts(linux: Sandbox, demo: Index) -> None:
    linux.work.joinpath("c.txt").write_text("demo<1\n")

    result = linux.run("scan", *TO_ARM64, "demo", "-c", "c.txt")

    assert demo.downloads() == []
    assert result.code == 2, result
    assert "no wheel for `demo<1`" in result.stderr


@pytest.mark.parametrize(
    "argument",
    ["source", "./project", "nothing.whl", "./empty", "sdist", "git+https://localhost/x.git#egg=x"],
)
def test_what_is_no_wheel_is_said_and_the_others_are_scanned(
    argument: str, linux: Sandbox, demo: Index
) -> None:
    save(demo, linux, GOOD)
    linux.work.joinpath("empty").mkdir()
    linux.work.joinpath("project").mkdir()
    linux.work.joinpath("project", "pyproject.toml").touch()
    if argument == "sdist":
        argument = demo.file_url("source-1.0.tar.gz")

    result = linux.run("scan", argument, "wheels", "--format", "json")

    assert result.code == 2, result
    assert "error: unreadable-input" in result.stderr
    assert [w["filename"] for w in json.loads(result.stdout)["wheels"]] == [GOOD]
    assert "source-1.0.tar.gz" not in demo.downloads()


def test_broken_archives_are_said_and_do_not_hide_a_broken_wheel(
    arm64: Sandbox, demo: Index
) -> None:
    place = save(demo, arm64, BAD, GOOD)
    place.joinpath("cut-1.0-py3-none-any.whl").write_bytes(demo.content(BAD)[:-30])
    place.joinpath("text-1.0-py3-none-any.whl").write_text("no zip")
    place.joinpath("misnamed.whl").write_bytes(demo.content(GOOD))

    all_of_them = arm64.run("scan", "wheels")
    without_bad = arm64.run("scan", *(p for p in sorted(place.glob("*.whl")) if p.name != BAD))

    assert (all_of_them.code, without_bad.code) == (40, 2), (all_of_them, without_bad)
    assert all_of_them.stderr.count("error: unreadable-input") == 3
    assert all_of_them.stdout.endswith("2 wheels: 1 broken, 1 ok\n")


def test_with_json_standard_output_holds_nothing_else(arm64: Sandbox, demo: Index) -> None:
    save(demo, arm64, GOOD)

    result = arm64.run("scan", "-vv", "--format", "json", "nothing.whl", "demo", "wheels")

    assert result.code == 40, result
    assert [w["filename"] for w in json.loads(result.stdout)["wheels"]] == [BAD, GOOD]


def test_strict_tags_refuse_a_promise_that_does_not_concern_this_mac(
    intel: Sandbox, demo: Index
) -> None:
    save(demo, intel, BAD)

    lenient = intel.run("scan", "wheels")
    strict = intel.run("scan", "--strict-tags", "wheels")

    assert (lenient.code, strict.code) == (0, 40), (lenient, strict)
    assert "refuse: lying-tag" in strict.stdout


def test_arch_has_every_wheel_judged_for_both(arm64: Sandbox, demo: Index) -> None:
    save(demo, arm64, GOOD)

    result = arm64.run("scan", "--arch", "universal2", "wheels", "--format", "json")

    (wheel,) = json.loads(result.stdout)["wheels"]
    assert result.code == 40, result
    assert sorted(wheel["verdicts"].values()) == ["broken", "ok"]


def test_wheels_of_other_systems_are_unknown_unless_they_are_pure(linux: Sandbox, zig: Zig) -> None:
    files = native("demo", zig.extension("_c", "arm64"))
    wheel = make_wheel("demo", "1.0", "py3-none-android_21_arm64_v8a", files)
    linux.work.joinpath(wheel.filename).write_bytes(wheel.content)
    empty = make_wheel("pure", "1.0", "py3-none-ios_13_0_arm64_iphoneos", pure("pure"))
    linux.work.joinpath(empty.filename).write_bytes(empty.content)

    result = linux.run("scan", ".")

    assert result.code == 41, result
    assert "wheels for this platform are not judged yet" in result.stdout
    assert result.stdout.endswith("2 wheels: 1 unknown, 1 ok\n")


def test_many_wheels_are_read_by_several_processes(arm64: Sandbox, demo: Index) -> None:
    place = save(demo, arm64, BAD)
    for number in range(12):
        wheel = make_wheel(f"pure{number:02}", "1.0", ANY, pure("x"))
        # What stands before an archive makes it no less one.
        place.joinpath(wheel.filename).write_bytes(bytes(LEAST_FOR_PROCESSES // 12) + wheel.content)

    result = arm64.run("scan", "wheels")

    assert result.code == 40, result
    assert result.stderr == ""
    assert result.stdout.endswith("13 wheels: 1 broken, 12 ok\n")


def test_nothing_to_scan_is_wrong_usage(linux: Sandbox) -> None:
    result = linux.run("scan")

    assert result.code == 2, result
    assert "nothing to scan is named" in result.stderr


def test_a_file_of_requirements_that_is_named_without_r_is_told(linux: Sandbox) -> None:
    linux.work.joinpath("requirements.txt").write_text("demo\n", encoding="utf-8")

    result = linux.run("scan", "requirements.txt")

    assert (result.code, result.stdout) == (2, "")
    assert "hint: `requirements.txt` is a file: with `-r` before it" in result.stderr


def test_a_wheel_for_another_system_than_the_named_one_is_not_called_fine(
    linux: Sandbox, demo: Index
) -> None:
    place = save(demo, linux, BAD)

    result = linux.run("scan", "--platform", "manylinux2014_x86_64", str(place))

    assert result.code == 0, result
    assert result.stdout.endswith("1 wheel: 1 for another system\n")


def test_an_index_that_does_not_answer_is_not_taken_for_an_empty_one(linux: Sandbox) -> None:
    result = linux.run("scan", "demo", "--index-url", "http://127.0.0.1:1/", "--retries", "0")

    assert result.code == 2, result
    assert "was found, and an index could not be asked" in result.stderr


def test_scan_is_among_the_commands(linux: Sandbox) -> None:
    overview, own = linux.run("help"), linux.run("scan", "--help")

    assert "scan " in overview.stdout
    assert "--strict-tags" in own.stdout


def test_another_environment_scans_too(linux: Sandbox, demo: Index) -> None:
    place = save(demo, linux, BAD)
    for number in range(9):
        wheel = make_wheel(f"pure{number:02}", "1.0", ANY, pure("x"))
        place.joinpath(wheel.filename).write_bytes(wheel.content)

    result = linux.run("--python", linux.python, "scan", "wheels")

    assert result.code == 40, result
    assert result.stderr == ""


def test_the_configuration_of_pip_counts(linux: Sandbox, demo: Index) -> None:
    save(demo, linux, GOOD)
    config = linux.work / "pip.conf"
    config.write_text("[scan]\nformat = json\n")

    result = linux.run("scan", "wheels", env={"PIP_CONFIG_FILE": str(config)})

    assert result.code == 0, result
    assert json.loads(result.stdout)["version"] == "1"
