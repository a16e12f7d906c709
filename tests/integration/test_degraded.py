"""A package that works without its extension: the fallback is in its own source."""

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
from builders.sandbox import Result, Sandbox
from builders.wheels import Archive, make_wheel, native_tag
from builders.zig import Zig

FALLBACK = b"""
try:
    from demo import _c
except ImportError:
    _c = None
"""
NEWER = native_tag("macosx_14_0_universal2")
FIRST = wheel_name("demo", "1.0", NEWER)


class Corrupt(Archive):
    """A file that is not what its index says."""

    @property
    def sha256(self) -> str:
        """The hash that the index gives."""
        return "0" * 64


def optional(module: bytes) -> dict[str, bytes]:
    return {**native("demo", module), "demo/__init__.py": FALLBACK}


@pytest.fixture
def degraded(index: Index, zig: Zig) -> Index:
    """An index with the wheel that pip takes first: it works through its fallback."""
    index.add_wheel("demo", "1.0", NEWER, optional(zig.extension("_c", "x86_64")))
    return index


def keeps_it(result: Result, sandbox: Sandbox) -> bool:
    """Whether the run was as plain pip's would be, but for one warning."""
    calm = not any(word in result.stderr for word in ("ERROR", "passed over", "instead"))
    told = result.stderr.count("degraded") == 1 and f"`{FIRST}`" in result.stderr
    fell_back = sandbox.native_arch(f"demo/{MODULE}") == ("x86_64",)
    return result.code == 0 and calm and told and fell_back


def test_without_a_better_wheel_it_is_installed_with_a_warning(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, optional(zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0")

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert result.stderr.startswith("warning: degraded\n")
    assert arm64.native_arch(f"demo/{MODULE}") == ("x86_64",)
    assert "demo-1.0.tar.gz" not in index.downloads()


@pytest.mark.parametrize("policy", ["fix", "fail", "warn"])
def test_every_policy_lets_it_pass(policy: str, arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, optional(zig.extension("_c", "x86_64")))

    result = arm64.run("install", "--arch-policy", policy, "demo")

    assert result.code == 0, result
    assert "warning: degraded" in result.stderr


def test_another_wheel_of_the_version_that_loads_is_taken_instead(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", NEWER, optional(zig.extension("_c", "x86_64")))
    index.add_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "arm64")))

    result = arm64.run("install", "demo")

    lines = result.stderr.splitlines()
    assert result.code == 0, result
    assert lines[0] == "passed over: degraded"
    assert lines[2].startswith(f"instead: `{wheel_name('demo', '1.0', ARM64)}`")
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_it_is_taken_after_all_where_every_other_wheel_is_worse(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", NEWER, optional(zig.extension("_c", "x86_64")))
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0")

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert f"`{wheel_name('demo', '1.0', ARM64)}` cannot load" in result.stderr
    assert "warning: degraded" in result.stderr
    assert "demo-1.0.tar.gz" not in index.downloads()


def test_the_wheels_of_other_versions_are_no_reason_to_leave_it(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "2.0", UNIVERSAL2, optional(zig.extension("_c", "x86_64")))
    index.add_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "arm64")))

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert arm64.installed()["demo"] == "2.0"


def test_the_legacy_resolver_keeps_it_with_a_warning(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", NEWER, optional(zig.extension("_c", "x86_64")))
    index.add_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "arm64")))

    result = arm64.run("install", "--use-deprecated=legacy-resolver", "demo")

    assert result.code == 0, result
    assert "warning: degraded" in result.stderr


def test_installed_already_it_is_left_in_peace(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, optional(zig.extension("_c", "x86_64")))
    arm64.run_pip("install", "demo")

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert "already satisfied" in result.stdout
    assert "degraded" not in result.stderr


def test_a_wheel_that_was_yanked_is_no_better_one(
    arm64: Sandbox, degraded: Index, zig: Zig
) -> None:
    degraded.add_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "arm64")), yanked="bad")
    degraded.add_wheel("demo", "0.9", ARM64, optional(zig.extension("_c", "arm64")))

    result = arm64.run("install", "demo")

    assert keeps_it(result, arm64), result
    assert degraded.downloads() == [FIRST]


def test_of_a_release_yanked_as_a_whole_the_better_wheel_is_taken(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", NEWER, optional(zig.extension("_c", "x86_64")), yanked="bad")
    index.add_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "arm64")), yanked="bad")

    result = arm64.run("install", "demo==1.0")

    assert result.code == 0, result
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)


@pytest.mark.parametrize("more", ["alone", "sdist", "older"])
def test_a_better_wheel_whose_dependencies_cannot_be_had_is_left(
    more: str, arm64: Sandbox, degraded: Index, zig: Zig
) -> None:
    better = optional(zig.extension("_c", "arm64"))
    degraded.add_wheel("demo", "1.0", ARM64, better, requires=["nothere"])
    if more == "sdist":
        degraded.add_sdist("demo", "1.0")
    elif more == "older":
        degraded.add_wheel("demo", "0.9", ARM64, better)

    result = arm64.run("install", "demo")

    assert keeps_it(result, arm64), result
    assert degraded.downloads() == [FIRST, wheel_name("demo", "1.0", ARM64)]
    assert arm64.installed()["demo"] == "1.0"


def test_a_better_wheel_that_changes_what_else_is_installed_is_left(
    arm64: Sandbox, degraded: Index, zig: Zig
) -> None:
    better = optional(zig.extension("_c", "arm64"))
    degraded.add_wheel("demo", "1.0", ARM64, better, requires=["base<2"])
    for version in ("1.0", "2.0"):
        degraded.add_wheel("base", version, ANY, pure("base"))

    result = arm64.run("install", "base", "demo")

    assert keeps_it(result, arm64), result
    assert arm64.installed()["base"] == "2.0"


@pytest.mark.parametrize("metadata", [True, False], ids=["metadata-first", "whole-files"])
def test_a_better_wheel_that_is_not_what_the_index_says_is_left(
    arm64: Sandbox, degraded: Index, zig: Zig, *, metadata: bool
) -> None:
    degraded.metadata = metadata
    better = make_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "arm64")))
    degraded.add(
        Corrupt(filename=better.filename, content=better.content, metadata=better.metadata)
    )

    result = arm64.run("install", "demo")

    assert keeps_it(result, arm64), result


def test_hashes_of_constraints_leave_no_other_wheel(
    arm64: Sandbox, degraded: Index, zig: Zig
) -> None:
    degraded.add_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "arm64")))
    pin = arm64.work / "constraints.txt"
    pin.write_text(f"demo==1.0 --hash=sha256:{degraded.sha256(FIRST)}\n")
    (arm64.work / "requirements.txt").write_text("demo\n")
    arguments = ("-r", "requirements.txt", "-c", pin)
    plain = arm64.run_pip("install", "--dry-run", *arguments)

    result = arm64.run("install", *arguments)

    assert result.code == plain.code, result
    assert result.code or keeps_it(result, arm64), result


def test_of_two_the_first_is_kept(arm64: Sandbox, degraded: Index, zig: Zig) -> None:
    degraded.add_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "x86_64")))

    result = arm64.run("install", "demo")

    assert keeps_it(result, arm64), result


def test_after_two_a_third_that_loads_is_taken(arm64: Sandbox, degraded: Index, zig: Zig) -> None:
    better = native_tag("macosx_11_0_universal2")
    degraded.add_wheel("demo", "1.0", ARM64, optional(zig.extension("_c", "x86_64")))
    degraded.add_wheel("demo", "1.0", better, optional(zig.extension("_c", "arm64")))

    result = arm64.run("install", "demo")

    lines = result.stderr.splitlines()
    assert result.code == 0, result
    assert lines[1].startswith(f"`{FIRST}`")
    assert lines[2].startswith(f"instead: `{wheel_name('demo', '1.0', better)}`")
    assert result.stderr.count("degraded") == 1


def test_what_nobody_can_judge_is_no_better(arm64: Sandbox, degraded: Index) -> None:
    degraded.add_wheel("demo", "1.0", ARM64, optional(beyond_bounds()))

    result = arm64.run("install", "demo")

    assert keeps_it(result, arm64), result


def test_of_several_packages_each_gets_the_best_that_can_be_had(
    arm64: Sandbox, degraded: Index, zig: Zig
) -> None:
    for tag, module in (
        (NEWER, zig.extension("_c", "x86_64")),
        (ARM64, zig.extension("_c", "arm64")),
    ):
        files = native("other", module)
        files["other/__init__.py"] = FALLBACK.replace(b"demo", b"other")
        degraded.add_wheel("other", "1.0", tag, files)
    degraded.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "x86_64")))

    result = arm64.run("install", "demo", "other")

    assert result.code == 0, result
    assert arm64.native_arch(f"demo/{MODULE}") == ("x86_64",)
    assert arm64.native_arch(f"other/{MODULE}") == ("arm64",)
