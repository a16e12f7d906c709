"""Wheels for Windows, chosen and judged from here."""

from __future__ import annotations

import json

import pytest

from builders.index import Index
from builders.packages import native, wheel_name
from builders.sandbox import Sandbox
from builders.wheels import PYTHON
from builders.zig import Zig
from builders.zig_windows import windows_dll, windows_extension

ARM64 = f"{PYTHON}-{PYTHON}-win_arm64"
MODULE = f"_c.{PYTHON}-win_arm64.pyd"
TO_ARM64 = ("--platform", "win_arm64", "--only-binary=:all:", "--no-deps")


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A wheel for Windows on Arm with x86_64 code, and an older one that loads."""
    good = native("demo", windows_extension(zig, "_c", "aarch64"), MODULE)
    index.add_wheel("demo", "1.0", ARM64, good | {"demo/x.dll": windows_dll(zig, "aarch64")})
    bad = native("demo", windows_extension(zig, "_c", "x86_64"), MODULE)
    index.add_wheel("demo", "1.1", ARM64, bad | {"demo/x.dll": windows_dll(zig, "x86_64")})
    return index


@pytest.mark.usefixtures("demo")
def test_a_download_for_windows_on_arm_gets_a_wheel_that_loads(linux: Sandbox) -> None:
    result = linux.run("download", *TO_ARM64, "-d", "got", "demo")

    fault = f"`demo/{MODULE}` is x86_64 only, the target is arm64"
    assert result.code == 0, result
    assert f"`{wheel_name('demo', '1.1', ARM64)}` cannot load: {fault}" in result.stderr
    assert "pip-archguard: 2 native files in 1 package judged, fit for" in result.stderr
    assert [p.name for p in (linux.work / "got").iterdir()] == [wheel_name("demo", "1.0", ARM64)]


def test_a_scan_tells_each_wheel_by_its_own_name(linux: Sandbox, demo: Index) -> None:
    names = [wheel_name("demo", version, ARM64) for version in ("1.0", "1.1")]
    for name in names:
        linux.work.joinpath(name).write_bytes(demo.content(name))

    result = linux.run("scan", *names, "--format", "json")

    assert result.code == 40, result
    wheels = {each["filename"]: each for each in json.loads(result.stdout)["wheels"]}
    assert [wheels[name]["verdicts"] for name in names] == [
        {f"win_arm64-{PYTHON}": "ok"},
        {f"win_arm64-{PYTHON}": "broken"},
    ]
    assert [b["slices"][0]["arch"] for b in wheels[names[1]]["binaries"]] == ["x86_64"] * 2
