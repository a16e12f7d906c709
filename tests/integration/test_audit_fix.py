"""`audit --fix`: what is broken is reinstalled, the same versions, in one guarded run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders.environments import install
from builders.index import Index
from builders.packages import ANY, ARM64, MODULE, UNIVERSAL2, X86_64, native, pure
from builders.sandbox import Host, NewHost, Sandbox
from builders.universal import join_slices
from builders.wheels import SUFFIX, make_wheel
from builders.zig import Machine, Zig

BACKEND = f"_cffi_backend{SUFFIX}"
RUST = f"cryptography/_rust{SUFFIX}"


def files_of_cffi(zig: Zig, *archs: str) -> dict[str, bytes]:
    """A package with a module that links a library beside it."""
    modules = [zig.linking_extension("_cffi_backend", a) for a in archs]  # type: ignore[arg-type]
    libraries = [zig.dylib(a) for a in archs]  # type: ignore[arg-type]
    return {
        "cffi/__init__.py": b"import _cffi_backend\n",
        BACKEND: modules[0] if len(archs) == 1 else join_slices(*modules),
        "libanswer.dylib": libraries[0] if len(archs) == 1 else join_slices(*libraries),
    }


def files_of_cryptography(zig: Zig, *archs: str) -> dict[str, bytes]:
    """A package with a module that links the library of the other one."""
    modules = [zig.linking_extension("_rust", a) for a in archs]  # type: ignore[arg-type]
    return {
        "cryptography/__init__.py": b"from cryptography import _rust\n",
        RUST: modules[0] if len(archs) == 1 else join_slices(*modules),
    }


@pytest.fixture
def filled(universal2: Sandbox, index: Index, zig: Zig) -> Sandbox:
    """An Apple silicon Mac with a universal2 Python, filled for arm64 alone."""
    index.add_wheel("cffi", "1.15.1", ARM64, files_of_cffi(zig, "arm64"))
    crypto = files_of_cryptography(zig, "arm64")
    index.add_wheel("cryptography", "38.0.0", ARM64, crypto, requires=["cffi"])
    index.add_wheel("plain", "1.0", ANY, pure("plain"))
    assert universal2.run_pip("install", "cryptography", "plain").code == 0
    return universal2


def test_an_environment_for_one_machine_is_mended_for_both(
    filled: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("cffi", "1.15.1", UNIVERSAL2, files_of_cffi(zig, "x86_64", "arm64"))
    crypto = files_of_cryptography(zig, "x86_64", "arm64")
    index.add_wheel("cryptography", "38.0.0", UNIVERSAL2, crypto, requires=["cffi"])
    index.add_wheel("cryptography", "39.0.0", UNIVERSAL2, crypto, requires=["cffi"])
    before = filled.run("audit", "--arch", "x86_64")

    fixed = filled.run("audit", "--fix", "--arch", "universal2")
    after = filled.run("audit", "--arch", "x86_64")

    assert (before.code, fixed.code, after.code) == (40, 0, 0), fixed
    assert "reinstalling, the same versions: cffi 1.15.1, cryptography 38.0.0" in fixed.stderr
    assert {*filled.native_arch(BACKEND)} == {*filled.native_arch(RUST)} == {"x86_64", "arm64"}
    assert filled.installed()["cryptography"] == "38.0.0"
    assert "broken" not in fixed.stdout.partition("Successfully installed")[2]


def test_what_has_no_wheel_is_built(universal2: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    universal2.run_pip("install", "demo")
    index.add_sdist("demo", "1.0")

    fixed = universal2.run("audit", "--fix", "--arch", "universal2")

    assert fixed.code == 0, fixed
    assert set(universal2.native_arch(f"demo/{MODULE}")) == {"x86_64", "arm64"}


def test_without_a_replacement_nothing_is_removed(filled: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("cffi", "1.15.1", UNIVERSAL2, files_of_cffi(zig, "x86_64", "arm64"))
    before = filled.files()

    result = filled.run("audit", "--fix", "--arch", "universal2")

    assert result.code == 40, result
    assert "`cryptography-38.0.0-" in result.stderr
    assert "what to do:" in result.stdout
    assert filled.files() == before


def test_a_dry_run_shows_the_plan_and_what_pip_would_take(
    filled: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("cffi", "1.15.1", UNIVERSAL2, files_of_cffi(zig, "x86_64", "arm64"))
    crypto = files_of_cryptography(zig, "x86_64", "arm64")
    index.add_wheel("cryptography", "38.0.0", UNIVERSAL2, crypto)
    before = filled.files()

    result = filled.run("audit", "--fix", "--dry-run", "--arch", "universal2")

    assert result.code == 40, result
    assert "would reinstall, the same versions: cffi 1.15.1, cryptography 38.0.0" in result.stderr
    assert "Would install cffi-1.15.1 cryptography-38.0.0" in result.stdout
    assert filled.files() == before


def test_a_sound_environment_is_left_alone(filled: Sandbox) -> None:
    before = filled.files()

    result = filled.run("audit", "--fix")

    assert result.code == 0, result
    assert "nothing is broken that could be reinstalled" in result.stderr
    assert filled.files() == before


def test_the_document_stays_alone_on_standard_output(
    filled: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("cffi", "1.15.1", UNIVERSAL2, files_of_cffi(zig, "x86_64", "arm64"))
    crypto = files_of_cryptography(zig, "x86_64", "arm64")
    index.add_wheel("cryptography", "38.0.0", UNIVERSAL2, crypto)

    result = filled.run("audit", "--fix", "--arch", "universal2", "--format", "json")

    assert result.code == 0, result
    assert json.loads(result.stdout)["exit_code"] == 0
    assert "Successfully installed" in result.stderr


def test_what_pip_cannot_reinstall_is_told(arm64: Sandbox, zig: Zig) -> None:
    code = zig.extension("_c", "x86_64")
    wheel = make_wheel("private", "1.0", UNIVERSAL2, native("private", code))
    (arm64.work / wheel.filename).write_bytes(wheel.content)
    arm64.run_pip("install", f"./{wheel.filename}")
    (arm64.site / "stray.so").write_bytes(code)
    editable = {"url": "file:///no/where", "dir_info": {"editable": True}}
    install(arm64.site, "edited", {f"edited{SUFFIX}": code}, direct_url=editable)
    before = arm64.files()

    result = arm64.run("audit", "--fix")

    assert result.code == 40, result
    assert "not mended by this: `edited 1.0`, `private 1.0`, `site-packages`" in result.stderr
    assert "`private` came from a URL" in result.stdout
    assert "`edited` is editable" in result.stdout
    assert "no package owns the files" in result.stdout
    assert arm64.files() == before


def test_options_of_pip_are_handed_on(filled: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("cffi", "1.15.1", UNIVERSAL2, files_of_cffi(zig, "x86_64", "arm64"))
    config = filled.folder / "pip.conf"
    config.write_text("[install]\nno-index = true\n")

    result = filled.run(
        *("audit", "--fix", "--arch", "universal2", "-q", "--no-cache-dir"),
        env={"PIP_CONFIG_FILE": str(config)},
    )

    assert result.code != 0
    assert "No matching distribution found" in result.stderr


def test_another_environment_is_not_mended(arm64: Sandbox) -> None:
    (arm64.work / "copy").mkdir()

    elsewhere = arm64.run("audit", "--fix", "--path", "copy")
    dry = arm64.run("audit", "--dry-run")
    own = arm64.run("audit", "--fix", "--path", arm64.site)

    assert (elsewhere.code, dry.code, own.code) == (2, 2, 0)
    assert "is not this environment" in elsewhere.stderr
    assert "an audit changes nothing" in dry.stderr


def test_for_the_other_architecture_this_python_loses_nothing(
    new_host: NewHost, index: Index, zig: Zig, tmp_path: Path
) -> None:
    both = tmp_path / "python-both"
    both.write_bytes(join_slices(zig.executable("x86_64"), zig.executable("arm64")))
    host = new_host(Host(machine="arm64", universal2=True, interpreter=both))
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    host.run_pip("install", "demo")
    before = host.files()

    stuck = host.run("audit", "--fix", "--arch", "x86_64")
    unchanged = host.files()
    index.add_wheel("demo", "1.0", X86_64, native("demo", zig.extension("_c", "x86_64")))
    fixed = host.run("audit", "--fix", "--arch", "x86_64")
    after = host.run("audit")

    assert (stuck.code, fixed.code, after.code) == (40, 0, 0), (stuck, fixed)
    assert unchanged == before
    assert "demo==1.0`\nfor arm64, too, as which this Python runs" in fixed.stderr
    assert "under Rosetta" not in stuck.stderr + fixed.stderr
    assert host.native_arch(f"demo/{MODULE}") == ("arm64", "x86_64")


def test_run_as_the_other_architecture_it_mends_for_that_alone(
    new_host: NewHost, index: Index, zig: Zig, tmp_path: Path
) -> None:
    both = tmp_path / "python-both"
    both.write_bytes(join_slices(zig.executable("x86_64"), zig.executable("arm64")))
    host = Host(machine="x86_64", translated=True, universal2=True, interpreter=both)
    rosetta = new_host(host)
    thin: tuple[tuple[str, Machine], ...] = ((ARM64, "arm64"), (X86_64, "x86_64"))
    for tag, arch in thin:
        index.add_wheel("demo", "1.0", tag, native("demo", zig.extension("_c", arch)))
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "arm64")))
    rosetta.run_pip("install", "demo")

    fixed = rosetta.run("audit", "--fix")

    assert fixed.code == 0, fixed
    assert rosetta.native_arch(f"demo/{MODULE}") == ("x86_64",)
