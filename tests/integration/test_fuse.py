"""`fuse`: two wheels made one, and what plain pip makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, X86_64, native, pure, wheel_name
from builders.sandbox import Sandbox
from builders.universal import join_slices
from builders.wheels import PYTHON
from builders.zig import Zig

HALVES = tuple(wheel_name("demo", "1.0", tag) for tag in (ARM64, X86_64))
FUSED = wheel_name("demo", "1.0", UNIVERSAL2)


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A project with two thin wheels."""
    for tag, code in (
        (ARM64, zig.extension("_c", "arm64")),
        (X86_64, zig.extension("_c", "x86_64")),
    ):
        index.add_wheel("demo", "1.0", tag, native("demo", code), requires=("helper",))
    index.add_wheel("helper", "1.0", ANY, pure("helper"))
    return index


def save(index: Index, sandbox: Sandbox, *names: str) -> None:
    for name in names:
        sandbox.work.joinpath(name).write_bytes(index.content(name))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_is_fused_installs_on_either_mac_by_plain_pip(
    arm64: Sandbox, intel: Sandbox, demo: Index
) -> None:
    save(demo, arm64, *HALVES)

    result = arm64.run("fuse", *HALVES[::-1], "-w", "out")

    assert result.code == 0, result
    assert result.stdout.startswith(f"fused: `out/{FUSED}`\n  of `{HALVES[0]}`\n")
    assert f"- loads on macOS 11.0 arm64 ({PYTHON}) and macOS 10.9 x86_64" in result.stdout
    assert "- 1 native file fused, each slice as it was" in result.stdout
    assert names(arm64.work / "out") == {FUSED}
    for host in (arm64, intel):
        done = host.run_pip("install", arm64.work / "out" / FUSED)
        assert done.code == 0, done
        assert host.installed()["helper"] == "1.0"
        assert host.native_arch(f"demo/{MODULE}") == ("arm64", "x86_64")


def test_the_guard_takes_it_for_both_and_scan_finds_its_tags_true(
    universal2: Sandbox, demo: Index
) -> None:
    save(demo, universal2, *HALVES)
    universal2.run("fuse", *HALVES)

    scanned = universal2.run("scan", "--arch", "universal2", FUSED)
    installed = universal2.run("install", "--arch", "universal2", f"./{FUSED}")

    assert (scanned.code, installed.code) == (0, 0), (scanned, installed)
    assert scanned.stdout.endswith("1 wheel: 1 warning\n") or "1 ok" in scanned.stdout


def test_on_any_system_and_without_lipo(linux: Sandbox, demo: Index, zig: Zig) -> None:
    save(demo, linux, *HALVES)

    first = linux.run("fuse", *HALVES)
    again = linux.run("fuse", *HALVES)

    assert (first.code, again.code) == (0, 0), (first, again)
    done = linux.run_pip(
        "install", "--no-deps", "--target", "x", "--platform", "macosx_14_0_arm64", f"./{FUSED}"
    )
    assert done.code == 0, done
    assert (
        (linux.work / "x/demo" / MODULE)
        .read_bytes()[0x1000:]
        .startswith(zig.extension("_c", "x86_64"))
    )


@pytest.mark.parametrize(
    "words",
    [
        (),
        HALVES[:1],
        (*HALVES, "x.whl"),
        (HALVES[0], "missing-1-py3-none-any.whl"),
        (HALVES[0],) * 2,
    ],
    ids=["none", "one", "three", "missing", "twice"],
)
def test_wrong_usage_ends_with_2_and_writes_nothing(
    arm64: Sandbox, demo: Index, words: tuple[str, ...]
) -> None:
    save(demo, arm64, *HALVES)

    result = arm64.run("fuse", *words, "-w", "out")

    assert (result.code, result.stdout) == (2, ""), result
    assert result.stderr.startswith("error: "), result
    assert names(arm64.work) == set(HALVES)


def test_a_wheel_that_lies_is_not_fused(arm64: Sandbox, index: Index, zig: Zig) -> None:
    for tag in (ARM64, X86_64):
        index.add_wheel("demo", "1.0", tag, native("demo", zig.extension("_c", "x86_64")))
    save(index, arm64, *HALVES)

    result = arm64.run("fuse", *HALVES, "-w", "out")

    assert (result.code, result.stdout) == (40, ""), result
    assert result.stderr.startswith("error: wrong-architecture\n")
    assert "one of the two wheels does not load, so none was written" in result.stderr
    assert names(arm64.work) == set(HALVES)


def test_files_that_differ_are_named_and_the_user_decides(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    for tag, arch in ((ARM64, "arm64"), (X86_64, "x86_64")):
        code = native("demo", zig.extension("_c", "arm64" if arch == "arm64" else "x86_64"))
        index.add_wheel("demo", "1.0", tag, {**code, "demo/a.json": arch.encode()})
    save(index, arm64, *HALVES)

    refused = arm64.run("fuse", *HALVES, "-w", "out")
    taken = arm64.run("fuse", *HALVES, "-w", "out", "--take-from", "x86_64")

    assert refused.code == 2, refused
    assert "  `demo/a.json`: it differs\n" in refused.stderr
    assert "hint: `--take-from arm64` or `--take-from x86_64`" in refused.stderr
    assert taken.code == 0, taken
    assert "taken from the x86_64 wheel as `--take-from` says: `demo/a.json`" in taken.stdout


def test_help_and_the_options_of_pip_configuration(arm64: Sandbox, demo: Index) -> None:
    save(demo, arm64, *HALVES)

    shown = arm64.run("help", "fuse")
    done = arm64.run("fuse", *HALVES, env={"PIP_WHEEL_DIR": "elsewhere"})

    assert "--take-from <arch>" in shown.stdout
    assert (done.code, names(arm64.work / "elsewhere")) == (0, {FUSED}), done


def test_a_wheel_for_both_is_nothing_to_fuse(arm64: Sandbox, index: Index, zig: Zig) -> None:
    both = join_slices(zig.extension("_c", "x86_64"), zig.extension("_c", "arm64"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", both))
    save(index, arm64, FUSED)

    result = arm64.run("fuse", FUSED, FUSED, "-w", "out")

    assert result.code == 2, result
    assert f"there is nothing to fuse: `{FUSED}` is for both architectures already" in result.stderr
