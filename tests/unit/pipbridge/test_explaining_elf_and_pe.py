"""`explain` with files of Linux and Windows that are really there."""

from __future__ import annotations

import importlib.machinery
import subprocess
import sys
from pathlib import Path

import pytest

from builders.elf_bytes import elf_file
from builders.macho_bytes import thin
from builders.pe_bytes import AMD64, pe
from builders.pe_bytes import ARM64 as PE_ARM64
from pip_archguard import hosts
from pip_archguard.model.arch import Arch
from pip_archguard.model.explanation import Explanation, Process, StepKind
from pip_archguard.model.libc import Libc
from pip_archguard.model.load_error import Cause
from pip_archguard.model.target import System, Target
from pip_archguard.pipbridge import explaining
from pip_archguard.pipbridge.explaining import explain
from pip_archguard.reports.explain_text import explain_text

LINUX = Target(
    system=System.LINUX,
    arch=Arch.X86_64,
    os_version=(2, 36),
    libc=Libc.GLIBC,
    suffixes=(".cpython-312-x86_64-linux-gnu.so", ".abi3.so", ".so"),
    python="cp312",
)
WINDOWS = Target(
    system=System.WINDOWS,
    arch=Arch.ARM64,
    suffixes=(".cp312-win_arm64.pyd", ".pyd"),
    python="cp312",
)
MODULE = "_c.cpython-312-x86_64-linux-gnu.so"
ABSENT = "ImportError: {0}: cannot open shared object file: No such file or directory"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, LINUX)


def be(monkeypatch: pytest.MonkeyPatch, target: Target) -> None:
    process = Process(target=target, python="/v/bin/python", hardware=Arch.X86_64)
    monkeypatch.setattr(explaining, "this_process", lambda: process)


def install(prefix: Path, content: bytes, name: str = MODULE, **more: bytes) -> Path:
    """Put demo 1.0 into an environment; return the path of its compiled module."""
    site = prefix / "lib" / "python3.12" / "site-packages"
    files = {f"demo/{name}": content, "demo/__init__.py": b"from . import _c\n", **more}
    for path, held in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(held)
    info = site / "demo-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(f"{path},,\n" for path in files))
    (info / "INSTALLER").write_text("pip\n")
    return site / "demo" / name


def explained(text: str) -> tuple[Explanation, str]:
    result = explain(text)
    (found,) = result.explanations
    return found, explain_text(result)


def reasons(of: Explanation) -> list[str]:
    return [f.reason.value for f in of.looked.findings] if of.looked is not None else []


def traced(path: Path, error: str) -> str:
    frame = f'  File "{path.parent}/__init__.py", line 1, in <module>\n    from . import _c\n'
    return f"Traceback (most recent call last):\n{frame}{error}"


def test_no_such_file_is_seen_through_where_the_file_is_for_another_machine(
    tmp_path: Path,
) -> None:
    module = install(tmp_path, elf_file(Arch.ARM64))

    found, text = explained(ABSENT.format(module))

    assert found.error.cause is Cause.WRONG_ARCHITECTURE
    assert found.owner is not None
    assert (found.owner.project, found.owner.known) == ("demo", True)
    assert reasons(found) == ["wrong-architecture"]
    assert "the file holds arm64 code only, and this Python is x86_64" in text
    assert "says no more than `No such file or directory`" in text
    assert [step.kind for step in found.steps] == [StepKind.REINSTALL]
    assert " install --force-reinstall --no-deps demo==1.0" in text


def test_a_file_that_was_not_there_and_is_now_is_tried_again(tmp_path: Path) -> None:
    module = install(tmp_path, elf_file())

    found, text = explained(ABSENT.format(module))

    assert [step.kind for step in found.steps] == [StepKind.TRY_AGAIN]
    assert "nothing seen in it keeps it from loading on Linux glibc 2.36 x86_64" in text


def test_who_links_a_library_that_is_nowhere_is_found(tmp_path: Path) -> None:
    module = install(tmp_path, elf_file(needed=["libGL.so.1"]))

    found, text = explained(traced(module, ABSENT.format("libGL.so.1")))

    assert f"file: `{module}`" in text
    assert "package: demo 1.0 (installed in another environment)" in text
    assert [step.kind for step in found.steps] == [StepKind.INSTALL_LIBRARY]


def test_a_library_that_the_wheel_brought_is_no_package_of_the_system(tmp_path: Path) -> None:
    library = "libgfortran-040039e1.so.5.0.0"
    module = install(tmp_path, elf_file(needed=[library]))

    found, _ = explained(traced(module, ABSENT.format(library)))

    assert [step.kind for step in found.steps] == [StepKind.REINSTALL]


CASES = [
    (elf_file(Arch.I386), "{0}: wrong ELF class: ELFCLASS32", "i386", "wrong-architecture"),
    (thin(Arch.ARM64), "{0}: invalid ELF header", "Mach-O (macOS) code", "foreign-extension"),
    (pe(), "{0}: invalid ELF header", "PE (Windows) code", "foreign-extension"),
    (
        elf_file(versions={"libc.so.6": ["GLIBC_2.38"]}),
        "/lib/libc.so.6: version `GLIBC_2.38' not found (required by {0})",
        "it needs GLIBC_2.38",
        "newer-glibc",
    ),
    (
        elf_file(needed=["libc.musl-x86_64.so.1"]),
        "{0}: undefined symbol: nothing",
        "calls `nothing`",
        "wrong-libc",
    ),
]


@pytest.mark.parametrize(
    ("content", "message", "words", "reason"), CASES, ids=[reason for *_, reason in CASES]
)
def test_what_the_file_holds_is_told_beside_the_message(
    content: bytes, message: str, words: str, reason: str, tmp_path: Path
) -> None:
    module = install(tmp_path, content)

    found, text = explained(f"ImportError: {message.format(module)}")

    assert words in text
    assert reason in reasons(found)
    assert "cannot load on Linux glibc 2.36 x86_64 (cp312)" in text


def test_a_text_in_the_place_of_code_is_told(tmp_path: Path) -> None:
    module = install(tmp_path, b"version https://git-lfs.github.com/spec/v1\n")

    _, text = explained(f"ImportError: {module}: invalid ELF header")

    assert "holds no code at all" in text
    assert "Git LFS" in text


def test_musl_is_told_of_code_for_glibc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, LINUX._replace(libc=Libc.MUSL, os_version=(1, 2)))
    module = install(tmp_path, elf_file(needed=["libc.so.6", "ld-linux-x86-64.so.2"]))

    found, text = explained(
        "ImportError: Error loading shared library ld-linux-x86-64.so.2: No such file or "
        f"directory (needed by {module})"
    )

    assert reasons(found) == ["wrong-libc"]
    assert "cannot load on Linux musl 1.2 x86_64" in text
    assert StepKind.REINSTALL in [step.kind for step in found.steps]


def test_a_module_for_another_python_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "_cffi_backend.cpython-39-x86_64-linux-gnu.so"
    module = install(tmp_path, elf_file(), name)
    monkeypatch.syspath_prepend(str(module.parent))

    found, text = explained("ModuleNotFoundError: No module named '_cffi_backend'")

    assert "is made for another Python or system than this one" in text
    assert "does not import it by its name" in text
    assert StepKind.TRY_AGAIN not in [step.kind for step in found.steps]


def test_a_module_of_windows_is_found_and_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, WINDOWS)
    module = install(tmp_path, pe(AMD64), "_c.cp312-win_arm64.pyd")
    message = "DLL load failed while importing _c: %1 is not a valid Win32 application."

    found, text = explained(traced(module, f"ImportError: {message}"))

    assert f"file: `{module}`" in text
    assert "package: demo 1.0" in text
    assert reasons(found) == ["wrong-architecture"]
    assert "the file holds x86_64 code only, and this Python is arm64" in text
    assert [step.kind for step in found.steps] == [StepKind.REINSTALL]


def test_the_dll_that_windows_does_not_name_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, WINDOWS)
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    (tmp_path / "System32").mkdir()
    (tmp_path / "System32" / "KERNEL32.dll").touch()
    names = ["KERNEL32.dll", "api-ms-win-crt-heap-l1-1-0.dll", "own.dll", "gone.dll"]
    content = pe(PE_ARM64, imports=names)
    module = install(tmp_path, content, "_c.cp312-win_arm64.pyd", **{"demo/own.dll": pe(PE_ARM64)})
    message = "DLL load failed while importing _c: The specified module could not be found."

    found, text = explained(traced(module, f"ImportError: {message}"))

    assert found.looked is not None
    assert found.looked.absent == ("gone.dll",)
    assert "missing-library: `gone.dll` is neither in the package nor in Windows" in text
    assert "nothing seen in it keeps it from loading" not in text


def test_a_message_of_windows_names_no_file_of_another_system(tmp_path: Path) -> None:
    module = install(tmp_path, elf_file())
    text = "ImportError: DLL load failed while importing _c: %1 is not a valid Win32 application"

    found, _ = explained(traced(module, text))

    assert found.looked is None


@pytest.mark.skipif(sys.platform != "linux", reason="it asks the real loader")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (elf_file(Arch.RISCV64), "wrong-architecture"),
        (elf_file(Arch.I386), "wrong-architecture"),
        (thin(Arch.ARM64), "foreign-extension"),
        (elf_file(versions={"libc.so.6": ["GLIBC_2.99"]}), "newer-glibc"),
    ],
    ids=["another machine", "32 bits", "mach-o", "glibc"],
)
def test_what_the_real_loader_says_is_understood(
    content: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, hosts.running_target())
    module = install(tmp_path, content, f"_c{importlib.machinery.EXTENSION_SUFFIXES[0]}")

    code = f"import sys; sys.path.insert(0, {str(module.parents[1])!r}); import demo"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    found, text = explained(done.stderr)

    assert reason in reasons(found), done.stderr
    assert "cannot load on Linux" in text
    assert found.owner is not None
    assert found.steps[0].commands
