"""What a file's path says: importable by this Python, or one of several per architecture."""

from __future__ import annotations

import re

from pip_archguard.model.arch import Arch
from pip_archguard.model.naming import without_archs
from pip_archguard.model.target import System, Target

# PEP 3149 and its PyPy and GraalPy kin: `x.cpython-312-darwin.so`, `x.pypy310-pp73-darwin.so`.
_TAGS = ("cpython", "pypy", "graalpy")

# What tells, in such a name, that a file is for Linux, and for which processor.
_LINUX = r"-(?P<machine>[a-z0-9_]+)-linux-[a-z0-9]+\.so$"
_MACHINES = {
    "aarch64": Arch.ARM64,
    "arm": Arch.ARM,
    "i386": Arch.I386,
    "powerpc64le": Arch.PPC64LE,
}

_TESTS = frozenset({"test", "tests"})
_STABLE = (".abi3.so", ".abi3t.so")  # PEP 384, and PEP 803 for free-threaded Pythons
_SOME_SUFFIXES = (*_STABLE, ".so")


def module_of(path: str, target: Target) -> str | None:
    """Return the importable part of the path without its suffix, or None.

    The longest suffix wins, as `importlib.machinery.FileFinder` takes the first that fits.
    A target that names no Python stands for all of them.
    """
    for suffix in sorted(target.suffixes or _SOME_SUFFIXES, key=len, reverse=True):
        if path.endswith(suffix) and path.rpartition("/")[2] != suffix:
            module = path.removesuffix(suffix)
            if target.suffixes:
                return module
            untagged = _untagged(path)
            return module if untagged is None else untagged
    return None


def module_elsewhere(path: str, target: Target) -> str | None:
    """Return the path without its suffix if that is the target's Python's on another system.

    So for CPython 3.12 on a Mac `x.cpython-312-x86_64-linux-gnu.so` is the module `x`.
    """
    folder, inside, name = path.rpartition("/")
    for suffix in target.suffixes:
        python, version, here = (*suffix.split("-", 2), "", "")[:3]
        stem, found, there = name.partition(f"{python}-{version}-")
        if here and found and stem and there != here:
            return f"{folder}{inside}{stem}"
    return None


def is_tagged(path: str) -> bool:
    """Whether the name says for which Python the file is an extension module."""
    return path.endswith(_STABLE) or _untagged(path) is not None


def _untagged(path: str) -> str | None:
    """Return the path without such a tag and the suffix behind it, None if it has none."""
    tagged, _, suffix = path.rpartition(".")
    stem, dot, tag = tagged.rpartition(".")
    if dot and suffix in ("so", "pyd"):
        for name in _TAGS:
            if tag.startswith(name) and tag.removeprefix(name).removeprefix("-")[:1].isdecimal():
                return stem
    return None


def is_module_name(path: str) -> bool:
    """Whether the name is that of an extension module rather than of a library.

    A bare `libx.so` is one that Python code opens by ctypes, by every custom.
    """
    name = path.rpartition("/")[2]
    return is_tagged(path) or (name.endswith(".so") and not name.startswith("lib"))


def is_for_other_python(path: str, target: Target) -> bool:
    """Whether the name is that of an extension module for a Python other than the target's.

    A target that names no Python stands for all of them; on Linux, for those that have the
    target's processor in their suffixes.
    """
    if not is_tagged(path):
        return False
    if not target.suffixes:
        return target.system is System.LINUX and not _is_for_linux_on(target.arch, path)
    return not any(path.endswith(suffix) for suffix in target.suffixes if is_tagged("x" + suffix))


def _is_for_linux_on(arch: Arch, path: str) -> bool:
    if path.endswith(_STABLE):
        return True
    found = re.search(_LINUX, path)
    if found is None:
        return not path.endswith(("-darwin.so", ".pyd"))
    machine = found["machine"]
    return _MACHINES.get(machine, machine) in (arch, arch.value)


def is_test_data(path: str) -> bool:
    """Whether the file lies in a folder of tests, where a program is material, not a tool."""
    return not _TESTS.isdisjoint(path.split("/")[:-1])


def role(path: str) -> str:
    """Return the file name without architecture words.

    It is equal for files that stand in for one another, one for each architecture.
    """
    name = without_archs(path.rpartition("/")[2])
    return re.sub(r"[._-]+", ".", name)
