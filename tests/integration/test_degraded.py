"""A package that works without its extension: the fallback is in its own source."""

from __future__ import annotations

import pytest

from builders.index import Index
from builders.packages import ARM64, MODULE, UNIVERSAL2, native, wheel_name
from builders.sandbox import Sandbox
from builders.wheels import native_tag
from builders.zig import Zig

FALLBACK = b"""
try:
    from demo import _c
except ImportError:
    _c = None
"""
NEWER = native_tag("macosx_14_0_universal2")


def optional(module: bytes) -> dict[str, bytes]:
    return {**native("demo", module), "demo/__init__.py": FALLBACK}


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
