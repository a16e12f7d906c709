"""A target that options name: `--platform`, `--python-version`, `--implementation`, `--abi`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pip_archguard.hosts.names import UNIVERSAL2, archs_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target

# `re` compiles these when a target is named, for most runs name none.
_MAC = r"macosx_(?P<major>\d{1,4})_(?P<minor>\d{1,4})_(?P<arch>\w+)"
_PYPY = r"pypy(\d)(\d+)_pp(\d+)"
_FIRST_FREE = 13
_FIRST_STABLE_FREE = 15  # PEP 803


def named_targets(
    running: Target,
    *,
    platforms: Sequence[str] = (),
    python_version: tuple[int, ...] | None = None,
    implementation: str | None = None,
    abis: Sequence[str] = (),
) -> tuple[Target, ...]:
    """Return the targets that pip's options name, or the running one where they name none.

    `python_version` is pip's tuple, `(3, 10)` or `(3,)`. Of several macOS platforms the
    thin ones decide; `universal2` beside them only lets more wheels in.
    """
    python = python_tag(running, python_version, implementation)
    named = bool(abis)
    abis = abis or _threading(running, python)
    if not platforms:
        if python == running.python and not named:
            return (running,)
        found: list[Target] = [running]
    else:
        found = platform_targets(platforms)
    return tuple(t._replace(python=python, suffixes=suffixes_of(t, python, abis)) for t in found)


def for_archs(targets: Iterable[Target], names: Iterable[str]) -> tuple[Target, ...]:
    """Return the targets with `--arch` in place of their own architectures.

    One of another architecture is `foreign`: the process at hand is not what it describes.
    """
    archs = dict.fromkeys(arch for name in names for arch in archs_of(name))
    first = dict.fromkeys(_as_arch(t, arch) for arch in archs for t in targets)
    return tuple(first) or tuple(targets)


def _as_arch(target: Target, arch: Arch) -> Target:
    """Return a target as another architecture, which but on a Mac is part of its suffixes."""
    foreign = not target.named and arch is not target.arch
    made = target._replace(arch=arch, foreign=foreign)
    if target.system is System.MACOS or arch is target.arch or not target.suffixes:
        return made
    abis = _threading(target, target.python)
    return made._replace(suffixes=suffixes_of(made, target.python, abis))


def platform_targets(platforms: Sequence[str]) -> list[Target]:
    """Return the machines that platform tags name, each once: that of the newest tag."""
    thin: dict[Target, None] = {}
    both: dict[Target, None] = {}
    for name in platforms:
        if mac := re.fullmatch(_MAC, name):
            version = (int(mac["major"]), int(mac["minor"]))
            into = both if mac["arch"] == UNIVERSAL2 else thin
            for arch in archs_of(mac["arch"]):
                into[Target(system=System.MACOS, arch=arch, os_version=version, named=True)] = None
        elif "linux" in name:
            from pip_archguard.hosts.linux import linux_targets  # noqa: PLC0415 - not for Macs

            thin.update(dict.fromkeys(linux_targets(name)))
        elif name.startswith("win"):
            from pip_archguard.hosts.windows import windows_targets  # noqa: PLC0415 - not for Macs

            thin.update(dict.fromkeys(windows_targets(name)))
    newest: dict[tuple[object, ...], Target] = {}
    for target in sorted(thin or both, key=lambda t: t.os_version):
        newest[target.system, target.arch, target.libc] = target
    # `linux_x86_64` beside `manylinux…` only lets more wheels in.
    plain = {key for key in newest if any(k[:2] == key[:2] and k[2] for k in newest)}
    return [t for key, t in newest.items() if t.libc is not None or key not in plain]


def python_tag(running: Target, version: tuple[int, ...] | None, implementation: str | None) -> str:
    """Return the tag of the Python that pip's options name, such as `cp310`."""
    match = re.fullmatch(r"([a-z]+)(\d*)", running.python)
    name, digits = (match[1], match[2]) if match else ("cp", "")
    return (implementation or name) + ("".join(map(str, version[:2])) if version else digits)


def _threading(running: Target, python: str) -> tuple[str, ...]:
    """Return the ABI that pip goes by where none is named: a free-threaded one takes its own.

    (`packaging.tags`, `_cpython_abis`: from CPython 3.13 on, as the running one is built.)
    """
    free = any(re.search(r"\.cp(?:ython-)?\d+t-", suffix) for suffix in running.suffixes)
    match = re.fullmatch(r"cp3(\d{1,4})", python)
    return (f"{python}t",) if free and match and int(match[1]) >= _FIRST_FREE else ()


def suffixes_of(machine: Target, python: str, abis: Sequence[str]) -> tuple[str, ...]:
    """Return what the named Python imports on a machine (CPython `dynload_shlib.c`)."""
    if machine.system is System.LINUX:
        from pip_archguard.hosts.linux import linux_suffixes  # noqa: PLC0415 - not for Macs

        return linux_suffixes(machine, (*abis, python))
    if machine.system is System.WINDOWS:
        from pip_archguard.hosts.windows import windows_suffixes  # noqa: PLC0415 - not for Macs

        return windows_suffixes(machine, (*abis, python))
    if machine.system is not System.MACOS:
        return ()
    for abi in (*abis, python):
        if pypy := re.fullmatch(_PYPY, abi):
            return (f".pypy{pypy[1]}{pypy[2]}-pp{pypy[3]}-darwin.so", ".so")
        if free := re.fullmatch(r"cp3(\d{1,4})t", abi):
            stable = [".abi3t.so"] if int(free[1]) >= _FIRST_STABLE_FREE else []
            return (f".cpython-{abi[2:]}-darwin.so", *stable, ".so")
        if re.fullmatch(r"cp\d{2,}[a-z]*", abi):
            return (f".cpython-{abi[2:]}-darwin.so", ".abi3.so", ".so")
    return ()
