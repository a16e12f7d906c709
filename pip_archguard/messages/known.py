"""Names of modules whose distribution has another name, or that are compiled."""

from __future__ import annotations

import re

_OF_MODULE = {
    "_cffi_backend": "cffi",
    "_brotli": "brotli",
    "_dlib_pybind11": "dlib",
    "_ruamel_yaml": "ruamel.yaml.clib",
    "_yaml": "PyYAML",
    "_argon2_cffi_bindings": "argon2-cffi-bindings",
    "Crypto": "pycryptodome",
    "Cryptodome": "pycryptodomex",
    "Levenshtein": "levenshtein",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "grpc": "grpcio",
    "grpc_tools": "grpcio-tools",
    "google": "protobuf",
    "ldap": "python-ldap",
    "nacl": "pynacl",
    "objc": "pyobjc-core",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "usb1": "libusb1",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}

_OWN_OF_PYTHON = frozenset(
    {"_bz2", "_ctypes", "_curses", "_dbm", "_hashlib", "_lzma", "_sqlite3", "_ssl", "_tkinter"}
)
"""Modules that a Python is built without where their library is not there."""

# Compiled modules without an underscore whose absence is often asked about.
_COMPILED = frozenset({"grpc._cython.cygrpc", "lxml.etree", "zstandard.backend_c"})

_NOT_COMPILED = frozenset({"_pytest", "_distutils_hack", "_virtualenv", "_markerlib"})
_SUFFIX = re.compile(r"\.(?:cpython-|pypy|abi3|cp\d|so$|dylib$|pyd$|dll$).*")


def project_of_module(name: str) -> str:
    """Return which distribution probably brings a module, by its dotted name."""
    top = name.partition(".")[0]
    return _OF_MODULE.get(top, top)


def project_of_file(path: str) -> str:
    """Return which distribution probably brings a file, by its path below site-packages.

    Empty where the path does not tell.
    """
    top = path.replace("\\", "/").partition("/")[0]
    project = project_of_module(_SUFFIX.sub("", top))
    return "" if project.startswith("_") else project  # no project is named so


def has_known_project(module: str) -> bool:
    """Whether the distribution of a module is known, rather than guessed by its name."""
    return module.partition(".")[0] in _OF_MODULE


def is_own_of_python(module: str) -> bool:
    """Whether a module is one of Python's own."""
    return module.partition(".")[0] in _OWN_OF_PYTHON


def is_native_module(name: str) -> bool:
    """Whether a module is one that is compiled, as far as its name tells.

    A wrong yes would explain a mere missing package as a broken one, so only names that
    are known, or that have a private last part inside a package, count.
    """
    parts = name.split(".")
    if name in _COMPILED or parts[0] in _OF_MODULE.keys() & {n for n in _OF_MODULE if n[0] == "_"}:
        return True
    inside = len(parts) > 1 and parts[0] not in _NOT_COMPILED
    return inside and parts[-1].startswith("_") and not parts[-1].startswith("__")
