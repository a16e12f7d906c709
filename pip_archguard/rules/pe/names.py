"""What a path says on Windows: importable by this Python, or one of several per machine."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from pip_archguard.model.arch import Arch
from pip_archguard.model.target import Target

_SUFFIX = ".pyd"

# `.cp312-win_amd64.pyd` (CPython `PC/pyconfig.h`, PYD_PLATFORM_TAG), and their PyPy kin.
_TAGGED = re.compile(
    r"\.(?P<python>(?:cp|cpython-|pypy|graalpy)\d[^.]*?)(?:-(?P<platform>win[^.-]*))?\.pyd$"
)

_WORDS = {
    **dict.fromkeys(("arm64", "aarch64", "arm64ec", "arm64x"), Arch.ARM64),
    **dict.fromkeys(("x86_64", "x86-64", "amd64", "x64", "win64", "64bit"), Arch.X86_64),
    **dict.fromkeys(("i386", "i686", "ia32", "x86", "win32", "32bit"), Arch.I386),
    **dict.fromkeys(("arm", "arm32"), Arch.ARM),
}
_ALONE = ("arm", "win32", "win64")  # `alarm.dll` and `pywin32` name no machine
_ANYWHERE = sorted(_WORDS.keys() - set(_ALONE), reverse=True)  # libportaudioarm64.dll
_WORD = re.compile(rf"(?:{'|'.join(_ANYWHERE)}|(?<![a-z0-9])(?:{'|'.join(_ALONE)}))(?![a-z0-9])")
_BITS = re.compile(r"(?:32|64)(?!\d)")  # WinDivert32.dll and WinDivert64.dll

_OF_THE_PROCESS = (
    *("python[23]*.dll", "vcruntime140*.dll", "ucrtbase*.dll"),
    *("api-ms-win-*.dll", "ext-ms-win-*.dll"),
)
_ONLY_IMPORTED = (
    *("msvc[pr]*.dll", "vc[a-z]*[0-9]*.dll", "concrt*.dll", "mfc*.dll", "atl*.dll"),
    "d3dcompiler_*.dll",
)


def module_of(path: str, target: Target) -> str | None:
    """Return the importable part of a path, None if the target's Python imports no such name."""
    tag = _TAGGED.search(path)
    if not path.endswith(_SUFFIX):
        return None
    if tag is None:
        return path.removesuffix(_SUFFIX)
    if is_for_other_python(path, target) or is_for_other_platform(path, target):
        return None
    return path[: tag.start()]


def is_for_other_python(path: str, target: Target) -> bool:
    """Whether the name is that of an extension module for another Python, of any platform."""
    tag = _TAGGED.search(path)
    if tag is None or not target.suffixes:
        return False
    return tag["python"] not in {t["python"] for s in target.suffixes if (t := _TAGGED.search(s))}


def is_for_other_platform(path: str, target: Target) -> bool:
    """Whether the name is that of an extension module for Windows on another processor."""
    tag = _TAGGED.search(path)
    return tag is not None and tag["platform"] not in (None, _PLATFORMS.get(target.arch))


_PLATFORMS = {
    Arch.X86_64: "win_amd64",
    Arch.ARM64: "win_arm64",
    Arch.I386: "win32",
    Arch.ARM: "win_arm32",
}


def is_module_name(path: str) -> bool:
    """Whether the name is that of an extension module for any Python."""
    return path.endswith(_SUFFIX)


def is_tagged(path: str) -> bool:
    """Whether the name says for which Python the file is an extension module."""
    return _TAGGED.search(path) is not None


def archs_named(path: str) -> frozenset[Arch]:
    """Return the architectures that are written into a path, as people do on Windows."""
    return frozenset(_WORDS[word] for word in _WORD.findall(path.lower()))


def role(path: str) -> str:
    """Return the file name without what tells machines apart."""
    name = _BITS.sub("", _WORD.sub("", PurePosixPath(path).name.lower()))
    return re.sub(r"[._-]+", ".", name)


def is_of_the_process(name: str) -> bool:
    """Whether a process of Python has a DLL of this base name already, before any import.

    Windows takes a DLL that is loaded for whatever asks for its name (Microsoft,
    "Dynamic-link library search order"), so one of that name in a wheel is never used.
    """
    return any(fnmatchcase(name.lower(), pattern) for pattern in _OF_THE_PROCESS)


def is_only_imported(name: str) -> bool:
    """Whether a DLL of this base name is Microsoft's, which no package opens by its name.

    Such come along by whole folders: PySide6 6.12.0 for win_arm64 has a `vccorlib140.dll` for
    32-bit Arm, cefpython3 66.1 for win_amd64 a `d3dcompiler_43.dll` for x86. Nothing imports
    them, and Windows has the newest compiler of Direct3D itself.
    """
    return any(fnmatchcase(name.lower(), pattern) for pattern in _ONLY_IMPORTED)
