"""The facts cache: what an earlier run has read is not opened again, and `facts` looks after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ARM64, native, wheel_name
from builders.sandbox import Sandbox
from builders.zig import Zig
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels import FactsCache, parse_wheel_name

GOOD = wheel_name("good", "1.0", ARM64)
JUDGED = "1 native file in 1 package judged"


@pytest.fixture
def good(index: Index, zig: Zig) -> Index:
    index.add_wheel("good", "1.0", ARM64, native("good", zig.extension("_c", "arm64")))
    return index


def cache_of(sandbox: Sandbox) -> Path:
    return sandbox.folder / "home" / "pip-cache" / "pip-archguard" / "facts"


def lie(sandbox: Sandbox, index: Index) -> None:
    """Put facts in the place of true ones: who says them has not opened the wheel."""
    name = parse_wheel_name(GOOD)
    facts = WheelFacts(
        filename=GOOD, project=name.project, release=name.release, platforms=name.platforms
    )
    FactsCache(cache_of(sandbox)).put(index.sha256(GOOD), facts)


def test_a_wheel_that_an_earlier_run_has_read_is_not_opened(arm64: Sandbox, good: Index) -> None:
    first = arm64.run("install", "good")
    known = FactsCache(cache_of(arm64)).get(good.sha256(GOOD), GOOD)
    again = arm64.run("download", "good", "-d", "one")
    lie(arm64, good)
    second = arm64.run("download", "good", "-d", "two")
    without = arm64.run("download", "good", "-d", "three", "--no-cache-dir")

    assert known is not None
    assert len(known.binaries) == 1
    assert [r.code for r in (first, again, second, without)] == [0] * 4
    assert [JUDGED in r.stderr for r in (first, again, second, without)] == [
        *(True, True, False, True)
    ]


def test_a_scan_takes_what_an_earlier_one_has_read(arm64: Sandbox, good: Index) -> None:
    arm64.work.joinpath(GOOD).write_bytes(good.content(GOOD))
    words = ("scan", GOOD, "--format", "json")
    found = [arm64.run(*words)]
    lie(arm64, good)
    found += [arm64.run(*words), arm64.run(*words, "--no-cache-dir")]

    wheels = [json.loads(result.stdout)["wheels"][0] for result in found]
    assert [len(wheel["binaries"]) for wheel in wheels] == [1, 0, 1]


def test_facts_are_shown_exported_and_purged(arm64: Sandbox, good: Index) -> None:
    lie(arm64, good)

    shown = arm64.run("facts", "info")
    exported = arm64.run("facts", "export", "facts.gz")
    purged = arm64.run("facts", "purge")
    imported = arm64.run("facts", "import", "facts.gz")
    off = arm64.run("facts", "info", "--no-cache-dir")
    wrong = arm64.run("facts", "export", "facts.gz", "more")

    assert f"folder:  {cache_of(arm64)}\nentries: 1\n" in shown.stdout
    assert exported.stdout == "1 entry written to `facts.gz`\n"
    assert purged.stdout.startswith("removed 1 entry, ")
    assert imported.stdout == "1 entry taken from `facts.gz`\n"
    assert (off.code, wrong.code) == (2, 2)
    assert "there is no facts cache" in off.stderr
    assert "`facts export` takes the name of one file" in wrong.stderr
