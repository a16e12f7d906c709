"""Real installs on the machine that the tests run on, which nothing simulates."""

from __future__ import annotations

import platform
import sys
import sysconfig

import pytest

from builders.elf_bytes import elf_file
from builders.index import Index
from builders.packages import native, pure, wheel_name
from builders.sandbox import Sandbox
from builders.wheels import PYTHON
from builders.zig import Zig

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or not platform.libc_ver()[0],
    reason="the files are made for x86_64 with glibc",
)

MODULE = f"_c{sysconfig.get_config_var('EXT_SUFFIX')}"
HERE = f"{PYTHON}-{PYTHON}-linux_x86_64"
ANY = "py3-none-any"
GLIBC = ".".join(platform.libc_ver()[1].split(".")[:2])
MACHINE = f"Linux glibc {GLIBC} x86_64 ({PYTHON})"
ARM64 = "aarch64-linux-gnu"
INIT = b"PyInit__c\0"
IMPORT = ("-c", "import demo._c; print('it loads')")


@pytest.mark.parametrize("tag", [HERE, ANY])
def test_a_mislabelled_wheel_gives_way_to_its_sdist(
    tag: str, linux: Sandbox, index: Index, zig: Zig
) -> None:
    bad = native("demo", zig.elf_extension("_c", ARM64), MODULE)
    index.add_wheel("demo", "1.0", tag, bad)
    index.add_sdist("demo", "1.0")

    result = linux.run("install", "demo")

    assert result.code == 0, result
    fault = f"`demo/{MODULE}` is arm64 only, this Python is x86_64"
    assert result.stderr.splitlines() == [
        "refused: wrong-architecture",
        f"`{wheel_name('demo', '1.0', tag)}` cannot load: {fault}",
        "trying: `demo-1.0.tar.gz`, built from source (as with `--no-binary demo`)",
        "instead: `demo-1.0.tar.gz`, built from source (as with `--no-binary demo`)",
        "plain pip: pip install --no-binary demo demo==1.0",
        f"pip-archguard: 1 native file in 1 package judged, fit for {MACHINE}",
    ]
    (built,) = linux.site.glob("demo/*.so")
    assert built.read_bytes()[18:20] == b"\x3e\0"  # EM_X86_64


def test_a_sound_wheel_is_installed_with_one_line(linux: Sandbox, index: Index, zig: Zig) -> None:
    module, library = zig.elf_linking_extension("_c", "libanswer-0123.so.1")
    files = native("demo", module, MODULE) | {"demo/libs/libanswer-0123.so.1": library}
    index.add_wheel("demo", "1.0", HERE, files)
    index.add_wheel("pure", "1.0", ANY, pure("pure"))

    result, silent = linux.run("install", "demo"), linux.run("install", "pure")

    assert (result.code, linux.run_python(*IMPORT).stdout) == (0, "it loads\n"), result
    line = f"pip-archguard: 2 native files in 1 package judged, fit for {MACHINE}"
    assert result.stderr == f"{line}\n"
    assert silent.stderr == ""


def test_a_library_that_a_module_links_counts(linux: Sandbox, index: Index, zig: Zig) -> None:
    module, _ = zig.elf_linking_extension("_c", "libanswer-0123.so.1")
    _, foreign = zig.elf_linking_extension("_c", "libanswer-0123.so.1", ARM64)
    files = native("demo", module, MODULE) | {"demo/libs/libanswer-0123.so.1": foreign}
    index.add_wheel("demo", "1.0", HERE, files)

    result = linux.run("install", "demo")

    assert result.code == 40, result
    assert f"which `demo/{MODULE}` links, is arm64 only" in result.stderr
    assert linux.installed().keys().isdisjoint({"demo"})


@pytest.mark.parametrize(
    ("module", "fault"),
    [
        (
            elf_file(versions={"libc.so.6": ["GLIBC_2.99"]}, symbols=INIT),
            f"needs glibc 2.99, this Python has {GLIBC}",
        ),
        (
            elf_file(needed=["libc.musl-x86_64.so.1"], symbols=INIT),
            "is made for musl (Alpine), this Python runs on glibc: it asks for `libc.musl-",
        ),
    ],
    ids=["newer glibc", "musl"],
)
def test_what_this_c_library_cannot_load_is_refused(
    module: bytes, fault: str, linux: Sandbox, index: Index
) -> None:
    index.add_wheel("demo", "1.0", ANY, native("demo", module, MODULE))

    result = linux.run("install", "demo")

    assert result.code == 40, result
    assert f"`demo/{MODULE}` {fault}" in result.stderr


@pytest.mark.parametrize(
    ("platform_", "target", "suffix", "code"),
    [
        ("manylinux_2_28_aarch64", ARM64, "aarch64-linux-gnu", 0),
        ("manylinux_2_28_aarch64", "x86_64-linux-gnu", "aarch64-linux-gnu", 40),
        ("musllinux_1_2_x86_64", "x86_64-linux-musl", "x86_64-linux-musl", 0),
        ("musllinux_1_2_x86_64", ARM64, "x86_64-linux-musl", 40),
    ],
)
def test_wheels_for_other_machines_are_judged_by_platform(
    platform_: str, target: str, suffix: str, code: int, linux: Sandbox, index: Index, zig: Zig
) -> None:
    files = native("demo", zig.elf_extension("_c", target), f"_c.cpython-312-{suffix}.so")
    index.add_wheel("demo", "1.0", f"cp312-cp312-{platform_}", files)
    options = ("--platform", platform_, "--python-version", "3.12", "--only-binary=:all:")

    result = linux.run("download", *options, "demo")

    assert result.code == code, result
    assert ("refused: wrong-architecture" in result.stderr) is bool(code)
