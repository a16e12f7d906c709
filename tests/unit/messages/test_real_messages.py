"""Real messages, of which `builders.error_messages` names the threads."""

from __future__ import annotations

import pytest

from builders.error_messages import MESSAGES, SITE
from pip_archguard.messages import recognise
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.target import System

CAUSES = {
    "dyld-14-need-either": Cause.WRONG_ARCHITECTURE,
    "dyld-12-brackets": Cause.WRONG_ARCHITECTURE,
    "dyld-12-pyinstaller": Cause.WRONG_ARCHITECTURE,
    "dyld-fat": Cause.WRONG_ARCHITECTURE,
    "dyld-13-broken-lines": Cause.WRONG_ARCHITECTURE,
    "dyld-intel-haswell": Cause.WRONG_ARCHITECTURE,
    "rosetta-and-panic": Cause.WRONG_ARCHITECTURE,
    "dyld-11-did-find": Cause.WRONG_ARCHITECTURE,
    "dyld-11-missing-arch": Cause.WRONG_ARCHITECTURE,
    "dyld-old-system": Cause.NEWER_SYSTEM,
    "dyld-built-for": Cause.NEWER_SYSTEM,
    "dyld-12-expected-in": Cause.NEWER_SYSTEM,
    "dyld-10-12": Cause.NEWER_SYSTEM,
    "flat-namespace": Cause.SYMBOL_NOWHERE,
    "flat-namespace-brackets": Cause.SYMBOL_NOWHERE,
    "flat-namespace-old": Cause.SYMBOL_NOWHERE,
    "symbol-of-another-python": Cause.OTHER_PYTHON,
    "symbol-of-a-library": Cause.MISSING_SYMBOL,
    "library-by-rpath": Cause.MISSING_LIBRARY,
    "library-image-not-found": Cause.MISSING_LIBRARY,
    "library-of-homebrew": Cause.MISSING_LIBRARY,
    "library-strange": Cause.REFUSED,
    "image-not-found": Cause.MISSING_LIBRARY,
    "unsigned": Cause.BAD_SIGNATURE,
    "system-policy": Cause.BAD_SIGNATURE,
    "not-mach-o": Cause.FOREIGN_FILE,
    "slice-not-valid": Cause.FOREIGN_FILE,
    "elf-on-a-mac": Cause.FOREIGN_FILE,
    "malformed": Cause.MALFORMED,
    "duplicate-rpath": Cause.MALFORMED,
    "for-another-platform": Cause.WRONG_PLATFORM,
    "elf-class": Cause.WRONG_ARCHITECTURE,
    "elf-class-of-a-module": Cause.WRONG_ARCHITECTURE,
    "elf-header": Cause.FOREIGN_FILE,
    "elf-library": Cause.MISSING_LIBRARY,
    "glibc": Cause.NEWER_SYSTEM,
    "glibcxx": Cause.NEWER_SYSTEM,
    "elf-symbol-of-python": Cause.OTHER_PYTHON,
    "elf-symbol": Cause.SYMBOL_NOWHERE,
    "elf-other-machine": Cause.MISSING_LIBRARY,
    "elf-byte-order": Cause.WRONG_ARCHITECTURE,
    "elf-empty": Cause.MALFORMED,
    "elf-object": Cause.MALFORMED,
    "elf-abi": Cause.MALFORMED,
    "elf-no-exec": Cause.REFUSED,
    "musl-exec-format": Cause.WRONG_ARCHITECTURE,
    "exec-format": Cause.WRONG_ARCHITECTURE,
    "exec-format-program": Cause.WRONG_PROGRAM,
    "musl-without-glibc": Cause.OTHER_LIBC,
    "musl-library": Cause.MISSING_LIBRARY,
    "musl-relocating": Cause.OTHER_LIBC,
    "musl-symbol": Cause.SYMBOL_NOWHERE,
    "windows-architecture": Cause.WRONG_ARCHITECTURE,
    "windows-procedure": Cause.MISSING_SYMBOL,
    "windows-module": Cause.MISSING_LIBRARY,
    "windows-in-chinese": Cause.REFUSED,
    "windows-ctypes": Cause.WRONG_ARCHITECTURE,
    "windows-ctypes-not-found": Cause.MISSING_LIBRARY,
    "no-init": Cause.NO_INIT,
    "cffi-and-panic": Cause.MISSING_MODULE,
    "python-without-ssl": Cause.PYTHON_LACKS,
    "half-imported": Cause.HALF_IMPORTED,
    "numpy-wrapper": Cause.WRONG_ARCHITECTURE,
    "zsh-bad-cpu": Cause.WRONG_PROGRAM,
    "errno-86": Cause.WRONG_PROGRAM,
    "bash-bad-cpu": Cause.WRONG_PROGRAM,
    "rust-bad-cpu": Cause.WRONG_PROGRAM,
    "illegal-instruction": Cause.ILLEGAL_INSTRUCTION,
    "zsh-illegal": Cause.ILLEGAL_INSTRUCTION,
    "linux-illegal": Cause.ILLEGAL_INSTRUCTION,
    "avx": Cause.ILLEGAL_INSTRUCTION,
    "unsupported-wheel": Cause.UNSUPPORTED_WHEEL,
}
FOLLOWED = {
    "rosetta-and-panic": Cause.RUST_PANIC,
    "cffi-and-panic": Cause.RUST_PANIC,
    "numpy-wrapper": Cause.IMPORT_WRAPPER,
}

SAID = [
    ("dyld-14-need-either", {"have": ("x86_64",), "need": ("arm64e", "arm64")}),
    ("dyld-14-need-either", {"file": f"{SITE}/pacparser/_pacparser.cpython-311-darwin.so"}),
    ("dyld-12-brackets", {"have": ("x86_64",), "need": ("arm64e",)}),
    ("dyld-fat", {"have": ("i386", "x86_64"), "need": ("arm64e",)}),
    (
        "dyld-13-broken-lines",
        {
            "file": "/xxx/.venv/lib/python3.8/site-packages/pytype/typegraph/"
            "cfg.cpython-38-darwin.so",
            "need": ("arm64",),
        },
    ),
    ("dyld-11-did-find", {"have": (), "need": ()}),
    ("dyld-built-for", {"need": ("10.15",), "symbol": "____chkstk_darwin"}),
    ("dyld-10-12", {"file": "/Applications/x/.Python", "need": ("10.13",)}),
    ("dyld-12-expected-in", {"file": "/private/tmp/x/libpython3.8.dylib"}),
    ("flat-namespace", {"symbol": "_DGifCloseFile"}),
    ("flat-namespace-brackets", {"symbol": "_OMPI_C_MPI_COMM_NULL_COPY_FN"}),
    ("symbol-of-a-library", {"library": "/usr/local/cuda/lib/libcusparse.10.dylib"}),
    (
        "library-by-rpath",
        {
            "library": "@rpath/libXrdCl.3.dylib",
            "referenced_from": f"{SITE}/pyxrootd/client.cpython-312-darwin.so",
        },
    ),
    ("library-of-homebrew", {"library": "/usr/local/opt/libomp/lib/libomp.dylib"}),
    ("library-strange", {"detail": "stat() failed with errno=62", "library": "libarac.dylib"}),
    ("for-another-platform", {"have": ("iOS",), "need": ("macOS",)}),
    ("elf-library", {"asked_by": "/opt/conda/envs/x/lib/python3.10/site-packages/cv2/__init__.py"}),
    ("glibc", {"need": ("GLIBC_2.33",), "system": System.LINUX}),
    ("musl-without-glibc", {"referenced_from": "/usr/local/bin/f5fpc"}),
    ("windows-procedure", {"module": "_rust", "system": System.WINDOWS}),
    ("no-init", {"symbol": "PyInit_evtx", "module": "evtx"}),
    ("half-imported", {"symbol": "_csiread", "module": "csiread"}),
    ("zsh-bad-cpu", {"file": "/Users/me/urbit/urbit"}),
    ("bash-bad-cpu", {"file": "/Users/me/bin/gyb/gyb"}),
    ("rust-bad-cpu", {"file": ""}),
]


def test_the_table_has_all_messages() -> None:
    assert set(CAUSES) == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_cause_comes_first_and_what_follows_after(name: str) -> None:
    errors = recognise(MESSAGES[name])

    expected = [CAUSES[name]] + ([FOLLOWED[name]] if name in FOLLOWED else [])
    assert [error.cause for error in errors] == expected


@pytest.mark.parametrize(("name", "said"), SAID, ids=str)
def test_what_a_message_says_is_read(name: str, said: dict[str, object]) -> None:
    error = recognise(MESSAGES[name])[0]

    assert {key: getattr(error, key) for key in said} == said


def test_every_cause_has_a_real_message() -> None:
    found = {error.cause for text in MESSAGES.values() for error in recognise(text)}

    assert found == set(Cause)


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-02-01T10:00:00.1234567Z ", ""),
        ("build\tRun tests\t2026-02-01T10:00:00.1234567Z ", ""),
        ("\x1b[31m", "\x1b[0m"),
        ("#12 3.456 ", ""),
        ("web-1  | ", ""),
        ("E   ", ""),
        ("> ", ""),
    ],
    ids=["github", "gh-run-view", "colours", "buildkit", "compose", "pytest", "quoted"],
)
def test_what_logs_put_around_a_line_makes_no_difference(
    name: str, before: str, after: str
) -> None:
    text = MESSAGES[name]
    logged = "\n".join(f"{before}{line}{after}" for line in text.split("\n"))

    assert [e.cause for e in recognise(logged)] == [e.cause for e in recognise(text)]


def test_each_error_of_a_log_is_told_once() -> None:
    text = "\n\n".join([MESSAGES["flat-namespace"], MESSAGES["elf-class"]] * 3)

    assert [error.cause for error in recognise(text)] == [
        Cause.SYMBOL_NOWHERE,
        Cause.WRONG_ARCHITECTURE,
    ]


def test_two_files_are_two_errors_in_their_order() -> None:
    first, second = MESSAGES["dyld-14-need-either"], MESSAGES["dyld-12-brackets"]

    files = [error.file.rpartition("/")[2] for error in recognise(f"{first}\n{second}")]

    assert files == ["_pacparser.cpython-311-darwin.so", "libtclenvmodules.dylib"]


def test_a_file_below_private_is_the_same_file() -> None:
    text = "dlopen({0}, 2): tried: '{0}' (not a mach-o file)"

    found = recognise(text.format("/var/a.so") + "\n" + text.format("/private/var/a.so"))

    assert len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "all is well",
        "ModuleNotFoundError: No module named 'requests'",
        "ModuleNotFoundError: No module named '_pytest'",
        "ModuleNotFoundError: No module named 'a.__main__'",
        "ImportError: cannot import name 'x' from 'y' (/a/y.py)",
        "error: Library not found",
        "Error relocating /usr/lib/python3.11/a.so: PyObject_Free: symbol not found",
        "dlopen(/a/b.so, 2)",
        "Symbol not found: x",
    ],
)
def test_what_is_no_error_of_loading_is_left_alone(text: str) -> None:
    assert [e for e in recognise(text) if e.cause is not Cause.SYMBOL_NOWHERE] == []


def test_a_traceback_far_above_is_not_that_of_the_error() -> None:
    frame = '  File "/v/lib/python3.11/site-packages/cv2/__init__.py", line 1, in <module>\n'
    text = frame + "x" * 9000 + "\nImportError: libGL.so.1: cannot open shared object file: "

    (error,) = recognise(text + "No such file or directory")

    assert error == LoadError(
        cause=Cause.MISSING_LIBRARY, system=System.LINUX, library="libGL.so.1"
    )
