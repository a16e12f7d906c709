"""The simulated hosts, proved with plain pip: what the other integration tests stand on."""

from __future__ import annotations

import platform
import sysconfig
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from builders.index import Index
from builders.index_server import Request
from builders.sandbox import Host, NewHost, Sandbox
from builders.sdists import Recipe
from builders.universal import archs_of
from builders.wheels import SUFFIX, Archive, native_tag
from builders.zig import Zig

UNIVERSAL2 = native_tag("macosx_10_9_universal2")
FACTS = """
import importlib.machinery, os, platform, sys, sysconfig
import _ssl, zlib
print(sys.platform, platform.system(), platform.machine(), platform.mac_ver()[0])
print(sysconfig.get_platform(), sysconfig.get_config_var("EXT_SUFFIX"))
print(*importlib.machinery.EXTENSION_SUFFIXES)
"""
ASK_SYSCTL = """
import subprocess
for key in ("sysctl.proc_translated", "hw.optional.arm64"):
    print(subprocess.run(["sysctl", "-n", key], capture_output=True, text=True).stdout.strip())
"""


def package(name: str, module: bytes) -> dict[str, bytes]:
    return {f"{name}/__init__.py": b"", f"{name}/_c{SUFFIX}": module}


def ask(index: Index, path: str, **headers: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", index.server.server_port, timeout=10)
    with closing(connection):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()


def first_tag(sandbox: Sandbox) -> str:
    lines = sandbox.run_pip("debug", "--verbose").stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("Compatible tags"))
    return lines[at + 1].strip()


def test_python_describes_itself_as_a_mac_and_still_imports_its_own_extensions(
    arm64: Sandbox,
) -> None:
    result = arm64.run_python("-c", FACTS)

    assert (result.code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "darwin Darwin arm64 14.0",
        f"macosx-11.0-arm64 {SUFFIX}",
        f"{SUFFIX} .abi3.so .so",
    ]


@pytest.mark.parametrize(
    ("host", "label"),
    [
        pytest.param(Host(machine="arm64"), "macosx_14_0_arm64", id="arm64"),
        pytest.param(Host(machine="x86_64"), "macosx_14_0_x86_64", id="intel"),
        pytest.param(Host(machine="arm64", macver="12.6"), "macosx_12_0_arm64", id="macos-12"),
    ],
)
def test_pip_ranks_the_tags_of_the_host_first(new_host: NewHost, host: Host, label: str) -> None:
    assert first_tag(new_host(host)) == native_tag(label)


def test_the_stand_alone_packaging_agrees_with_pip(arm64: Sandbox) -> None:
    result = arm64.run_python("-c", "from packaging import tags; print(next(tags.sys_tags()))")

    assert result.stdout.strip() == native_tag("macosx_14_0_arm64")


@pytest.mark.parametrize(
    ("host", "answers"),
    [
        pytest.param(Host(machine="arm64"), ["0", "1"], id="arm64"),
        pytest.param(Host(machine="x86_64", translated=True), ["1", "1"], id="rosetta"),
        pytest.param(Host(machine="x86_64"), ["0", ""], id="intel"),
    ],
)
def test_sysctl_tells_translation_and_hardware(
    new_host: NewHost, host: Host, answers: list[str]
) -> None:
    result = new_host(host).run_python("-c", ASK_SYSCTL)

    assert result.stdout.splitlines() == answers


def test_a_fixture_can_pass_for_the_binary_of_the_interpreter(
    new_host: NewHost, zig: Zig, tmp_path: Path
) -> None:
    fixture = tmp_path / "python3"
    fixture.write_bytes(zig.executable("arm64"))
    host = Host(machine="arm64", interpreter=fixture)

    result = new_host(host).run_python("-c", "import sys; print(sys._base_executable)")

    assert result.stdout.strip() == str(fixture)


def test_plain_pip_takes_a_mislabelled_wheel_without_a_word(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel(
        "archdemo", "1.0", UNIVERSAL2, package("archdemo", zig.extension("_c", "x86_64"))
    )
    index.add_sdist("archdemo", "1.0")

    result = arm64.run_pip("install", "archdemo")

    assert (result.code, result.stderr) == (0, "")
    assert arm64.installed()["archdemo"] == "1.0"
    assert arm64.native_arch("archdemo/_c.*") == ("x86_64",)


@pytest.mark.parametrize(
    ("host", "env", "archs"),
    [
        pytest.param(Host(machine="arm64"), {}, ("arm64",), id="arm64"),
        pytest.param(Host(machine="x86_64"), {}, ("x86_64",), id="intel"),
        pytest.param(
            Host(machine="arm64", universal2=True), {}, ("arm64", "x86_64"), id="universal2"
        ),
        pytest.param(
            Host(machine="arm64", universal2=True),
            {"ARCHFLAGS": "-arch arm64"},
            ("arm64",),
            id="thin-by-archflags",
        ),
        pytest.param(Host(machine="arm64"), {"ZCC_FORCE_ARCH": "x86_64"}, ("x86_64",), id="forced"),
        pytest.param(Host(machine="arm64"), {"ZCC_FORMAT": "elf"}, ("elf",), id="elf"),
    ],
)
def test_pip_builds_for_what_the_host_claims_to_be(
    new_host: NewHost, index: Index, host: Host, env: dict[str, str], archs: tuple[str, ...]
) -> None:
    index.add_sdist("archdemo", "1.0")
    sandbox = new_host(host)
    label = "universal2" if host.universal2 else host.machine

    result = sandbox.run_pip("install", "archdemo", env=env)

    assert result.code == 0, result.stderr
    assert sandbox.native_arch("archdemo/_c.*") == archs
    assert f"macosx_11_0_{label}" in (sandbox.site / "archdemo-1.0.dist-info/WHEEL").read_text()


@pytest.mark.parametrize(
    ("recipe", "code"),
    [
        pytest.param(Recipe.PURE, 0, id="pure"),
        pytest.param(Recipe.PREBUILT, 0, id="prebuilt"),
        pytest.param(Recipe.FAILS_IN_METADATA, 1, id="metadata"),
        pytest.param(Recipe.FAILS_TO_COMPILE, 1, id="compile"),
    ],
)
def test_every_recipe_of_an_sdist_does_what_it_says(
    arm64: Sandbox, index: Index, zig: Zig, recipe: Recipe, code: int
) -> None:
    files = {"archdemo/libarch.dylib": zig.dylib("x86_64")} if recipe is Recipe.PREBUILT else {}
    index.add_sdist("archdemo", "1.0", recipe, files=files)

    result = arm64.run_pip("install", "archdemo")

    assert result.code == code, result.stderr
    assert ("archdemo" in arm64.installed()) is (code == 0)
    assert (arm64.site / "archdemo/libarch.dylib").exists() is (recipe is Recipe.PREBUILT)


def test_a_project_without_pyproject_builds_with_what_the_environment_has(
    new_host: NewHost, index: Index
) -> None:
    index.add_sdist("archdemo", "1.0", pyproject=False)
    sandbox = new_host(Host(machine="arm64"), with_setuptools=True)

    result = sandbox.run_pip("install", "--no-build-isolation", "archdemo")

    assert result.code == 0, result.stderr
    assert sandbox.native_arch("**/archdemo/_c.*") == ("arm64",)


@pytest.mark.parametrize("metadata", [False, True], ids=["without", "pep658"])
def test_the_index_serves_metadata_on_its_own_if_told_to(index: Index, *, metadata: bool) -> None:
    index.metadata = metadata
    name = index.add_wheel("archdemo", "1.0", "py3-none-any", {"archdemo.py": b""})

    status, content = ask(index, f"/files/{name}.metadata")
    page = ask(index, "/simple/archdemo/")[1]

    assert (status == 200, b"Name: archdemo" in content) == (metadata, metadata)
    assert (b"data-core-metadata" in page) is metadata


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        pytest.param("bytes=2-4", 206, b"234", id="middle"),
        pytest.param("bytes=7-", 206, b"789", id="to-the-end"),
        pytest.param("bytes=-2", 206, b"89", id="last"),
        pytest.param("bytes=8-99", 206, b"89", id="beyond-the-end"),
        pytest.param("bytes=10-11", 416, b"", id="outside"),
        pytest.param("bytes=0-1,4-5", 200, b"0123456789", id="several"),
    ],
)
def test_the_index_honours_one_byte_range(
    index: Index, wanted: str, status: int, content: bytes
) -> None:
    index.add(Archive(filename="archdemo-1.0-py3-none-any.whl", content=b"0123456789"))
    path = "/files/archdemo-1.0-py3-none-any.whl"

    assert ask(index, path, Range=wanted) == (status, content)
    assert index.requests[-1] == Request(method="GET", path=path, range=wanted)


def test_the_builders_make_every_kind_of_file(zig: Zig) -> None:
    fat = (zig.fat_extension("_c"), zig.hollow_extension("_c"))
    thin = (zig.executable("x86_64"), zig.elf_extension("_c"))

    assert [archs_of(content) for content in fat] == [("arm64", "x86_64")] * 2
    assert [archs_of(content) for content in thin] == [("x86_64",), ("elf",)]


def test_an_elf_module_is_real_code_where_the_tests_run(linux: Sandbox, zig: Zig) -> None:
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        pytest.skip("the fixture is built for Linux on x86_64")
    (linux.site / "_c.so").write_bytes(zig.elf_extension("_c"))

    result = linux.run_python("-c", "import sysconfig, _c; print(sysconfig.get_platform())")

    assert result.stdout.strip() == sysconfig.get_platform(), result.stderr


def test_a_fresh_environment_stays_untouched_when_nothing_is_installed(
    arm64: Sandbox, index: Index
) -> None:
    index.add_wheel("archdemo", "1.0", "py3-none-any", {"archdemo.py": b""})
    before = arm64.files()

    arm64.run_pip("download", "archdemo")

    assert arm64.files() == before
