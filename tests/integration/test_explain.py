"""`explain` on simulated hosts, with files that are really there and messages as dyld writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.error_messages import MESSAGES
from builders.index import Index
from builders.packages import ARM64, MODULE, UNIVERSAL2, native
from builders.sandbox import Host, NewHost, Sandbox
from builders.zig import Zig

HAVE_NEED = (
    "ImportError: dlopen({path}, 0x0002): tried: '{path}' (mach-o file, but is an incompatible "
    "architecture (have '{have}', need {need})), '/System/Volumes/Preboot/Cryptexes/OS{path}' "
    "(no such file)\n"
)
FLAT = "ImportError: dlopen({path}, 0x0002): symbol not found in flat namespace '_helper_one'\n"


def paste(sandbox: Sandbox, text: str) -> Path:
    path = sandbox.work / "error.txt"
    path.write_text(text, encoding="utf-8")
    return path


def installed(sandbox: Sandbox, index: Index, tag: str, module: bytes) -> Path:
    index.add_wheel("demo", "1.0", tag, native("demo", module))
    assert sandbox.run_pip("install", "demo==1.0").code == 0
    return sandbox.site / "demo" / MODULE


def test_a_wrong_architecture_is_explained_and_what_is_told_repairs_it(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    path = installed(arm64, index, UNIVERSAL2, zig.extension("_c", "x86_64"))
    index.add_sdist("demo", "1.0")
    text = HAVE_NEED.format(path=path, have="x86_64", need="'arm64e' or 'arm64'")

    result = arm64.run("explain", paste(arm64, text))

    assert result.code == 0, result
    assert "package: demo 1.0 (installed in this environment)" in result.stdout
    assert "no wish for arm64e" in result.stdout
    assert "cannot load on macOS 14 arm64" in result.stdout
    command = result.stdout.splitlines()[-1].strip()
    assert command == "pip-archguard install --force-reinstall --no-deps demo==1.0"
    assert arm64.run(*command.split()[1:]).code == 0
    assert arm64.native_arch(f"demo/{MODULE}") == ("arm64",)


def test_the_message_itself_may_stand_for_a_file(arm64: Sandbox) -> None:
    result = arm64.run("explain", "ModuleNotFoundError: No module named 'demo._c'")

    assert result.code == 0, result
    assert "module: `demo._c`" in result.stdout


def test_a_file_that_is_not_there_is_told(arm64: Sandbox) -> None:
    result = arm64.run("explain", "error.txt")

    assert (result.code, result.stdout) == (2, "")
    assert "`error.txt` cannot be read" in result.stderr


def test_a_hollow_slice_is_seen_in_the_file(arm64: Sandbox, index: Index, zig: Zig) -> None:
    path = installed(arm64, index, UNIVERSAL2, zig.hollow_extension("_c"))

    result = arm64.run("explain", paste(arm64, FLAT.format(path=path)))

    assert result.code == 0, result
    assert "symbol-nowhere" in result.stdout
    assert "hollow-slice" in result.stdout
    assert "--no-cache-dir demo==1.0" in result.stdout


def test_a_process_under_rosetta_is_the_cause(rosetta: Sandbox, index: Index, zig: Zig) -> None:
    path = installed(rosetta, index, "py3-none-any", zig.extension("_c", "arm64"))
    text = HAVE_NEED.format(path=path, have="arm64", need="'x86_64'")

    result = rosetta.run("explain", paste(rosetta, text))

    assert "ran as x86_64, under Rosetta" in result.stdout
    assert f"arch -arm64 {rosetta.python} …" in result.stdout


def test_on_an_intel_mac_it_is_not(intel: Sandbox, index: Index, zig: Zig) -> None:
    path = installed(intel, index, "py3-none-any", zig.extension("_c", "arm64"))
    text = HAVE_NEED.format(path=path, have="arm64", need="'x86_64h' or 'x86_64'")

    result = intel.run("explain", paste(intel, text))

    assert "on an Intel Mac" in result.stdout
    assert "Rosetta" not in result.stdout


def test_a_module_that_python_does_not_find_is_found(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    module = zig.extension("_cffi_backend", "x86_64")
    index.add_wheel("cffi", "1.15.1", ARM64, {"_cffi_backend.cpython-39-darwin.so": module})
    assert arm64.run_pip("install", "cffi").code == 0

    result = arm64.run("explain", paste(arm64, MESSAGES["cffi-and-panic"]))

    assert "package: cffi 1.15.1 (installed in this environment)" in result.stdout
    assert "_cffi_backend.cpython-39-darwin.so" in result.stdout


@pytest.mark.parametrize("host", [Host(), Host(machine="arm64")], ids=["linux", "mac"])
def test_nothing_recognised_ends_with_2(host: Host, new_host: NewHost) -> None:
    sandbox = new_host(host)

    result = sandbox.run("explain", paste(sandbox, "all is well\n"))

    assert (result.code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: nothing-recognised\n")


def test_an_empty_standard_input_is_nothing_recognised(arm64: Sandbox) -> None:
    assert arm64.run("explain").code == 2
    assert arm64.run("explain", "-").code == 2


@pytest.mark.parametrize("args", [("nowhere.txt",), ("a", "b"), (".",)], ids=" ".join)
def test_what_cannot_be_read_is_an_error(args: tuple[str, ...], arm64: Sandbox) -> None:
    result = arm64.run("explain", *args)

    assert result.code == 2
    assert result.stderr.startswith("error: unreadable-input\n")
    assert "Traceback" not in result.stderr


def test_the_command_is_listed(linux: Sandbox) -> None:
    assert "  explain " in linux.run("help").stdout
    assert "Paste or pipe" in linux.run("explain", "--help").stdout
