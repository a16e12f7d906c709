"""`--arch universal2` where a package has thin wheels only: they are fused and installed."""

from __future__ import annotations

import json
import shlex

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, X86_64, native, pure, wheel_name
from builders.sandbox import Host, NewHost, Result, Sandbox
from builders.universal import join_slices
from builders.zig import Machine, Zig

THIN: tuple[tuple[str, Machine], ...] = ((ARM64, "arm64"), (X86_64, "x86_64"))
HALVES = tuple(wheel_name("demo", "1.0", tag) for tag, _ in THIN)
FUSED = wheel_name("demo", "1.0", UNIVERSAL2)
BOTH = ("arm64", "x86_64")
FALLBACK = b"try:\n    from ._c import x\nexcept ImportError:\n    x = None\n"


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A project with two thin wheels and an sdist, and one that it needs."""
    for tag, arch in THIN:
        code = native("demo", zig.extension("_c", arch))
        index.add_wheel("demo", "1.0", tag, code, requires=("helper",))
    index.add_sdist("demo", "1.0")
    index.add_wheel("helper", "1.0", ANY, pure("helper"))
    return index


def install(sandbox: Sandbox, *words: str, env: dict[str, str] | None = None) -> Result:
    return sandbox.run("install", "--arch", "universal2", *words, env=env)


@pytest.mark.usefixtures("demo")
def test_the_thin_pair_is_fused_and_counts_as_a_file_of_the_index(universal2: Sandbox) -> None:
    result = install(universal2, "demo==1.0")

    assert result.code == 0, result
    assert universal2.installed().items() >= {"demo": "1.0", "helper": "1.0"}.items()
    assert universal2.native_arch(f"demo/{MODULE}") == BOTH
    info = universal2.site / "demo-1.0.dist-info"
    assert not (info / "direct_url.json").exists()
    assert (info / "REQUESTED").exists()
    assert "demo==1.0\n" in universal2.run_pip("freeze").stdout
    assert f"fused: `{FUSED}`\n  of `{HALVES[0]}`\n  of `{HALVES[1]}`\n" in result.stderr
    assert f"instead: `{FUSED}`, fused of `{HALVES[0]}` and `{HALVES[1]}`\n" in result.stderr
    assert "built from source" not in result.stderr
    assert not list(universal2.folder.joinpath("tmp").glob("pip-archguard-*"))


@pytest.mark.usefixtures("demo")
def test_plain_pip_does_the_same_with_the_commands_that_are_told(new_host: NewHost) -> None:
    guarded, plain = (
        new_host(Host(machine="arm64", universal2=True)),
        new_host(Host(machine="arm64")),
    )
    install(guarded, "demo", "--arch-report", "report.json")
    report = json.loads(guarded.work.joinpath("report.json").read_text())

    for command in report["equivalent_commands"]:
        tool, *words = shlex.split(command)
        done = plain.run_pip(*words) if tool == "pip" else plain.run(*words)
        assert done.code == 0, done

    assert [wheel["action"] for wheel in report["wheels"] if wheel["project"] == "demo"] == [
        "refused",
        "fused",
    ]
    assert plain.native_arch(f"demo/{MODULE}") == BOTH
    assert guarded.site.joinpath("demo", MODULE).read_bytes() == (
        plain.site.joinpath("demo", MODULE).read_bytes()
    )


def test_a_package_that_works_without_its_extension_is_fused_all_the_same(
    universal2: Sandbox, index: Index, zig: Zig
) -> None:
    """MarkupSafe would load on both from one thin wheel, and be slow on one of them."""
    for tag, arch in THIN:
        files = native("demo", zig.extension("_c", arch))
        index.add_wheel("demo", "1.0", tag, {**files, "demo/__init__.py": FALLBACK})

    result = install(universal2, "demo")

    assert result.code == 0, result
    assert result.stderr.startswith("fused: ")
    assert f"passed over: degraded\n`{HALVES[0]}`" in result.stderr
    assert f"instead: `{FUSED}`, fused of " in result.stderr
    assert universal2.native_arch(f"demo/{MODULE}") == BOTH


def test_where_such_a_package_cannot_be_fused_it_is_installed_with_a_warning(
    universal2: Sandbox, index: Index, zig: Zig
) -> None:
    for tag, arch in THIN:
        files = native("demo", zig.extension("_c", arch))
        extra = {"demo/__init__.py": FALLBACK, "demo/a.json": arch.encode()}
        index.add_wheel("demo", "1.0", tag, {**files, **extra})

    result = install(universal2, "demo")

    assert result.code == 0, result
    assert "not fused: " in result.stderr
    assert "warning: degraded\n" in result.stderr
    assert universal2.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_another_wheel_that_loads_on_both_comes_first(
    universal2: Sandbox, demo: Index, zig: Zig
) -> None:
    both = join_slices(zig.extension("_c", "x86_64"), zig.extension("_c", "arm64"))
    demo.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", both))

    result = install(universal2, "demo")

    assert result.code == 0, result
    assert "another wheel of the same version, loads" in result.stderr
    assert "fused of" not in result.stderr
    assert HALVES[1] not in demo.downloads()


def test_without_the_other_half_the_source_is_built_and_that_is_said(
    universal2: Sandbox, demo: Index
) -> None:
    demo.remove(HALVES[1])

    result = install(universal2, "demo")

    assert result.code == 0, result
    assert (
        f"not fused: `{HALVES[0]}`: no wheel of demo 1.0 for x86_64 goes with it\n" in result.stderr
    )
    assert "built from source" in result.stderr
    assert universal2.native_arch(f"demo/{MODULE}") == BOTH


def test_what_cannot_be_fused_is_said_with_the_reason(
    universal2: Sandbox, index: Index, zig: Zig
) -> None:
    for tag, arch in THIN:
        code = native("demo", zig.extension("_c", arch))
        index.add_wheel("demo", "1.0", tag, {**code, "demo/a.json": arch.encode()})

    result = install(universal2, "demo")

    assert result.code == 40, result
    assert f"not fused: `{HALVES[0]}` and `{HALVES[1]}`: these files do not go" in result.stderr
    assert "  `demo/a.json`: it differs\n" in result.stderr


def test_where_the_best_other_half_does_not_fit_the_next_is_tried(
    universal2: Sandbox, demo: Index, zig: Zig
) -> None:
    newer = X86_64.replace("10_9", "12_0")
    files = native("demo", zig.extension("_c", "x86_64"))
    other = demo.add_wheel("demo", "1.0", newer, {**files, "demo/more.json": b""})

    result = install(universal2, "demo")

    assert result.code == 0, result
    assert f"not fused: `{HALVES[0]}` and `{other}`: these files do not go" in result.stderr
    assert f"instead: `{FUSED}`, fused of `{HALVES[0]}` and `{HALVES[1]}`" in result.stderr


def test_where_pip_takes_no_fused_wheel_that_is_said(universal2: Sandbox, demo: Index) -> None:
    legacy = install(universal2, "--use-deprecated=legacy-resolver", "--only-binary=:all:", "demo")
    lock = universal2.run("lock", "--arch", "universal2", "--only-binary=:all:", "demo")
    demo.remove(HALVES[1])
    alone = install(universal2, "--use-deprecated=legacy-resolver", "--only-binary=:all:", "demo")

    assert legacy.code == alone.code == 40, legacy
    said = f"not fused: `{HALVES[0]}` and `{HALVES[1]}`: "
    assert f"{said}the legacy resolver takes no fused wheel" in legacy.stderr
    assert "not fused" not in alone.stderr
    if "unknown command" not in lock.stderr:
        assert lock.code == 40, lock
        assert f"{said}a lock file names files of an index" in lock.stderr


def test_each_version_in_turn_is_fused_if_it_can_be(
    universal2: Sandbox, demo: Index, zig: Zig
) -> None:
    for tag, arch in THIN:
        code = native("demo", zig.extension("_c", arch))
        demo.add_wheel("demo", "2.0", tag, {**code, "demo/a.json": arch.encode()})

    result = install(universal2, "demo")

    assert result.code == 0, result
    assert "not fused: `demo-2.0" in result.stderr
    assert universal2.installed()["demo"] == "1.0"
    assert universal2.native_arch(f"demo/{MODULE}") == BOTH


def test_a_half_that_lies_is_not_fused(universal2: Sandbox, index: Index, zig: Zig) -> None:
    for tag in (ARM64, X86_64):
        index.add_wheel("demo", "1.0", tag, native("demo", zig.extension("_c", "arm64")))

    result = install(universal2, "demo")

    assert result.code == 40, result
    assert f"not fused: `{HALVES[0]}` and `{HALVES[1]}`: `{HALVES[1]}` cannot load" in result.stderr


@pytest.mark.parametrize("given", [2, 1], ids=["both", "one"])
def test_both_halves_have_to_be_among_the_required_hashes(
    universal2: Sandbox, demo: Index, given: int
) -> None:
    demo.remove("demo-1.0.tar.gz")
    hashes = " ".join(f"--hash=sha256:{demo.sha256(name)}" for name in HALVES[:given])
    helper = demo.sha256(wheel_name("helper", "1.0", ANY))
    lines = f"demo==1.0 {hashes}\nhelper==1.0 --hash=sha256:{helper}\n"
    universal2.work.joinpath("r.txt").write_text(lines)

    result = install(universal2, "--require-hashes", "-r", "r.txt")

    if given == 2:
        assert result.code == 0, result
        assert universal2.native_arch(f"demo/{MODULE}") == BOTH
    else:
        assert result.code == 40, result
        said = f"hashes are required, and that of `{HALVES[1]}` is not among them"
        assert f"not fused: `{HALVES[0]}` and `{HALVES[1]}`: {said}\n" in result.stderr
        assert f"to allow `{HALVES[1]}`, add to the line of `demo`" in result.stderr
        assert f"  --hash=sha256:{demo.sha256(HALVES[1])}\n" in result.stderr
        assert HALVES[1] not in demo.downloads()


@pytest.mark.parametrize("given", [2, 1], ids=["both", "one"])
def test_files_without_a_told_hash_are_held_against_the_required_ones(
    universal2: Sandbox, demo: Index, given: int
) -> None:
    for name in HALVES:
        universal2.work.joinpath(name).write_bytes(demo.content(name))
    hashes = " ".join(f"--hash=sha256:{demo.sha256(name)}" for name in HALVES[:given])
    universal2.work.joinpath("r.txt").write_text(f"demo==1.0 {hashes}\n")
    words = ("--no-deps", "--no-index", "--find-links", ".", "--require-hashes", "-r", "r.txt")

    result = install(universal2, *words)

    if given == 2:
        assert result.code == 0, result
        assert universal2.native_arch(f"demo/{MODULE}") == BOTH
    else:
        assert result.code == 40, result
        assert "not fused: " in result.stderr


@pytest.mark.usefixtures("demo")
def test_only_binary_allows_fusing_and_no_binary_forbids_it(new_host: NewHost) -> None:
    hosts = [new_host(Host(machine="arm64", universal2=True)) for _ in range(2)]

    allowed = install(hosts[0], "--only-binary", ":all:", "demo")
    forbidden = install(hosts[1], "--no-binary", "demo", "demo")

    assert (allowed.code, forbidden.code) == (0, 0), (allowed, forbidden)
    assert "fused: " in allowed.stderr
    assert "fused" not in forbidden.stderr
    assert hosts[1].native_arch(f"demo/{MODULE}") == BOTH


def test_links_that_are_found_in_a_folder_are_fused_without_an_index(
    universal2: Sandbox, demo: Index
) -> None:
    for name in (*HALVES, wheel_name("helper", "1.0", ANY)):
        universal2.work.joinpath(name).write_bytes(demo.content(name))

    result = install(universal2, "--no-index", "--find-links", ".", "demo")

    assert result.code == 0, result
    assert universal2.native_arch(f"demo/{MODULE}") == BOTH
    assert {path.name for path in universal2.work.iterdir()} >= set(HALVES)


def test_a_half_for_a_newer_macos_than_this_is_none(
    new_host: NewHost, demo: Index, zig: Zig
) -> None:
    demo.remove(HALVES[1])
    newer = X86_64.replace("10_9", "15_0")
    demo.add_wheel("demo", "1.0", newer, native("demo", zig.extension("_c", "x86_64")))
    host = new_host(Host(machine="arm64", universal2=True))

    result = install(host, "demo")

    assert result.code == 0, result
    assert "not fused: " in result.stderr
    assert "built from source" in result.stderr


@pytest.mark.usefixtures("demo")
def test_what_is_installed_for_one_architecture_is_reinstalled_for_both(
    universal2: Sandbox,
) -> None:
    universal2.run_pip("install", "demo")

    result = install(universal2, "demo")

    assert result.code == 0, result
    assert universal2.native_arch(f"demo/{MODULE}") == BOTH


@pytest.mark.usefixtures("demo")
def test_a_dry_run_tells_what_would_be_fused_and_changes_nothing(universal2: Sandbox) -> None:
    before = universal2.files()

    result = install(universal2, "--dry-run", "demo")

    assert result.code == 0, result
    assert "Would install demo-1.0 helper-1.0" in result.stdout
    assert f"instead: `{FUSED}`, fused of" in result.stderr
    assert universal2.files() == before


def test_two_platforms_without_an_architecture_are_a_folder_for_either(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "x86_64")))
    index.add_wheel("demo", "1.0", X86_64, native("demo", zig.extension("_c", "x86_64")))
    platforms = ("--platform", "macosx_14_0_arm64", "--platform", "macosx_14_0_x86_64")

    result = arm64.run("download", *platforms, "--only-binary=:all:", "demo")

    assert result.code == 0, result
    assert {path.name for path in arm64.work.iterdir()} == {HALVES[1]}
    assert "used of" not in result.stderr


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("command", ["download", "wheel"])
def test_what_keeps_the_files_has_the_fused_one(universal2: Sandbox, command: str) -> None:
    result = universal2.run(command, "--arch", "universal2", "demo")

    assert result.code == 0, result
    assert {path.name for path in universal2.work.iterdir()} == {
        *(FUSED, wheel_name("helper", "1.0", ANY))
    }
