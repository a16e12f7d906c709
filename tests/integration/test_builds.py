"""Build environments, editable installs, and builds that leave nothing to look at."""

from __future__ import annotations

import io
import tarfile

import pytest

from builders.index import Index
from builders.packages import ARM64, MODULE, UNIVERSAL2, beyond_bounds, native, wheel_name
from builders.sandbox import Host, NewHost, Sandbox
from builders.sdists import Recipe
from builders.zig import Zig

BAD = wheel_name("demo", "1.0", UNIVERSAL2)

SHOW_ARCH = """
import glob, os
(_file,) = glob.glob(os.path.join(os.path.dirname(demo.__file__), "_c*.so"))
assert open(_file, "rb").read(8)[4:8] == b"\\x0c\\x00\\x00\\x01", "x86_64 in the build environment"
"""

# A backend whose editable wheel holds the extension itself, as scikit-build-core's does.
BACKEND = """
import base64, hashlib, os, zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "ed-1.0-TAG.whl"
    files = {
        "ed/__init__.py": b"",
        "ed/MODULE": open("core.bin", "rb").read(),
        "ed-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\\nName: ed\\nVersion: 1.0\\n",
        "ed-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\nTag: TAG\\n",
    }
    record = "".join(f"{path},,\\n" for path in files) + "ed-1.0.dist-info/RECORD,,\\n"
    files["ed-1.0.dist-info/RECORD"] = record.encode()
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return name
"""


@pytest.fixture
def demo(index: Index, zig: Zig) -> Index:
    """A mislabelled wheel with an sdist beside it."""
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0")
    return index


@pytest.mark.parametrize("feature", ["", "inprocess-build-deps"], ids=["subprocess", "in process"])
def test_a_build_dependency_that_cannot_load_is_rescued(
    feature: str, arm64: Sandbox, demo: Index
) -> None:
    demo.add_sdist("top", "1.0", build_requires=["demo"], preamble="import demo\n" + SHOW_ARCH)
    option = [f"--use-feature={feature}"] if feature else []
    if arm64.run_pip("install", *option, "--help").code != 0:
        pytest.skip(f"this pip has no {feature}")

    result = arm64.run("install", *option, "top")

    assert result.code == 0, result
    assert arm64.native_arch(f"top/{MODULE}") == ("arm64",)


@pytest.mark.parametrize("feature", ["", "inprocess-build-deps"], ids=["subprocess", "in process"])
def test_a_build_dependency_without_a_remedy_ends_the_run(
    feature: str, arm64: Sandbox, demo: Index
) -> None:
    demo.remove("demo-1.0.tar.gz")
    demo.add_sdist("top", "1.0", build_requires=["demo"])
    option = [f"--use-feature={feature}"] if feature else []
    if arm64.run_pip("install", *option, "--help").code != 0:
        pytest.skip(f"this pip has no {feature}")
    before = arm64.files()

    result = arm64.run("install", *option, "top")

    assert result.code == 40, result
    assert BAD in result.stdout + result.stderr
    assert arm64.files() == before


def test_arch_is_not_asked_of_a_build_environment(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    index.add_wheel("helper", "1.0", ARM64, native("helper", zig.extension("_c", "arm64")))
    index.add_sdist("top", "1.0", build_requires=["helper"])
    host = new_host(Host(machine="arm64", universal2=True))
    config = host.work / "pip.conf"
    config.write_text("[install]\narch = universal2\n")

    result = host.run("install", "top", env={"PIP_CONFIG_FILE": str(config)})

    assert result.code == 0, result
    assert set(host.native_arch(f"top/{MODULE}")) == {"arm64", "x86_64"}


def test_an_editable_install_is_judged_by_what_it_built(arm64: Sandbox, index: Index) -> None:
    unpack(arm64, index, index.add_sdist("demo", "1.0"))
    before = arm64.files()

    bad = arm64.run("install", "-e", "./demo-1.0", env={"ZCC_FORCE_ARCH": "x86_64"})
    untouched = arm64.files() == before
    for stale in arm64.work.rglob("*.so"):
        stale.unlink()
    for stale in arm64.work.rglob("*.o"):
        stale.unlink()
    good = arm64.run("install", "-e", "./demo-1.0")

    assert (bad.code, good.code) == (40, 0), (bad, good)
    assert untouched


def unpack(sandbox: Sandbox, index: Index, sdist: str) -> None:
    with tarfile.open(fileobj=io.BytesIO(index.content(sdist))) as archive:
        archive.extractall(sandbox.work, filter="data")


@pytest.mark.parametrize(("arch", "code"), [("x86_64", 40), ("arm64", 0)])
def test_the_wheel_of_an_editable_install_is_looked_into(
    arch: str, code: int, arm64: Sandbox, zig: Zig
) -> None:
    project = arm64.work / "ed"
    project.mkdir()
    system = '[build-system]\nrequires = []\nbuild-backend = "be"\nbackend-path = ["."]\n'
    (project / "pyproject.toml").write_text(system + '[project]\nname = "ed"\nversion = "1.0"\n')
    (project / "be.py").write_text(BACKEND.replace("TAG", ARM64).replace("MODULE", MODULE))
    (project / "core.bin").write_bytes(zig.extension("_c", arch))  # type: ignore[arg-type]

    result = arm64.run("install", "-e", "./ed")

    assert result.code == code, result
    assert ("ed" in arm64.installed()) is (code == 0)


def test_a_build_dependency_that_cannot_be_judged_stops_under_fail(
    arm64: Sandbox, index: Index
) -> None:
    index.add_wheel("huge", "1.0", ARM64, native("huge", beyond_bounds()))
    index.add_sdist("top", "1.0", build_requires=["huge"])

    result = arm64.run("install", "--arch-policy", "fail", "top")

    assert result.code == 41, result


def test_an_sdist_of_the_users_is_never_deleted(new_host: NewHost, index: Index) -> None:
    """pip up to 23.0 runs `setup.py install` here, which leaves nothing to look at."""
    sdist = index.add_sdist("demo", "1.0", Recipe.PURE, pyproject=False)
    guarded, plain = (new_host(Host(machine="arm64"), with_setuptools=True) for _ in range(2))
    for host in (guarded, plain):
        assert host.run_pip("uninstall", "--yes", "wheel").code == 0
        (host.work / sdist).write_bytes(index.content(sdist))
    arguments = ("install", "--no-build-isolation", f"./{sdist}")

    theirs = plain.run_pip(*arguments)
    ours = guarded.run(*arguments, "--arch-policy", "fail")
    legacy = "setup.py install" in theirs.stdout

    assert ours.code == (41 if legacy else theirs.code), (ours, theirs)
    assert (guarded.work / sdist).read_bytes() == index.content(sdist)


@pytest.mark.parametrize("with_setuptools", [True, False], ids=["setuptools", "nothing"])
def test_without_isolation_a_project_without_pyproject_is_installed_as_by_pip(
    new_host: NewHost, index: Index, *, with_setuptools: bool
) -> None:
    """pip up to 23.0 runs `setup.py install` where it cannot build a wheel."""
    index.add_sdist("demo", "1.0", Recipe.PURE, pyproject=False)
    machine = Host(machine="arm64")
    guarded = new_host(machine, with_setuptools=with_setuptools)
    plain = new_host(machine, with_setuptools=with_setuptools)
    arguments = ("install", "--no-build-isolation", "demo")

    ours, theirs = guarded.run(*arguments), plain.run_pip(*arguments)

    assert ours.code == theirs.code, (ours, theirs)
    assert guarded.installed() == plain.installed()
