"""Wheels that are judged where they lie, because the run needs no more of them."""

from __future__ import annotations

import json
import random

import pytest

from builders.index import Index
from builders.packages import ARM64, native, wheel_name
from builders.sandbox import Sandbox
from builders.wheels import native_tag
from builders.zig import Zig

NEWER = native_tag("macosx_14_0_universal2")
BAD = wheel_name("demo", "1.0", NEWER)
GOOD = wheel_name("demo", "1.0", ARM64)
PADDING = 3_000_000


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A release of large wheels: one is mislabelled, the other is good."""
    index.metadata = True
    codes = {NEWER: zig.extension("_c", "x86_64"), ARM64: zig.extension("_c", "arm64")}
    for tag, code in codes.items():
        padding = {"demo/data.json": random.Random(tag).randbytes(PADDING)}  # noqa: S311
        index.add_wheel("demo", "1.0", tag, {**padding, **native("demo", code)})
    return index


def asked_for(index: Index) -> dict[str, list[str | None]]:
    """Return the ranges that were asked for, of each wheel."""
    found: dict[str, list[str | None]] = {}
    for request in index.requests:
        name = request.path.rpartition("/")[2]
        if name.endswith(".whl"):
            found.setdefault(name, []).append(request.range)
    return found


@pytest.mark.parametrize("command", ["install --dry-run demo", "lock -o - demo"])
def test_what_pip_does_not_fetch_is_judged_where_it_lies(
    command: str, arm64: Sandbox, demo: Index
) -> None:
    words = command.split()
    if arm64.run_pip(words[0], "--help").code:
        pytest.skip("this pip has no `lock`")
    plain = arm64.run_pip(*words)
    if asked_for(demo):
        pytest.skip("this pip fetches whole wheels")
    assert plain.code == 0, plain

    result = arm64.run(*words)

    assert result.code == 0, result
    assert "refused: wrong-architecture" in result.stderr
    ranges = asked_for(demo)
    assert set(ranges) == {BAD, GOOD}
    assert all(None not in each and len(each) <= 4 for each in ranges.values())


@pytest.mark.parametrize(
    ("command", "ranges"),
    [
        ("install --dry-run", True),
        ("install --dry-run", False),
        ("scan", True),
        ("coverage --targets macos-arm64", True),
    ],
)
def test_a_second_run_asks_for_no_wheel(
    command: str, *, ranges: bool, arm64: Sandbox, demo: Index
) -> None:
    demo.remove(BAD)
    demo.add_wheel("small", "1.0", "py3-none-any", {"small.py": b""})
    demo.ranges = ranges
    words = (*command.split(), "demo", "small")
    arm64.run_pip("install", "--dry-run", "demo")
    if "install" in words and asked_for(demo):
        pytest.skip("this pip fetches whole wheels")

    first = arm64.run(*words)
    asked = set(asked_for(demo))
    demo.requests.clear()
    second = arm64.run(*words)

    assert first.code == second.code == 0, first
    assert second.stdout == first.stdout
    assert len(asked) == 2
    assert asked_for(demo) == {}


def test_where_there_are_no_ranges_the_wheels_are_fetched(arm64: Sandbox, demo: Index) -> None:
    demo.ranges = False

    result = arm64.run("scan", "demo==1.0")

    assert result.code == 40, result
    assert list(asked_for(demo)) == [BAD]
    assert len(asked_for(demo)[BAD]) == 1


def test_a_scan_tells_the_hash_that_the_index_says(arm64: Sandbox, demo: Index) -> None:
    result = arm64.run("scan", "--format", "json", "demo==1.0", demo.file_url(GOOD))

    wheels = json.loads(result.stdout)["wheels"]
    assert result.code == 40, result
    assert [w["sha256"] for w in wheels] == [demo.sha256(BAD), demo.sha256(GOOD)]
    ranges = asked_for(demo)
    assert None not in ranges[BAD]
    assert ranges[GOOD] == [None]  # an address alone comes without a hash


@pytest.mark.parametrize("size", [10, PADDING], ids=["small", "large"])
def test_after_a_refusal_the_next_wheel_is_looked_at_before_it_is_fetched(
    size: int, arm64: Sandbox, demo: Index, zig: Zig
) -> None:
    arm64.run_pip("install", "--dry-run", "demo")
    if asked_for(demo):
        pytest.skip("this pip fetches whole wheels")
    demo.remove(GOOD)
    padding = {"demo/data.json": random.Random(2).randbytes(size)}  # noqa: S311
    codes = {"0.9": zig.extension("_c", "x86_64"), "0.8": zig.extension("_c", "arm64")}
    names = [
        demo.add_wheel("demo", version, NEWER, {**padding, **native("demo", code)})
        for version, code in codes.items()
    ]

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert "instead: `demo-0.8" in result.stderr
    ranges = asked_for(demo)
    assert ranges[BAD] == [None]
    assert all(None not in ranges[name] and len(ranges[name]) <= 5 for name in names)
    assert all(len(ranges[name]) == len(set(ranges[name])) for name in names)
    assert "already downloaded" not in result.stdout
