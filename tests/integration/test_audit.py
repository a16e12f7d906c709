"""`audit` of environments that pip has filled, and of folders from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders.environments import ARM64 as ARM64_ARCH
from builders.environments import X86_64 as X86_64_ARCH
from builders.environments import pyinstaller_app
from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, X86_64, native, pure
from builders.sandbox import Host, NewHost, Sandbox
from builders.wheels import SUFFIX
from builders.zig import Zig

BACKEND = f"_cffi_backend{SUFFIX}"


def fill(host: Sandbox, index: Index, zig: Zig) -> None:
    """Have plain pip install a pair like cffi and cryptography, of which one links the other."""
    cffi = {
        "cffi/__init__.py": b"import _cffi_backend\n",
        BACKEND: zig.linking_extension("_cffi_backend", "arm64"),
        "libanswer.dylib": zig.dylib("arm64"),
    }
    rust = {
        "cryptography/__init__.py": b"from cryptography import _rust\n",
        f"cryptography/_rust{SUFFIX}": zig.extension("_rust", "arm64"),
    }
    index.add_wheel("cffi", "1.15.1", ARM64, cffi)
    index.add_wheel("cryptography", "38.0.0", ARM64, rust, requires=["cffi"])
    index.add_wheel("plain", "1.0", ANY, pure("plain"))
    assert host.run_pip("install", "cryptography", "plain").code == 0


def test_a_sound_environment_is_told_so(universal2: Sandbox, index: Index, zig: Zig) -> None:
    fill(universal2, index, zig)

    result = universal2.run("audit")

    assert result.code == 0, result
    assert "judged for macOS 14.0 arm64" in result.stdout
    assert "broken" not in result.stdout
    assert not result.stderr


def test_run_under_rosetta_it_is_said_that_it_was_filled_natively(
    universal2: Sandbox, index: Index, zig: Zig
) -> None:
    fill(universal2, index, zig)

    result = universal2.run("audit", env={"FAKEHOST": "x86_64", "FAKEHOST_TRANSLATED": "1"})

    assert result.code == 40, result
    assert "filled as arm64 (2 of 2 native packages), and this Python runs as x86_64, under" in (
        result.stdout
    )


def test_an_environment_filled_on_one_machine_cannot_be_shipped_to_the_other(
    universal2: Sandbox, index: Index, zig: Zig
) -> None:
    fill(universal2, index, zig)
    before = universal2.files()

    result = universal2.run("audit", "--arch", "x86_64")

    assert result.code == 40, result
    assert f"`{BACKEND}` is arm64 only, the target is x86_64" in result.stdout
    assert "`pip-archguard audit --fix --arch universal2`" in result.stdout
    assert "cffi==1.15.1 cryptography==38.0.0" in result.stdout
    assert universal2.files() == before


def test_a_broken_package_is_told_as_json(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    arm64.run_pip("install", "demo")

    result = arm64.run("audit", "--format", "json")

    found = json.loads(result.stdout)
    packages = {each["name"]: each for each in found["packages"]}
    assert (result.code, found["exit_code"]) == (40, 40)
    assert packages["demo"]["verdict"] == "broken"
    assert packages["demo"]["location"] == str(arm64.site)
    assert packages["demo"]["findings"][0]["path"] == f"demo/{MODULE}"
    assert packages["pip"]["owner"] == "index"


def test_the_same_as_sarif(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    arm64.run_pip("install", "demo")

    result = arm64.run("audit", "--format", "sarif")

    (run,) = json.loads(result.stdout)["runs"]
    assert [each["ruleId"] for each in run["results"]] == ["wrong-architecture", "lying-tag"]


def test_a_target_folder_is_audited(arm64: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", X86_64, native("demo", zig.extension("_c", "x86_64")))
    options = ("--platform", "macosx_10_9_x86_64", "--only-binary=:all:", "--no-deps")
    arm64.run_pip("install", *options, "--target", "copy", "demo")

    here = arm64.run("audit", "--path", "copy")
    there = arm64.run("audit", "--path", "copy", "--arch", "x86_64")

    assert (here.code, there.code) == (40, 0)
    assert "with the Python that uses" in here.stdout


@pytest.mark.parametrize(
    ("archs", "code"), [((ARM64_ARCH, X86_64_ARCH), 0), ((ARM64_ARCH,), 40)], ids=["both", "one"]
)
def test_an_app_is_audited_on_linux(
    archs: tuple[object, ...], code: int, linux: Sandbox, tmp_path: Path
) -> None:
    both = (ARM64_ARCH, X86_64_ARCH)
    app = pyinstaller_app(tmp_path, *both, library_archs=archs)  # type: ignore[arg-type]

    result = linux.run("audit", "--path", app)

    assert result.code == code, result
    assert "judged for macOS arm64, cp312; macOS x86_64, cp312" in result.stdout
    assert "zipped: " in result.stdout


def test_wrong_usage_is_told(linux: Sandbox) -> None:
    argument = linux.run("audit", "demo")
    nothing = linux.run("audit", "--path", "nowhere")

    assert (argument.code, nothing.code) == (2, 2)
    assert "name a folder with `--path`" in argument.stderr
    assert "`nowhere` is not there" in nothing.stderr


def test_the_user_site_counts_where_python_reads_it(
    new_host: NewHost, index: Index, zig: Zig
) -> None:
    host = new_host(Host(machine="arm64"))
    config = host.folder / "venv" / "pyvenv.cfg"
    config.write_text(config.read_text().replace("= false", "= true"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    installed = host.run_pip("install", "--user", "demo")
    assert installed.code == 0, installed

    result = host.run("audit")

    assert result.code == 40, result
    assert "demo 1.0, in `" in result.stdout
