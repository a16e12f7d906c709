"""A wheel that cannot load is refused, and something that loads takes its place."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, X86_64, native, pure, wheel_name
from builders.sandbox import Host, NewHost, Sandbox
from builders.wheels import native_tag
from builders.zig import Zig


def plain_commands(stderr: str) -> list[list[str]]:
    lines = [line for line in stderr.splitlines() if line.startswith("plain pip: ")]
    return [shlex.split(line.removeprefix("plain pip: ")) for line in lines]


def test_a_mislabelled_wheel_gives_way_to_its_sdist(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0")

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)
    bad = wheel_name("demo", "1.0", UNIVERSAL2)
    fault = f"`demo/{MODULE}` is x86_64 only, this Python is arm64"
    assert result.stderr.splitlines()[:-1] == [
        "refused: wrong-architecture",
        f"`{bad}` cannot load: {fault}",
        "trying: `demo-1.0.tar.gz`, built from source (as with `--no-binary demo`)",
        "instead: `demo-1.0.tar.gz`, built from source (as with `--no-binary demo`)",
        "plain pip: pip install --no-binary demo demo==1.0",
    ]
    assert "1 native file in 1 package judged, fit for macOS 14 arm64" in result.stderr
    # What it installs looks as if pip had chosen it.
    (info,) = arm64.site.glob("demo-1.0.dist-info")
    assert "demo==1.0" in arm64.run("freeze").stdout.splitlines()
    assert (info / "REQUESTED").exists()
    assert not (info / "direct_url.json").exists()


@pytest.mark.parametrize("tag", [UNIVERSAL2, ARM64], ids=["universal2", "arm64"])
def test_another_wheel_of_the_same_version_comes_before_a_build(
    tag: str, arm64: Sandbox, index: Index, zig: Zig
) -> None:
    bad = native_tag("macosx_14_0_universal2")
    index.add_wheel("demo", "1.0", bad, native("demo", zig.extension("_c", "x86_64")))
    good = zig.fat_extension("_c") if tag == UNIVERSAL2 else zig.extension("_c", "arm64")
    index.add_wheel("demo", "1.0", tag, native("demo", good))
    index.add_sdist("demo", "1.0")

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert "arm64" in arm64.native_arch(f"demo/{MODULE}")
    assert "demo-1.0.tar.gz" not in index.downloads()


def test_a_hollow_slice_is_refused_by_its_symbols(
    arm64: Sandbox, intel: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.hollow_extension("_c")))
    index.add_sdist("demo", "1.0")

    refused, fine = arm64.run("install", "demo"), intel.run("install", "demo")

    assert (refused.code, fine.code) == (0, 0)
    assert "hollow-slice" in refused.stderr
    assert "`_helper_one`" in refused.stderr
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert set(intel.native_arch(f"demo/{MODULE}")) == {"x86_64", "arm64"}
    assert "refused" not in fine.stderr


def test_an_elf_extension_in_a_mac_wheel_is_refused(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.elf_extension("_c")))

    result = arm64.run("install", "demo")

    assert result.code == 40, result
    assert "refused: foreign-extension" in result.stderr


@pytest.mark.parametrize("host", ["intel", "rosetta"])
def test_the_reverse_is_refused_where_python_runs_as_x86_64(
    host: str, request: pytest.FixtureRequest, index: Index, zig: Zig
) -> None:
    intel: Sandbox = request.getfixturevalue(host)
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "arm64")))
    index.add_sdist("demo", "1.0")

    result = intel.run("install", "demo")

    assert result.code == 0, result
    assert "is arm64 only, this Python is x86_64" in result.stderr
    assert intel.native_arch(f"demo/{MODULE}") == ("x86_64",)


def test_another_version_is_the_last_rung_and_said_plainly(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    index.add_wheel("demo", "2.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))

    result = arm64.run("install", "demo>=1")

    assert result.code == 0, result
    assert "demo 1.0, another version" in result.stderr
    assert arm64.installed()["demo"] == "1.0"


def test_a_dependency_three_levels_down_is_rescued(arm64: Sandbox, index: Index, zig: Zig) -> None:
    """The shape of azure-eventhub and uamqp."""
    index.add_wheel("eventhub", "5.0", ANY, pure("eventhub"), requires=["transport>=1"])
    index.add_wheel("transport", "1.0", ANY, pure("transport"), requires=["bindings"])
    index.add_wheel("bindings", "1.0", ANY, pure("bindings"), requires=["uamq[fast]~=1.6"])
    index.add_wheel(
        "uamq",
        "1.6.1",
        UNIVERSAL2,
        native("uamq", zig.hollow_extension("_c")),
        extras={"fast": ["speed"]},
    )
    index.add_wheel("speed", "1.0", ARM64, native("speed", zig.extension("_c", "arm64")))
    index.add_sdist("uamq", "1.6.1")
    arm64.work.joinpath("requirements.txt").write_text("eventhub\n")

    result = arm64.run("install", "-r", "requirements.txt")

    assert result.code == 0, result
    assert arm64.native_arch(f"uamq/{MODULE}") == ("arm64",)


def test_a_poisoned_wheel_in_pips_cache_is_evicted_and_rebuilt(
    new_host: NewHost, index: Index
) -> None:
    index.add_sdist("demo", "1.0")
    host = new_host(Host(machine="arm64"), with_setuptools=True)
    poison = host.run_pip(
        "install", "--no-build-isolation", "demo", env={"ZCC_FORCE_ARCH": "x86_64"}
    )
    assert host.native_arch(f"demo/{MODULE}") == ("x86_64",), poison
    host.run_pip("uninstall", "-y", "demo")

    result = host.run("install", "--no-build-isolation", "demo")

    assert result.code == 0, result
    assert "which pip built earlier and kept in its cache" in result.stderr
    assert host.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert host.run("install", "--force-reinstall", "demo").stderr.count("refused") == 0


def test_the_legacy_resolver_is_rescued_too(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0")

    result = arm64.run("install", "--use-deprecated=legacy-resolver", "demo")

    assert result.code == 0, result
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_a_project_without_pyproject_is_built_to_a_wheel_and_judged(
    arm64: Sandbox, index: Index
) -> None:
    index.add_sdist("demo", "1.0", pyproject=False)

    bad = arm64.run("install", "demo", env={"ZCC_FORCE_ARCH": "x86_64"})
    good = arm64.run("install", "demo")

    assert (bad.code, good.code) == (40, 0), (bad, good)
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)


@pytest.mark.parametrize("kind", ["wheel", "version"])
def test_the_plain_command_shown_gives_the_same_result(
    kind: str, new_host: NewHost, index: Index, zig: Zig
) -> None:
    bad, good = zig.extension("_c", "x86_64"), zig.extension("_c", "arm64")
    index.add_wheel("demo", "1.0", native_tag("macosx_14_0_universal2"), native("demo", bad))
    index.add_wheel("demo", "1.0" if kind == "wheel" else "0.9", ARM64, native("demo", good))
    guarded, plain = new_host(Host(machine="arm64")), new_host(Host(machine="arm64"))

    (command,) = plain_commands(guarded.run("install", "demo").stderr)
    result = plain.run_pip(*command[1:])

    assert (command[0], result.code) == ("pip", 0), result
    assert plain.installed() == guarded.installed()
    assert plain.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_no_file_is_downloaded_more_often_than_by_pip(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    index.metadata = True
    bad = index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    sdist = index.add_sdist("demo", "1.0")
    good = index.add_wheel("other", "1.0", ARM64, native("other", zig.extension("_c", "arm64")))

    def downloads() -> Counter[str]:
        found = Counter(Path(r.path).name for r in index.requests if r.method == "GET")
        index.requests.clear()
        return found

    new_host(Host(machine="arm64")).run_pip("install", "--no-cache-dir", "demo", "other")
    plain = downloads()
    new_host(Host(machine="arm64")).run("install", "--no-cache-dir", "demo", "other")
    guarded = downloads()

    # pip 22.3 itself downloads a wheel twice if its metadata had a file of its own.
    assert (guarded[bad], guarded[good]) == (plain[bad], plain[good])
    assert guarded[sdist] == 1


def test_good_wheels_of_each_kind_pass_as_with_plain_pip(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    arm = zig.extension("_c", "arm64")
    index.add_wheel("thin", "1.0", ARM64, native("thin", arm))
    index.add_wheel("fat", "1.0", UNIVERSAL2, native("fat", zig.fat_extension("_c")))
    index.add_wheel("stable", "1.0", ARM64, native("stable", arm, "_c.abi3.so"))
    index.add_wheel("pure", "1.0", ANY, pure("pure"))
    index.add_wheel("opened", "1.0", ANY, native("opened", zig.dylib("arm64"), "lib.dylib"))
    both = native("both", zig.dylib("x86_64"), "x86_64/lib.dylib")
    index.add_wheel(
        "both", "1.0", ANY, both | native("both", zig.dylib("arm64"), "arm64/lib.dylib")
    )
    index.add_wheel("linux", "1.0", ANY, native("linux", zig.elf_extension("x"), "lib_x.so"))
    names = ("thin", "fat", "stable", "pure", "opened", "both", "linux")
    guarded, plain = new_host(Host(machine="arm64")), new_host(Host(machine="arm64"))

    ours, theirs = guarded.run("install", *names), plain.run_pip("install", *names)

    assert (ours.code, theirs.code) == (0, 0)
    assert guarded.installed() == plain.installed()
    assert ours.stderr.startswith("pip-archguard: 6 native files in 5 packages judged, fit for")
    assert len(ours.stderr.splitlines()) == 1
    assert ours.stdout.splitlines()[-1] == theirs.stdout.splitlines()[-1]


def test_quiet_means_no_line_of_ours(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", X86_64, native("demo", zig.extension("_c", "x86_64")))
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))

    result = arm64.run("install", "-q", "demo")

    assert (result.code, result.stdout, result.stderr) == (0, "", "")


def test_an_x86_64_program_is_installed_with_a_warning(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    files = native("demo", zig.executable("x86_64"), "bin/tool")
    index.add_wheel("demo", "1.0", native_tag("macosx_11_0_universal2"), files)

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert "warning: needs-rosetta" in result.stderr
    assert arm64.installed()["demo"] == "1.0"
