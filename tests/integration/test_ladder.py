"""Source builds that the ladder asks for, and what is said where they fail."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from builders.index import Index
from builders.packages import ARM64, MODULE, UNIVERSAL2, X86_64, native, wheel_name
from builders.sandbox import Host, NewHost, Result, Sandbox
from builders.sdists import Recipe
from builders.universal import archs_of
from builders.zig import Zig

BOTH = Host(machine="arm64", universal2=True)
BAD = wheel_name("demo", "1.0", UNIVERSAL2)


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A mislabelled wheel with an sdist beside it."""
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0")
    return index


def tag_of(sandbox: Sandbox, name: str) -> str:
    """Return the platform that an installed distribution says it was built for."""
    lines = sandbox.site.joinpath(f"{name}-1.0.dist-info", "WHEEL").read_text().splitlines()
    (tag,) = (line for line in lines if line.startswith("Tag: "))
    return tag.rpartition("-")[2]


def cached(sandbox: Sandbox) -> list[str]:
    return [path.name for path in sandbox.folder.glob("home/pip-cache/wheels/**/*.whl")]


def test_what_the_ladder_builds_has_a_true_tag_and_all_else_is_built_as_by_pip(
    new_host: NewHost, demo: Index
) -> None:
    """A Python built for both architectures calls all it builds `universal2`."""
    demo.add_sdist("other", "1.0")
    host = new_host(BOTH)

    result = host.run("install", "demo", "other")

    assert result.code == 0, result
    assert host.native_arch(f"demo/{MODULE}") == ("arm64",)
    assert tag_of(host, "demo") == "macosx_11_0_arm64"
    assert set(host.native_arch(f"other/{MODULE}")) == {"arm64", "x86_64"}
    assert tag_of(host, "other") == "macosx_11_0_universal2"
    kept = {(name.partition("-")[0], name.rpartition("-")[2]) for name in cached(host)}
    assert kept == {("demo", "macosx_11_0_arm64.whl"), ("other", "macosx_11_0_universal2.whl")}
    plain = "ARCHFLAGS='-arch arm64' _PYTHON_HOST_PLATFORM=macosx-11.0-arm64 pip install"
    assert f"plain pip: {plain} --no-binary demo demo==1.0" in result.stderr


@pytest.mark.usefixtures("demo")
def test_with_flags_of_the_users_only_the_tag_is_made_true(new_host: NewHost) -> None:
    host = new_host(BOTH)

    result = host.run("install", "demo", env={"ARCHFLAGS": "-arch arm64 -DOWN_FLAG"})

    assert result.code == 0, result
    assert tag_of(host, "demo") == "macosx_11_0_arm64"
    plain = "plain pip: _PYTHON_HOST_PLATFORM=macosx-11.0-arm64 pip install --no-binary demo"
    assert plain in result.stderr


@pytest.mark.usefixtures("demo")
def test_a_platform_of_the_users_is_left_alone(new_host: NewHost) -> None:
    host = new_host(BOTH)

    result = host.run("install", "demo", env={"_PYTHON_HOST_PLATFORM": "macosx-12.0-universal2"})

    assert result.code == 0, result
    assert set(host.native_arch(f"demo/{MODULE}")) == {"arm64", "x86_64"}
    assert tag_of(host, "demo") == "macosx_12_0_universal2"


@pytest.mark.parametrize(
    ("step", "verbose", "line", "words"),
    [
        (
            "egg_info",
            (),
            "src.c:1:1: error: incompatible types [-Wincompatible-function-pointer-types]",
            "`CFLAGS=-Wno-error=incompatible-function-pointer-types`",
        ),
        (
            "egg_info",
            ("-v",),
            "/bin/sh: cmake: command not found",
            "the program `cmake` is missing",
        ),
        (
            "bdist_wheel",
            (),
            "src.c:1:10: fatal error: 'openssl/ssl.h' file not found",
            "`brew install openssl@3`",
        ),
        (
            "bdist_wheel",
            ("-v",),
            "error: command 'clang' failed: No such file or directory",
            "`xcode-select --install`",
        ),
    ],
    ids=["metadata-flag", "metadata-verbose-tool", "wheel-header", "wheel-verbose-compiler"],
)
def test_a_failed_build_says_what_it_seems_to_lack(
    step: str, verbose: tuple[str, ...], line: str, words: str, arm64: Sandbox, demo: Index
) -> None:
    demo.remove("demo-1.0.tar.gz")
    stop = f"import sys\nif {step!r} in sys.argv: sys.exit({line!r})\n"
    demo.add_sdist("demo", "1.0", preamble=stop)

    result = in_vain(arm64, "install", *verbose, "demo")

    assert words in result.stderr
    assert "demo-1.0.tar.gz`, built from source" in result.stderr
    assert "the build failed" in result.stderr
    assert "instead: `" not in result.stderr.replace("tried instead: `", "")


def in_vain(sandbox: Sandbox, *arguments: str, env: dict[str, str] | None = None) -> Result:
    before = sandbox.files()
    result = sandbox.run(*arguments, env=env)

    assert result.code == 40, result
    assert sandbox.files() == before
    assert "Traceback" not in result.stderr
    return result


def test_a_wheel_that_loads_is_offered_where_a_build_fails_and_the_offer_works(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    good, bad = (native("demo", zig.extension("_c", arch)) for arch in ("arm64", "x86_64"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, bad)
    index.add_sdist("demo", "1.0", Recipe.FAILS_TO_COMPILE)
    index.add_wheel("demo", "0.9", UNIVERSAL2, bad)
    index.add_wheel("demo", "0.8", ARM64, good)
    index.add_wheel("demo", "0.7", ARM64, good)

    failed = in_vain(arm64, "install", "demo")
    rescued = arm64.run("install", "--only-binary", "demo", "demo")

    assert "`demo==0.8` has a wheel that loads: `--only-binary demo` takes" in failed.stderr
    assert (rescued.code, arm64.installed()["demo"]) == (0, "0.8"), rescued


def test_another_version_is_named_but_not_offered_against_the_users_pin(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    good, bad = (native("demo", zig.extension("_c", arch)) for arch in ("arm64", "x86_64"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, bad)
    index.add_wheel("demo", "1.1", ARM64, good)

    arm64.work.joinpath("constraints.txt").write_text("demo<1.1\n")

    pinned = in_vain(arm64, "install", "demo==1.0")
    constrained = in_vain(arm64, "install", "-c", "constraints.txt", "demo")

    loads = "`demo==1.1` has a wheel that loads, but"
    assert f"{loads} `demo==1.0` excludes it" in pinned.stderr
    assert f"{loads} `demo<1.1 (-c constraints.txt (line 1))` excludes it" in constrained.stderr


def test_prefer_binary_means_wheels_that_load(arm64: Sandbox, index: Index, zig: Zig) -> None:
    good, bad = (native("demo", zig.extension("_c", arch)) for arch in ("arm64", "x86_64"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, bad)
    index.add_sdist("demo", "1.0")
    index.add_wheel("demo", "0.9", ARM64, good)

    result = arm64.run("install", "--prefer-binary", "demo")

    assert (result.code, arm64.installed()["demo"]) == (0, "0.9"), result
    assert "another version" in result.stderr
    assert "demo-1.0.tar.gz" not in index.downloads()


@pytest.mark.parametrize("by", ["variable", "configuration", "requirements file"])
def test_only_binary_holds_wherever_it_is_said(by: str, arm64: Sandbox, demo: Index) -> None:
    requirements, config = arm64.work / "requirements.txt", arm64.work / "pip.conf"
    requirements.write_text("--only-binary demo\ndemo\n" if by == "requirements file" else "demo\n")
    config.write_text("[install]\nonly-binary = demo\n" if by == "configuration" else "")
    env = {"PIP_CONFIG_FILE": str(config)}
    if by == "variable":
        env["PIP_ONLY_BINARY"] = "demo"

    result = in_vain(arm64, "install", "-r", str(requirements), env=env)

    in_a_file = "a requirements file or pip's configuration"
    where = "`PIP_ONLY_BINARY`" if by == "variable" else in_a_file
    assert f"hint: `--only-binary` ({where}) forbids building `demo`" in result.stderr
    assert "demo-1.0.tar.gz" not in demo.downloads()


def test_without_an_index_the_sdist_that_is_missing_is_named(arm64: Sandbox, demo: Index) -> None:
    arm64.work.joinpath(BAD).write_bytes(demo.content(BAD))

    result = in_vain(arm64, "install", "--no-index", "--find-links", ".", "demo")

    assert "hint: `--no-index` leaves no source of `demo`" in result.stderr


def test_hashes_are_never_dropped_and_the_line_that_is_offered_works(
    arm64: Sandbox, demo: Index
) -> None:
    requirements = arm64.work / "requirements.txt"
    line = f"demo==1.0 --hash=sha256:{demo.sha256(BAD)}"
    requirements.write_text(f"{line}\n")
    failed = in_vain(arm64, "install", "--require-hashes", "-r", "requirements.txt")
    offered = f"--hash=sha256:{demo.sha256('demo-1.0.tar.gz')}"

    requirements.write_text(f"{line} {offered}\n")
    rescued = arm64.run("install", "-r", "requirements.txt")

    assert f"add to the line of `demo`:\n  {offered}\n" in failed.stderr
    assert rescued.code == 0, rescued
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)


@pytest.mark.usefixtures("demo")
def test_without_isolation_what_the_build_needs_is_named(arm64: Sandbox) -> None:
    before = arm64.files()

    # Not `in_vain`: pips of 2022 and 2023 say that the backend is missing by a traceback.
    result = arm64.run("install", "--no-build-isolation", "demo")

    assert result.code == 40, result
    assert arm64.files() == before
    assert "hint: `--no-build-isolation` builds `demo` with what is installed" in result.stderr
    assert "`setuptools`" in result.stderr


def test_options_of_the_users_are_in_the_plain_command(new_host: NewHost, demo: Index) -> None:
    sdist = "demo-1.0.tar.gz"
    guarded, plain = new_host(Host(machine="arm64")), new_host(Host(machine="arm64"))
    for host in (guarded, plain):
        for name in (BAD, sdist):
            host.work.joinpath(name).write_bytes(demo.content(name))
    for name in (BAD, sdist):
        demo.remove(name)

    result = guarded.run("install", "--find-links", ".", "--target", "there", "demo")
    (line,) = (s for s in result.stderr.splitlines() if s.startswith("plain pip: pip "))
    again = plain.run_pip(*shlex.split(line)[3:])

    assert (result.code, again.code) == (0, 0), (result, again)
    for host in (guarded, plain):
        assert archs_of((host.work / "there" / "demo" / MODULE).read_bytes()) == ("arm64",)


def test_a_failed_build_that_pip_had_chosen_keeps_pips_code_and_gets_advice(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    """The shape of uamqp 1.6.11: for arm64 there is nothing but the source."""
    index.add_wheel("demo", "1.0", X86_64, native("demo", zig.extension("_c", "x86_64")))
    stop = "import sys\nsys.exit('/bin/sh: cmake: command not found')\n"
    index.add_sdist("demo", "1.0", preamble=stop)
    index.add_wheel("demo", "0.9", ARM64, native("demo", zig.extension("_c", "arm64")))

    guarded, plain = arm64.run("install", "demo"), arm64.run_pip("install", "demo")

    assert guarded.code == plain.code == 1, (guarded, plain)
    ours = guarded.stderr.partition("error: failed-build\n")[2]
    assert "the program `cmake` is missing" in ours
    assert "`demo==0.9` has a wheel that loads: `--only-binary demo`" in ours
    assert "for x86_64 there are wheels of `demo`:\n  pip-archguard route conda demo" in ours


def test_a_failed_build_of_which_nothing_is_known_is_left_to_pip(
    arm64: Sandbox, index: Index
) -> None:
    index.add_sdist("demo", "1.0", Recipe.FAILS_TO_COMPILE)

    result = arm64.run("install", "demo")

    assert result.code == 1, result
    assert "hint: " not in result.stderr


LACKS_CMAKE = "import sys\nif 'bdist_wheel' in sys.argv: sys.exit('sh: cmake: command not found')\n"


def add_bad(index: Index, zig: Zig, *names: str, requires: tuple[str, ...] = ()) -> None:
    """Offer mislabelled wheels that have an sdist beside them."""
    for name in names:
        module = native(name, zig.extension("_c", "x86_64"))
        index.add_wheel(name, "1.0", UNIVERSAL2, module, requires=requires)


def test_a_failure_is_told_of_the_package_whose_build_it_is(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    add_bad(index, zig, "aaa", "zzz")
    index.add_sdist("aaa", "1.0", preamble=LACKS_CMAKE)
    index.add_sdist("zzz", "1.0")

    result = in_vain(arm64, "install", "aaa", "zzz")

    assert "hint: to build `aaa`: the program `cmake` is missing" in result.stderr
    assert "to build `zzz`" not in result.stderr


def test_several_replacements_are_one_command_that_plain_pip_can_repeat(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    add_bad(index, zig, "low")
    add_bad(index, zig, "top", requires=("low",))
    index.add_sdist("low", "1.0")
    index.add_sdist("top", "1.0", requires=("low",))
    guarded, plain = new_host(Host(machine="arm64")), new_host(Host(machine="arm64"))

    result = guarded.run("install", "top")
    (line,) = (s for s in result.stderr.splitlines() if s.startswith("plain pip: pip "))
    again = plain.run_pip(*shlex.split(line)[3:])

    assert (result.code, again.code) == (0, 0), (result, again)
    assert plain.installed() == guarded.installed()
    for name in ("low", "top"):
        assert plain.native_arch(f"{name}/{MODULE}") == ("arm64",)


def test_the_plain_command_keeps_extras_and_what_keeps_dependencies_out(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    module = native("demo", zig.extension("_c", "x86_64"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, module, extras={"fast": ["speed"]})
    index.add_sdist("demo", "1.0")

    result = arm64.run("install", "--no-deps", "demo[fast]")

    assert "plain pip: pip install --no-deps --no-binary demo 'demo[fast]==1.0'\n" in result.stderr


@pytest.mark.parametrize("at", ["url", "requirements file", "constraint"])
def test_no_password_is_ever_shown(at: str, arm64: Sandbox, index: Index, zig: Zig) -> None:
    add_bad(index, zig, "demo")
    index.add_wheel("demo", "0.9", ARM64, native("demo", zig.extension("_c", "arm64")))
    url = index.file_url(BAD).replace("//", "//user:sEcret@")
    arm64.work.joinpath("r.txt").write_text("demo==1.0\n")
    arguments = {
        "url": (f"demo @ {url}",),
        "requirements file": ("-r", "r.txt", f"demo @ {url}"),
        "constraint": ("-c", "r.txt", "demo"),
    }
    report = ("--arch-report", "report.json")

    result = in_vain(arm64, "install", *report, *arguments[at])

    assert "sEcret" not in result.stderr + arm64.work.joinpath("report.json").read_text()


@pytest.mark.parametrize("kind", ["refused", "failed"])
def test_what_was_asked_for_by_url_is_never_looked_up_by_its_name(
    kind: str, arm64: Sandbox, index: Index, zig: Zig
) -> None:
    """The project of that name on the index may be somebody else's."""
    index.add_wheel("mine", "9.9", ARM64, native("mine", zig.extension("_c", "arm64")))
    if kind == "refused":
        add_bad(index, zig, "mine")
        url = index.file_url(wheel_name("mine", "1.0", UNIVERSAL2))
    else:
        url = index.file_url(index.add_sdist("mine", "1.0", preamble=LACKS_CMAKE))

    result = arm64.run("install", f"mine @ {url}")

    assert result.code == (40 if kind == "refused" else 1), result
    assert "9.9" not in result.stderr
    assert not any(request.path == "/simple/mine/" for request in index.requests)


def test_a_download_that_breaks_off_spoils_no_message(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    add_bad(index, zig, "demo")
    index.add_sdist("demo", "1.0", preamble=LACKS_CMAKE)
    name = index.add_wheel("demo", "0.9", ARM64, native("demo", zig.extension("_c", "arm64")))
    index.remove(name)
    arm64.work.joinpath(name).write_bytes(b"this is no wheel")

    result = in_vain(arm64, "install", "--find-links", ".", "demo")

    assert "the program `cmake` is missing" in result.stderr
    assert "has a wheel that loads" not in result.stderr


def test_in_process_build_environments_are_built_for_this_python(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    add_bad(index, zig, "tool")
    index.add_wheel("top", "1.0", UNIVERSAL2, native("top", zig.extension("_c", "arm64")))
    index.add_sdist("tool", "1.0")
    index.add_sdist("top", "1.0", build_requires=["tool"])
    host = new_host(replace(BOTH, rosetta=False))
    option = "--use-feature=inprocess-build-deps"
    if host.run_pip("install", option, "--help").code != 0:
        pytest.skip("this pip has no such feature")

    result = host.run("install", option, "--target", "t", "--arch", "x86_64", "top")

    assert result.code == 0, result
    assert archs_of((host.work / "t" / "top" / MODULE).read_bytes()) == ("x86_64",)
    assert {name.rpartition("-")[2] for name in cached(host)} == {
        "macosx_11_0_arm64.whl",
        "macosx_11_0_x86_64.whl",
    }
    (line,) = (s for s in result.stderr.splitlines() if s.startswith("plain pip: "))
    assert line.startswith("plain pip: ARCHFLAGS='-arch x86_64' ")
    assert line.endswith(" pip install --target t --no-binary top top==1.0")
