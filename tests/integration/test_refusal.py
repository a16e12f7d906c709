"""Where nothing that loads can be had, the run ends with 40 and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, native, pure, wheel_name
from builders.sandbox import Host, NewHost, Result, Sandbox
from builders.sdists import Recipe
from builders.wheels import native_tag
from builders.zig import Zig

CP39 = "_c.cpython-39-darwin.so"


def install_in_vain(
    sandbox: Sandbox, *args: str | Path, env: dict[str, str] | None = None
) -> Result:
    """Install something that cannot be had, and see that nothing came of it."""
    before = sandbox.files()
    result = sandbox.run("install", *args, env=env)

    assert result.code == 40, result
    assert sandbox.files() == before
    assert "pip_archguard/" not in result.stdout + result.stderr, "a traceback of ours"
    return result


@pytest.fixture
def mislabelled(index: Index, zig: Zig) -> str:
    """A universal2 wheel over x86_64 code, and no sdist."""
    return index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))


@pytest.mark.parametrize(
    "tag", [UNIVERSAL2, ARM64, native_tag("macosx_11_0_universal2.macosx_11_0_arm64")]
)
def test_without_an_sdist_a_mislabelled_wheel_ends_the_run(
    tag: str, arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", tag, native("demo", zig.extension("_c", "x86_64")))
    index.add_wheel("good", "1.0", ARM64, native("good", zig.extension("_c", "arm64")))

    result = install_in_vain(arm64, "good", "demo")

    assert "No matching distribution found for demo" in result.stderr
    assert "error: wrong-architecture\nNothing was installed or changed." in result.stderr
    assert ("CONDA_SUBDIR=osx-64" in result.stderr) == (tag != ARM64), "no pip on x86_64 takes it"


def test_an_any_wheel_with_an_x86_64_library_is_refused(
    arm64: Sandbox, intel: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", ANY, native("demo", zig.dylib("x86_64"), "libdemo.dylib"))

    install_in_vain(arm64, "demo")

    assert intel.run("install", "demo").code == 0


def test_only_binary_is_never_loosened(arm64: Sandbox, index: Index, mislabelled: str) -> None:
    index.add_sdist("demo", "1.0")

    result = install_in_vain(arm64, "--only-binary=:all:", "demo")

    said = "hint: `--only-binary` forbids building `demo` from its source, `demo-1.0.tar.gz`"
    assert said in result.stderr
    assert mislabelled in result.stderr
    assert "demo-1.0.tar.gz" not in index.downloads()


def test_only_binary_takes_an_older_wheel_that_loads(
    arm64: Sandbox, index: Index, zig: Zig, mislabelled: str
) -> None:
    index.add_wheel("demo", "0.9", ARM64, native("demo", zig.extension("_c", "arm64")))
    index.add_sdist("demo", "1.0")

    result = arm64.run("install", "--only-binary=demo", "demo")

    assert result.code == 0, result
    assert mislabelled in result.stderr
    assert arm64.installed()["demo"] == "0.9"


def test_hashes_that_name_the_sdist_let_it_be_built(
    arm64: Sandbox, index: Index, mislabelled: str
) -> None:
    sdist = index.add_sdist("demo", "1.0")
    hashes = " ".join(f"--hash=sha256:{index.sha256(f)}" for f in (mislabelled, sdist))
    arm64.work.joinpath("requirements.txt").write_text(f"demo==1.0 {hashes}\n")

    result = arm64.run("install", "--require-hashes", "-r", "requirements.txt")

    assert result.code == 0, result
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)
    address = f"{index.file_url(sdist)}#sha256={index.sha256(sdist)}"
    assert f"plain pip: pip install --require-hashes 'demo @ {address}'\n" in result.stderr


@pytest.mark.parametrize("by", ["path", "url", "requirement", "constraint"])
def test_a_wheel_asked_for_by_path_or_url_has_no_alternative(
    by: str, arm64: Sandbox, index: Index, mislabelled: str
) -> None:
    index.add_sdist("demo", "1.0")
    arm64.work.joinpath(mislabelled).write_bytes(index.content(mislabelled))
    url = index.file_url(mislabelled)
    arm64.work.joinpath("constraints.txt").write_text(f"demo @ {url}\n")
    arguments = {
        "path": (f"./{mislabelled}",),
        "url": (url,),
        "requirement": (f"demo @ {url}",),
        "constraint": ("-c", "constraints.txt", "demo"),
    }

    result = install_in_vain(arm64, *arguments[by])

    assert "was asked for by path or URL" in result.stderr


@pytest.mark.parametrize(
    ("switch", "reason"),
    [({"ZCC_FORCE_ARCH": "x86_64"}, "wrong-architecture"), ({"ZCC_FORMAT": "elf"}, "foreign-")],
    ids=["wrong architecture", "elf"],
)
def test_a_build_that_cannot_load_is_not_installed_nor_cached(
    switch: dict[str, str], reason: str, arm64: Sandbox, index: Index, mislabelled: str
) -> None:
    index.add_sdist("demo", "1.0")

    result = install_in_vain(arm64, "demo", env=switch)

    assert reason in result.stderr
    assert "cannot load either" in result.stderr
    assert mislabelled in result.stderr
    assert not list(arm64.folder.glob("home/pip-cache/wheels/**/*.whl"))


def test_an_sdist_that_carries_the_same_library_is_no_remedy(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    library = native("demo", zig.dylib("x86_64"), "libdemo.dylib")
    index.add_wheel("demo", "1.0", ANY, library)
    index.add_sdist("demo", "1.0", Recipe.PREBUILT, files=library)

    result = install_in_vain(arm64, "demo")

    assert "cannot load either" in result.stderr


@pytest.mark.parametrize("recipe", [Recipe.FAILS_TO_COMPILE, Recipe.FAILS_IN_METADATA])
def test_a_failed_build_shows_pips_error_and_then_the_ladder(
    recipe: Recipe, arm64: Sandbox, index: Index, mislabelled: str
) -> None:
    index.add_sdist("demo", "1.0", recipe)

    result = install_in_vain(arm64, "demo")

    ours = result.stderr.rindex("error: wrong-architecture")
    assert result.stderr.index("subprocess-exited-with-error") < ours
    assert f"- refused: `{mislabelled}`" in result.stderr[ours:]


def test_what_was_built_and_does_not_load_stops_even_without_a_refused_wheel(
    arm64: Sandbox, index: Index
) -> None:
    index.add_sdist("demo", "1.0")

    result = install_in_vain(arm64, "demo", env={"ZCC_FORCE_ARCH": "x86_64"})

    assert "demo-1.0" in result.stderr


def test_after_ten_refused_versions_the_run_stops(arm64: Sandbox, index: Index, zig: Zig) -> None:
    for minor in range(12):
        module = native("demo", zig.extension("_c", "x86_64"))
        index.add_wheel("demo", f"1.{minor}", UNIVERSAL2, module)

    result = install_in_vain(arm64, "demo")

    assert "older ones were not tried" in result.stderr
    assert "demo-1.2-" in result.stderr
    assert "demo-1.1-" not in result.stderr


def test_a_failure_of_pips_own_keeps_pips_exit_code(arm64: Sandbox, index: Index) -> None:
    index.add_wheel("good", "1.0", ANY, pure("good"))

    guarded, plain = arm64.run("install", "nowhere"), arm64.run_pip("install", "nowhere")

    assert (guarded.code, guarded.stderr) == (plain.code, plain.stderr)


def test_download_judges_for_the_platform_named(linux: Sandbox, index: Index, zig: Zig) -> None:
    tag = "cp39-cp39-macosx_11_0_arm64"
    index.add_wheel("demo", "1.0", tag, native("demo", zig.extension("_c", "x86_64"), CP39))
    options = ("--platform", "macosx_14_0_arm64", "--python-version", "3.9", "--no-deps")

    result = linux.run("download", *options, "--only-binary=:all:", "demo")

    assert result.code == 40, result
    assert "is x86_64 only, the target is arm64" in result.stderr
    assert not list(linux.work.iterdir())


def test_install_into_a_target_folder_judges_for_the_platform_named(
    linux: Sandbox, index: Index, zig: Zig
) -> None:
    tag = "cp39-cp39-macosx_11_0_arm64"
    index.add_wheel("bad", "1.0", tag, native("bad", zig.extension("_c", "x86_64"), CP39))
    index.add_wheel("good", "1.0", tag, native("good", zig.extension("_c", "arm64"), CP39))
    options = ("--platform", "macosx_14_0_arm64", "--python-version", "3.9", "--target", "t")

    bad = linux.run("install", *options, "--only-binary=:all:", "bad")
    good = linux.run("install", *options, "--only-binary=:all:", "good")

    assert (bad.code, good.code) == (40, 0), (bad, good)
    assert linux.work.joinpath("t", "good").is_dir()
    assert not linux.work.joinpath("t", "bad").exists()


def test_a_wheel_pip_cannot_read_fails_as_with_pip(arm64: Sandbox) -> None:
    name = wheel_name("demo", "1.0", ARM64)
    arm64.work.joinpath(name).write_bytes(b"not a zip file")

    guarded, plain = arm64.run("install", f"./{name}"), arm64.run_pip("install", f"./{name}")

    assert guarded.code == plain.code != 0
    assert "Traceback" not in guarded.stderr


def test_universal2_is_demanded_of_every_wheel_and_built(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    index.add_wheel("thin", "1.0", ARM64, native("thin", zig.extension("_c", "arm64")))
    index.add_sdist("thin", "1.0")
    for both in (False, True):
        host = new_host(Host(machine="arm64", universal2=both))

        result = host.run("install", "--arch", "universal2", "thin")

        assert result.code == 0, result
        assert set(host.native_arch(f"thin/{MODULE}")) == {"arm64", "x86_64"}
        assert "_universal2" in host.site.joinpath("thin-1.0.dist-info", "WHEEL").read_text()


def test_an_architecture_that_the_users_flags_do_not_yield_is_not_built(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("thin", "1.0", ARM64, native("thin", zig.extension("_c", "arm64")))
    index.add_sdist("thin", "1.0")
    flags = {"ARCHFLAGS": "-arch arm64"}

    result = install_in_vain(arm64, "--target", "t", "--arch", "x86_64", "thin", env=flags)

    assert "a source build here does not yield `x86_64`" in result.stderr
    assert "Building wheel" not in result.stdout
