"""What is installed already counts too: the user has just met the import error."""

from __future__ import annotations

import shlex

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, native, pure
from builders.sandbox import Sandbox
from builders.wheels import make_wheel
from builders.zig import Zig


@pytest.fixture
def broken(arm64: Sandbox, index: Index, zig: Zig) -> Sandbox:
    """A host on which plain pip has installed a wheel that cannot load."""
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    assert arm64.run_pip("install", "demo==1.0").code == 0
    return arm64


def test_it_is_reinstalled_from_source_rather_than_from_a_newer_wheel(
    broken: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_sdist("demo", "1.0")
    index.add_wheel("demo", "2.0", ARM64, native("demo", zig.extension("_c", "arm64")))

    result = broken.run("install", "demo")

    assert result.code == 0, result
    assert "`demo 1.0`, which is installed already, cannot load" in result.stderr
    assert broken.installed()["demo"] == "1.0"
    assert broken.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_an_upgrade_takes_the_newest_as_pip_would(broken: Sandbox, index: Index, zig: Zig) -> None:
    index.add_sdist("demo", "1.0")
    index.add_wheel("demo", "2.0", ARM64, native("demo", zig.extension("_c", "arm64")))

    broken.run("install", "--upgrade", "demo")

    assert broken.installed()["demo"] == "2.0"


def test_another_version_is_taken_where_the_same_has_nothing(
    broken: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "0.9", ARM64, native("demo", zig.extension("_c", "arm64")))

    result = broken.run("install", "demo")

    assert result.code == 0, result
    assert broken.installed()["demo"] == "0.9"
    assert broken.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert not list(broken.site.glob("demo-1.0.dist-info"))


def test_a_broken_dependency_of_what_is_asked_for_is_reinstalled(
    broken: Sandbox, index: Index
) -> None:
    index.add_wheel("top", "1.0", ANY, pure("top"), requires=["demo"])
    index.add_sdist("demo", "1.0")

    broken.run("install", "top")

    assert broken.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_the_legacy_resolver_reinstalls_it_too(broken: Sandbox, index: Index) -> None:
    index.add_sdist("demo", "1.0")

    result = broken.run("install", "--use-deprecated=legacy-resolver", "demo")

    assert result.code == 0, result
    assert broken.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_fail_stops_and_changes_nothing(broken: Sandbox, index: Index) -> None:
    index.add_sdist("demo", "1.0")
    before = broken.files()

    result = broken.run("install", "--arch-policy", "fail", "demo")

    assert result.code == 40
    assert broken.files() == before


def test_warn_names_it(broken: Sandbox, index: Index) -> None:
    index.add_sdist("demo", "1.0")
    before = broken.files()

    result = broken.run("install", "--arch-policy", "warn", "demo")

    assert result.code == 0
    assert "warning: wrong-architecture\n`demo 1.0`" in result.stderr
    assert broken.files() == before


def test_without_a_remedy_it_stays_as_it_is(broken: Sandbox) -> None:
    before = broken.files()

    result = broken.run("install", "demo")

    assert result.code == 40
    assert broken.files() == before


def test_a_sound_installation_is_left_alone(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    arm64.run("install", "demo")

    again = arm64.run("install", "demo")

    assert again.code == 0
    assert "Requirement already satisfied: demo" in again.stdout
    assert "refused" not in again.stderr


def test_what_nobody_asked_for_is_left_alone(broken: Sandbox, index: Index) -> None:
    index.add_wheel("other", "1.0", ANY, pure("other"))

    result = broken.run("install", "other")

    assert result.code == 0
    assert "demo" not in result.stderr


@pytest.mark.parametrize("by", ["path", "url"])
def test_the_same_version_given_by_path_or_url_repairs_it(
    by: str, broken: Sandbox, index: Index, zig: Zig
) -> None:
    """Plain pip says that this version is installed already, and leaves it."""
    good = index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    (broken.work / good).write_bytes(index.content(good))
    argument = f"./{good}" if by == "path" else f"demo @ {index.file_url(good)}"

    result = broken.run("install", argument)

    assert result.code == 0, result
    assert broken.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_what_came_from_a_path_is_never_replaced_by_its_namesake_on_an_index(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    files = native("demo", zig.extension("_c", "x86_64"))
    private = make_wheel("demo", "1.0", ARM64, files)
    (arm64.work / private.filename).write_bytes(private.content)
    arm64.run_pip("install", f"./{private.filename}")
    index.add_sdist("demo", "1.0")
    index.add_wheel("top", "1.0", ANY, pure("top"), requires=["demo"])
    before = arm64.files()

    result = arm64.run("install", "top")

    assert result.code == 40, result
    assert "asked for by path or URL" in result.stderr
    assert arm64.files() == before


def test_the_plain_command_shown_repairs_it_too(broken: Sandbox, index: Index) -> None:
    index.add_sdist("demo", "1.0")
    shown = broken.run("install", "--dry-run", "demo").stderr
    command = shown.partition("plain pip: pip ")[2].splitlines()[0]

    broken.run_pip(*shlex.split(command))

    assert broken.native_arch(f"demo/{MODULE}") == ("arm64",)


@pytest.mark.parametrize(
    "resolver", [(), ("--use-deprecated=legacy-resolver",)], ids=["new", "old"]
)
def test_an_environment_filled_as_the_other_architecture_is_told_of_once(
    resolver: tuple[str, ...], rosetta: Sandbox, index: Index, zig: Zig
) -> None:
    names = ("one", "two", "three")
    for name in names:
        files = native(name, zig.extension("_c", "arm64"))
        index.add_wheel(name, "1.0", ANY, files)
    assert rosetta.run_pip("install", *names).code == 0

    result = rosetta.run("install", "--arch-policy", "warn", *resolver, *names)

    assert result.code == 0, result
    assert result.stderr.count("warning: mixed-use") == 1
    assert (
        "this environment was filled as arm64 (3 of 3 native packages that this run needs), and "
        "this Python runs as x86_64, under Rosetta"
    ) in result.stderr
    assert result.stderr.index("mixed-use") < result.stderr.index("wrong-architecture")


def test_one_package_of_the_other_architecture_is_no_mixed_use(broken: Sandbox) -> None:
    assert "mixed-use" not in broken.run("install", "--arch-policy", "warn", "demo").stderr
