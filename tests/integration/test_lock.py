"""`pip lock`: a lock whose wheels cannot load is not written silently."""

from __future__ import annotations

import pytest

from builders.index import Index
from builders.packages import (
    ANY,
    ARM64,
    UNIVERSAL2,
    X86_64,
    beyond_bounds,
    native,
    pure,
    wheel_name,
)
from builders.sandbox import Sandbox
from builders.wheels import native_tag
from builders.zig import Zig

NEWER = native_tag("macosx_14_0_universal2")
BAD = wheel_name("demo", "1.0", NEWER)
SDIST = "demo-1.0.tar.gz"
OLD_LOCK = 'lock-version = "1.0"\ncreated-by = "someone"\n'


@pytest.fixture
def host(arm64: Sandbox) -> Sandbox:
    """A Mac whose pip has `lock`."""
    if arm64.run_pip("lock", "--help").code:
        pytest.skip("this pip has no `lock`")
    return arm64


@pytest.fixture(params=[False, True], ids=["whole", "metadata"])
def demo(request: pytest.FixtureRequest, index: Index, zig: Zig) -> Index:
    """A wheel that cannot load, of what another needs; metadata may have files of its own."""
    index.metadata = request.param
    index.add_wheel("demo", "1.0", NEWER, native("demo", zig.extension("_c", "x86_64")))
    index.add_wheel("app", "1.0", ANY, pure("app"), requires=["demo"])
    return index


def lock_of(host: Sandbox) -> str | None:
    path = host.work / "pylock.toml"
    return path.read_text(encoding="utf-8") if path.exists() else None


def test_another_wheel_that_loads_is_locked(host: Sandbox, demo: Index, zig: Zig) -> None:
    good = demo.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))

    result = host.run("lock", "app")

    lock = lock_of(host)
    assert result.code == 0, result
    assert lock is not None
    assert (BAD in lock, good in lock) == (False, True)
    assert f"sha256 = '{demo.sha256(good)}'" in lock.replace('"', "'")
    assert "refused: wrong-architecture" in result.stderr


def test_source_is_locked_and_that_it_was_not_judged_is_said(host: Sandbox, demo: Index) -> None:
    demo.add_sdist("demo", "1.0")

    result = host.run("lock", "app")

    lock = lock_of(host)
    assert result.code == 0, result
    assert lock is not None
    assert (BAD in lock, SDIST in lock) == (False, True)
    assert "its source: not built, so not judged" in result.stderr
    assert "plain pip: pip lock --no-binary demo demo==1.0" in result.stderr


def test_another_version_is_locked_only_as_the_last_resort(
    host: Sandbox, demo: Index, zig: Zig
) -> None:
    older = demo.add_wheel("demo", "0.9", ARM64, native("demo", zig.extension("_c", "arm64")))

    result = host.run("lock", "app")

    assert result.code == 0, result
    assert older in (lock_of(host) or "")
    assert "demo 0.9, another version" in result.stderr


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("before", [None, OLD_LOCK], ids=["none", "old"])
@pytest.mark.parametrize("policy", ["fix", "fail"])
def test_where_nothing_loads_no_lock_is_written(
    policy: str, before: str | None, host: Sandbox
) -> None:
    if before is not None:
        host.work.joinpath("pylock.toml").write_text(before)

    result = host.run("lock", "--arch-policy", policy, "app")

    assert result.code == 40, result
    assert lock_of(host) == before
    assert "error: wrong-architecture\nNothing was installed or changed." in result.stderr


@pytest.mark.usefixtures("demo")
def test_nothing_of_a_lock_is_printed_where_nothing_loads(host: Sandbox) -> None:
    result = host.run("lock", "-q", "-o", "-", "app")

    assert result.code == 40, result
    assert "lock-version" not in result.stdout


def test_the_policy_fail_takes_no_remedy(host: Sandbox, demo: Index) -> None:
    demo.add_sdist("demo", "1.0")

    result = host.run("lock", "--arch-policy", "fail", "app")

    assert (result.code, lock_of(host)) == (40, None), result
    assert SDIST not in demo.downloads()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("policy", ["warn", "off"])
def test_the_policy_warn_locks_what_pip_would_and_says_so(policy: str, host: Sandbox) -> None:
    result = host.run("lock", "--arch-policy", policy, "app")

    assert result.code == 0, result
    assert BAD in (lock_of(host) or "")
    assert ("warning: wrong-architecture" in result.stderr) is (policy == "warn")


@pytest.mark.parametrize(("policy", "code"), [("fix", 0), ("warn", 0), ("fail", 41)])
def test_what_cannot_be_judged_is_said_before_it_is_locked(
    policy: str, code: int, host: Sandbox, index: Index
) -> None:
    name = index.add_wheel("huge", "1.0", ARM64, native("huge", beyond_bounds()))

    result = host.run("lock", "--arch-policy", policy, "huge")

    assert result.code == code, result
    assert (name in (lock_of(host) or "")) is (code == 0)
    assert "could-not-tell" in result.stderr


def test_a_wheel_that_was_named_by_path_has_no_alternative(
    host: Sandbox, demo: Index, zig: Zig
) -> None:
    demo.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    host.work.joinpath(BAD).write_bytes(demo.content(BAD))

    result = host.run("lock", f"./{BAD}")

    assert (result.code, lock_of(host)) == (40, None), result
    assert "was asked for by path or URL" in result.stderr


def test_wheels_that_load_are_locked_as_by_pip(host: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("thin", "1.0", ARM64, native("thin", zig.extension("_c", "arm64")))
    index.add_wheel("thin", "1.0", X86_64, native("thin", zig.extension("_c", "x86_64")))
    index.add_wheel("fat", "1.0", UNIVERSAL2, native("fat", zig.fat_extension("_c")))

    ours = host.run("lock", "-q", "thin", "fat")
    locked = lock_of(host)
    theirs = host.run_pip("lock", "-q", "thin", "fat")

    assert (ours.code, theirs.code) == (0, 0), (ours, theirs)
    assert ours.stderr == theirs.stderr
    assert locked == lock_of(host)
