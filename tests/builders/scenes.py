"""The places in which the examples of the documentation are run: hosts, indexes, folders.

The packages have the names and the shape of the real ones that the pages speak of, and code made
by the tests in them. The versions of Python are those of the interpreter that runs the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from builders.index import Index
from builders.packages import ARM64, UNIVERSAL2, native
from builders.sandbox import Host, NewHost, Sandbox
from builders.sdists import make_sdist
from builders.wheels import PYTHON, SUFFIX, make_wheel, native_tag
from builders.zig import Machine, Zig

_MAC = "py3-none-macosx_10_9_universal2"
_HOLLOW = "cp310-cp310-macosx_10_9_universal2"
_NAMES = ("SASToken_CreateString", *(f"helper_{number}" for number in range(314)))
_ERROR = (
    "ImportError: dlopen({path}, 0x0002): tried: '{path}' (mach-o file, but is an incompatible "
    "architecture (have 'x86_64', need 'arm64e' or 'arm64'))\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Makers:
    """What scenes are made with."""

    new_host: NewHost
    index: Index
    zig: Zig


Scene = Callable[[Makers], Sandbox]


def _arm64(makers: Makers) -> Sandbox:
    return makers.new_host(Host(machine="arm64"))


def _universal2(makers: Makers) -> Sandbox:
    return makers.new_host(Host(machine="arm64", universal2=True))


def _offer(makers: Makers, name: str, tag: str, files: Mapping[str, bytes], *needs: str) -> None:
    """Add `NAME-VERSION` with exactly this spelling to the index."""
    project, version = name.split("-")
    made = make_wheel(project, version, tag, files, requires=needs)
    makers.index.add(replace(made, filename=f"{name}-{tag}.whl"))


def _offer_source(makers: Makers, name: str) -> None:
    project, version = name.split("-")
    makers.index.add(replace(make_sdist(project, version), filename=f"{name}.tar.gz"))


def _cffi(makers: Makers, version: str, intel: str) -> None:
    tags: dict[Machine, str] = {"arm64": "macosx_11_0_arm64", "x86_64": f"macosx_{intel}_x86_64"}
    for arch, tag in tags.items():
        code = {f"_cffi_backend{SUFFIX}": makers.zig.extension("_cffi_backend", arch)}
        _offer(makers, f"cffi-{version}", native_tag(tag), code)


def before_and_after(makers: Makers) -> Sandbox:
    """Offer the wheel of the README."""
    name = "ruamel.yaml.clib-0.2.6"
    code = {f"_ruamel_yaml{SUFFIX}": makers.zig.extension("_ruamel_yaml", "x86_64")}
    _offer(makers, name, UNIVERSAL2, code)
    _offer_source(makers, name)
    return _arm64(makers)


def first_rescue(makers: Makers) -> Sandbox:
    """Offer a library in a mislabelled wheel, and its source."""
    library = makers.zig.dylib("x86_64", name="libcapstone")
    _offer(makers, "capstone-5.0.1", _MAC, native("capstone", library, "lib/libcapstone.dylib"))
    _offer_source(makers, "capstone-5.0.1")
    good = native("capstone", makers.zig.dylib("arm64", name="libcapstone"), "libcapstone.dylib")
    _offer(makers, "capstone-5.0.9", "py3-none-macosx_11_0_arm64", good)
    return _arm64(makers)


def app_for_both(makers: Makers) -> Sandbox:
    """Offer one package for both kinds of Mac, which needs one that is for either."""
    _cffi(makers, "2.1.1", "10_15")
    code = native("cryptography", makers.zig.fat_extension("_rust"), f"_rust{SUFFIX}")
    _offer(makers, "cryptography-43.0.3", f"{PYTHON}-abi3-macosx_10_12_universal2", code, "cffi")
    return _universal2(makers)


def filled_for_arm64(makers: Makers) -> Sandbox:
    """Have an environment in which all is for Apple silicon alone."""
    _cffi(makers, "1.15.1", "10_9")
    code = native("cryptography", makers.zig.extension("_rust", "arm64"), f"_rust{SUFFIX}")
    _offer(makers, "cryptography-38.0.0", ARM64, code, "cffi")
    sandbox = _universal2(makers)
    done = sandbox.run_pip("install", "cryptography==38.0.0")
    assert done.code == 0, done
    return sandbox


def a_pair(makers: Makers) -> Sandbox:
    """Offer two thin wheels of one version."""
    _cffi(makers, "1.17.1", "10_9")
    return _universal2(makers)


def no_pair(makers: Makers) -> Sandbox:
    """Have two wheels in the folder whose data differ."""
    sandbox = _arm64(makers)
    tags: dict[Machine, str] = {"arm64": "macosx_11_0_arm64", "x86_64": "macosx_10_9_x86_64"}
    for arch, tag in tags.items():
        code = native("demo", makers.zig.extension("_c", arch))
        files = {**code, "demo/table.json": arch.encode()}
        made = make_wheel("demo", "1.0", native_tag(tag), files)
        (sandbox.work / made.filename).write_bytes(made.content)
    return sandbox


def hollow(makers: Makers) -> Sandbox:
    """Offer a hollow wheel, and have it in folders, too."""
    module = makers.zig.hollow_extension("c_uamqp", _NAMES)
    files = native("uamqp", module, "c_uamqp.cpython-310-darwin.so")
    _offer(makers, "uamqp-1.6.1", _HOLLOW, files)
    sandbox = _arm64(makers)
    name = f"uamqp-1.6.1-{_HOLLOW}.whl"
    for folder in (sandbox.work, sandbox.work / "dist"):
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(makers.index.content(name))
    return sandbox


def an_error(makers: Makers) -> Sandbox:
    """Have a package installed that cannot load, and the message of it in a file."""
    code = {f"_cffi_backend{SUFFIX}": makers.zig.extension("_cffi_backend", "x86_64")}
    _offer(makers, "cffi-1.15.1", UNIVERSAL2, code)
    sandbox = _arm64(makers)
    done = sandbox.run_pip("install", "cffi==1.15.1")
    assert done.code == 0, done
    text = _ERROR.format(path=sandbox.site / f"_cffi_backend{SUFFIX}")
    (sandbox.work / "error.txt").write_text(text, encoding="utf-8")
    return sandbox


SCENES: dict[str, Scene] = {
    "before and after": before_and_after,
    "first rescue": first_rescue,
    "app for both": app_for_both,
    "filled for arm64": filled_for_arm64,
    "a pair": a_pair,
    "no pair": no_pair,
    "hollow": hollow,
    "an error": an_error,
    "a Mac": _arm64,
}
"""By the name that stands before a block: `<!-- example: a Mac -->`."""
