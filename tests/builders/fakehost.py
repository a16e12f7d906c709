"""A Linux CPython that describes itself as a Mac; for tests only.

A line in a `.pth` file starts it (`PTH_LINE`): pip's isolated builds replace PYTHONPATH
and `sitecustomize`, and leave the `.pth` files of the environment alone. A sandbox gets
a copy of this file, so it imports the standard library only.

    FAKEHOST=arm64|x86_64   switches it on: the machine of the process
    FAKEHOST_MACVER         version of macOS (14.0)
    FAKEHOST_TARGET         deployment target the interpreter was built for (11.0)
    FAKEHOST_UNIVERSAL2=1   the interpreter was built for both architectures
    FAKEHOST_TRANSLATED=1   Rosetta translates the process; only the `sysctl` shim reads it
    FAKEHOST_ROSETTA=0      Rosetta is not there; only the `arch` shim reads it
    FAKEHOST_INTERPRETER    path of the binary that passes for the interpreter's own
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

PTH_LINE = "import fakehost; fakehost.start()\n"

_TRUSTSTORE = "pip._vendor.truststore._macos"
_BUNDLE = "-bundle -undefined dynamic_lookup"


def start() -> None:
    """Turn this process into one on a Mac, if the environment asks for it."""
    machine = os.environ.get("FAKEHOST")
    if not machine or sys.platform == "darwin":
        return
    version = os.environ.get("FAKEHOST_MACVER") or "14.0"
    _fake_kernel(machine, version)
    _fake_build_variables(machine, _darwin_release(version))  # while sys.platform is the real one
    _fake_modules()
    vars(sys)["platform"] = "darwin"
    _fake_system_version(machine, version)
    _fake_suffixes()
    if interpreter := os.environ.get("FAKEHOST_INTERPRETER"):
        vars(sys)["_base_executable"] = interpreter


def _darwin_release(version: str) -> str:
    major = int(version.partition(".")[0])
    # macOS 11 is Darwin 20, macOS 15 Darwin 24; then the numbers jump: 26 is Darwin 25.
    darwin_26 = 26
    return f"{major + 9 if major < darwin_26 else major - 1}.0.0"


def _fake_kernel(machine: str, version: str) -> None:
    """`os.uname`, and with it `platform.machine()` and `sysconfig.get_platform()`."""
    release = _darwin_release(version)
    node = os.uname().nodename
    text = f"Darwin Kernel Version {release} (fakehost)"
    fake = os.uname_result(("Darwin", node, release, text, machine))
    vars(os)["uname"] = lambda: fake


def _fake_build_variables(machine: str, release: str) -> None:
    """What sysconfig reads: a data module found by a name that holds `sys.platform`."""
    multiarch = getattr(sys.implementation, "_multiarch", "")
    real = f"_sysconfigdata_{sys.abiflags}_{sys.platform}_{multiarch}"
    try:
        variables = dict(__import__(real).build_time_vars)
    except ImportError:  # a Python whose distributor names the module otherwise
        variables = {}
    module = ModuleType("_sysconfigdata_fakehost")
    vars(module)["build_time_vars"] = variables | _mac_variables(machine, release)
    for abi in {sys.abiflags, ""}:
        for name in {multiarch, "darwin", ""}:
            sys.modules[f"_sysconfigdata_{abi}_darwin_{name}"] = module


def _mac_variables(machine: str, release: str) -> dict[str, object]:
    soabi = _soabi()
    both = os.environ.get("FAKEHOST_UNIVERSAL2") == "1"
    archs = "-arch arm64 -arch x86_64" if both else ""
    cflags = f"{archs} -Wno-unused-result -fno-strict-aliasing -DNDEBUG -O2".strip()
    gnu = "aarch64" if machine == "arm64" else machine
    # The compilers go by bare names, as `clang` does: the sandbox has them first on PATH.
    return {
        "MACOSX_DEPLOYMENT_TARGET": os.environ.get("FAKEHOST_TARGET") or "11.0",
        "MULTIARCH": "darwin",
        "SOABI": soabi,
        "EXT_SUFFIX": f".{soabi}.so",
        "SHLIB_SUFFIX": ".so",
        "CC": "zcc",
        "CXX": "zc++",
        "LINKCC": "zcc",
        "AR": "zar",
        "ARFLAGS": "rcs",
        "RANLIB": "true",
        "BASECFLAGS": "",
        "CCSHARED": "",
        "CPPFLAGS": "",
        "OPT": "-DNDEBUG -O2",
        "CFLAGS": cflags,
        "PY_CFLAGS": cflags,
        "LDFLAGS": archs,
        "PY_LDFLAGS": archs,
        "BLDSHARED": f"zcc {_BUNDLE} {archs}".strip(),
        "LDSHARED": f"zcc {_BUNDLE} {archs}".strip(),
        "LDCXXSHARED": f"zc++ {_BUNDLE} {archs}".strip(),
        "LIBDIR": "/usr/lib",
        "HOST_GNU_TYPE": f"{gnu}-apple-darwin{release}",
        "Py_ENABLE_SHARED": 0,
        "PYTHONFRAMEWORK": "",
    }


def _soabi() -> str:
    return f"cpython-{sys.version_info.major}{sys.version_info.minor}{sys.abiflags}-darwin"


def _fake_modules() -> None:
    """The modules that reach for libraries only a Mac has."""
    proxies = ModuleType("_scproxy")  # urllib asks it for the system's proxies
    vars(proxies)["_get_proxies"] = dict
    vars(proxies)["_get_proxy_settings"] = lambda: {"exclude_simple": False, "exceptions": ()}
    sys.modules["_scproxy"] = proxies
    truststore = ModuleType(_TRUSTSTORE)  # pip's access to the certificates of the system
    vars(truststore)["__getattr__"] = _truststore_of_linux
    sys.modules[_TRUSTSTORE] = truststore


def _truststore_of_linux(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    import importlib  # noqa: PLC0415 - costs time, needed on a fake host only

    return getattr(importlib.import_module("pip._vendor.truststore._openssl"), name)


def _fake_system_version(machine: str, version: str) -> None:
    """What a Mac reads from `SystemVersion.plist`."""
    import _osx_support  # noqa: PLC0415
    import platform  # noqa: PLC0415

    vars(_osx_support)["_SYSTEM_VERSION"] = version
    vars(_osx_support)["_SYSTEM_VERSION_TUPLE"] = tuple(map(int, version.split(".")))
    vars(platform)["mac_ver"] = lambda *_, **__: (version, ("", "", ""), machine)
    vars(platform)["_uname_cache"] = None


def _fake_suffixes() -> None:
    """The suffixes a Mac imports.

    The import system asks `_imp.extension_suffixes()` itself, so that the extension
    modules of this Linux can still be imported after this.
    """
    import importlib.machinery  # noqa: PLC0415

    vars(importlib.machinery)["EXTENSION_SUFFIXES"] = [f".{_soabi()}.so", ".abi3.so", ".so"]
