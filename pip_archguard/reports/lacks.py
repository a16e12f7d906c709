"""What a failed source build seems to lack, and what brings it."""

from __future__ import annotations

from pip_archguard.model.failure import Lack, Lacking
from pip_archguard.reports.wording import tick

# Homebrew's formulas, for programs, headers and libraries that have another name than theirs.
_BRINGS = {
    "cargo": "rust",
    "gfortran": "gcc",
    "pg_config": "libpq",
    "mysql_config": "mysql-client",
    "pkg-config": "pkgconf",
    "openssl": "openssl@3",
    "ssl": "openssl@3",
    "crypto": "openssl@3",
    "ffi": "libffi",
    "lber": "openldap",
    "ldap": "openldap",
    "libpq-fe": "libpq",
    "pq": "libpq",
    "jpeglib": "jpeg-turbo",
    "lzma": "xz",
    "hdf5": "hdf5",
    "portaudio": "portaudio",
    "sndfile": "libsndfile",
    "snappy-c": "snappy",
    "geos_c": "geos",
    "gmp": "gmp",
    "libxml": "libxml2",
    "xmlsec": "libxmlsec1",
    "sasl": "cyrus-sasl",
    "unicode": "icu4c",
    "sql": "unixodbc",
    "zmq": "zeromq",
    "re2": "re2",
}


def lacking_text(lacking: Lacking, *, mac: bool = True) -> str:
    """Say in one clause what is missing, and what to do, on a Mac by Homebrew."""
    if not mac:
        return _elsewhere(lacking)
    name = tick(lacking.name)
    match lacking.lack:
        case Lack.COMPILER:
            return "there is no compiler; `xcode-select --install` brings one"
        case Lack.TOOL:
            formula = _BRINGS.get(lacking.name, lacking.name)
            return f"the program {name} is missing; {tick(f'brew install {formula}')} may bring it"
        case Lack.HEADER if lacking.name.startswith("Python."):
            return f"the header {name} is missing: this Python came without its headers"
        case Lack.HEADER:
            stem = lacking.name.partition("/")[0].removesuffix(".h")
            return f"the header {name} is missing{_found_by(stem)}"
        case Lack.LIBRARY:
            return f"the library {name} is missing{_found_by(lacking.name.removeprefix('lib'))}"
        case Lack.MODULE:
            return (
                f"the Python module {name} is missing: where it is a build requirement that "
                "the package does not name, install it first and use `--no-build-isolation`"
            )
        case Lack.FLAG:
            return (
                "the compiler rejects code that older ones warned of; setting "
                f"{tick(f'CFLAGS=-Wno-error={lacking.name}')} makes it a warning again"
            )
        case Lack.OTHER_ARCHITECTURE:
            return (
                f"{name} is made for the other architecture: Homebrew keeps libraries for "
                "arm64 in `/opt/homebrew`, those for x86_64 in `/usr/local`"
            )


def _elsewhere(lacking: Lacking) -> str:
    """Say the same for Linux, whose package managers have names of their own for everything."""
    name, install = tick(lacking.name), "install it by the system's package manager"
    match lacking.lack:
        case Lack.COMPILER:
            return f"there is no compiler: {install}"
        case Lack.TOOL:
            return f"the program {name} is missing: {install}"
        case Lack.HEADER if lacking.name.startswith("Python."):
            return f"the header {name} is missing: install the headers of this Python"
        case Lack.HEADER:
            return (
                f"the header {name} is missing: install the library that it belongs to, with"
                " its headers"
            )
        case Lack.LIBRARY:
            return f"the library {name} is missing: {install}, with its headers"
        case Lack.OTHER_ARCHITECTURE:
            return f"{name} is made for another architecture"
        case Lack.MODULE | Lack.FLAG:
            return lacking_text(lacking)


def _found_by(name: str) -> str:
    formula = _BRINGS.get(name.lower())
    if formula is None:
        return ": install the library that it belongs to"
    return (
        f"; `brew install {formula}` brings it, and `CPPFLAGS=-I$(brew --prefix {formula})/include "
        f"LDFLAGS=-L$(brew --prefix {formula})/lib` says where it is"
    )
