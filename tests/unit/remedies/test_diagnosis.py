"""The words of compilers and build systems, and what they are taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pip_archguard.model.failure import Lack, Lacking
from pip_archguard.remedies.diagnosis import MOST_LACKING, diagnose

UAMQP = """\
      src/vendor/azure-uamqp-c/src/amqp_management.c:12:1: warning: unused variable 'x' [-Wunused-variable]
      uamqp/c_uamqp.c:31104:88: error: incompatible function pointer types passing 'void (void *, int)' to parameter of type 'ON_LINK_STATE_CHANGED' [-Wincompatible-function-pointer-types]
      1 warning and 1 error generated.
      error: command '/usr/bin/clang' failed with exit code 1
"""
INTEL_HOMEBREW = """\
ld: warning: ignoring file '/usr/local/opt/openssl@3/lib/libssl.dylib': found architecture 'x86_64', required architecture 'arm64'
ld: symbol(s) not found for architecture arm64
"""


@pytest.mark.parametrize(
    ("output", "lack", "name"),
    [
        ("xcrun: error: invalid active developer path (/Library/…), missing", "COMPILER", ""),
        ("xcode-select: note: no developer tools were found at '/App'", "COMPILER", ""),
        ("error: command 'clang' failed: No such file or directory", "COMPILER", ""),
        ("unable to execute '/usr/bin/gcc': No such file or directory", "COMPILER", ""),
        ("error: command 'swig' failed: No such file or directory", "TOOL", "swig"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'cmake'\n", "TOOL", "cmake"),
        ("  /bin/sh: cmake: command not found", "TOOL", "cmake"),
        ("sh: 1: ninja: not found", "TOOL", "ninja"),
        ("RuntimeError: CMake must be installed to build the extensions", "TOOL", "cmake"),
        ("error: can't find Rust compiler\n", "TOOL", "rust"),
        ("Cargo, the Rust package manager, is not installed or is not on PATH.", "TOOL", "rust"),
        ("ERROR: Unknown compiler(s): [['gfortran'], ['flang']]", "TOOL", "gfortran"),
        ("Error: pg_config executable not found.", "TOOL", "pg_config"),
        ("fatal error: 'openssl/ssl.h' file not found\n", "HEADER", "openssl/ssl.h"),
        ("x.c:1:10: fatal error: libpq-fe.h: No such file or directory\n", "HEADER", "libpq-fe.h"),
        (UAMQP, "FLAG", "incompatible-function-pointer-types"),
        ("error: call to undeclared function 'f' [-Wimplicit-function-declaration]\n", "FLAG", "implicit-function-declaration"),
        ("x.c:1: error: unused [-Werror,-Wunused-function]\n", "FLAG", "unused-function"),
        (INTEL_HOMEBREW, "OTHER_ARCHITECTURE", "/usr/local/opt/openssl@3/lib/libssl.dylib"),
        ("ld: library not found for -lssl\n", "LIBRARY", "ssl"),
        ("ld: library 'ssl' not found\n", "LIBRARY", "ssl"),
        ("/usr/bin/ld: cannot find -lldap", "LIBRARY", "ldap"),
        ("No package 'cairo' found", "LIBRARY", "cairo"),
        ("Could NOT find OpenSSL (missing: OPENSSL_CRYPTO_LIBRARY)", "LIBRARY", "OpenSSL"),
        ("ModuleNotFoundError: No module named 'numpy'\n", "MODULE", "numpy"),
        ("BackendUnavailable: Cannot import 'poetry.core.masonry.api'", "MODULE", "poetry.core.masonry.api"),
    ],
)  # fmt: skip
def test_a_failed_build_names_what_it_lacked(output: str, lack: str, name: str) -> None:
    assert diagnose(f"running build_ext\n{output}") == (Lacking(lack=Lack[lack], name=name),)


@pytest.mark.parametrize(
    "output",
    [
        "",
        "error: this code does not compile\n",
        "warning: implicit conversion [-Wconversion]\n",
        "KeyError: 'version'\n",
        "error: subprocess-exited-with-error",
    ],
)
def test_nothing_is_named_that_the_output_does_not_name(output: str) -> None:
    assert diagnose(output) == ()


def test_complaints_come_in_the_order_of_the_output_and_each_once() -> None:
    header = "fatal error: 'a.h' file not found\n"
    output = f"bash: cmake: command not found\n{header}{header}ModuleNotFoundError: No module named 'x'\n"

    assert [each.name for each in diagnose(output)] == ["cmake", "a.h", "x"]


def test_few_are_named() -> None:
    output = (
        "bash: cmake: command not found\nld: library 'a' not found\n"
        "fatal error: 'a.h' file not found\nModuleNotFoundError: No module named 'x'\n"
    )

    assert len(diagnose(output)) == MOST_LACKING


@given(st.text())
def test_any_output_can_be_read(output: str) -> None:
    assert len(diagnose(output)) <= MOST_LACKING
