"""Facts of a Mach-O file as LLVM's tools print them, in the same shape as ours."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from builders.delocate_check import llvm_tool
from pip_archguard.binaries.python_api import is_python_api
from pip_archguard.model.binary import Dependency, Kind

TOOLS = ("llvm-objdump", "llvm-nm", "llvm-lipo")

_KINDS = {
    "BUNDLE": Kind.BUNDLE,
    "DYLIB": Kind.DYLIB,
    "EXECUTE": Kind.EXECUTABLE,
    "OBJECT": Kind.OBJECT,
    "DSYM": Kind.DSYM,
}
_PLATFORMS = {"macos": 1, "ios": 2, "tvos": 3, "watchos": 4}
_LOADS = {
    "LC_LOAD_DYLIB": Dependency(install_name=""),
    "LC_LOAD_WEAK_DYLIB": Dependency(install_name="", weak=True),
    "LC_REEXPORT_DYLIB": Dependency(install_name="", reexported=True),
    "LC_LOAD_UPWARD_DYLIB": Dependency(install_name=""),
    "LC_LAZY_LOAD_DYLIB": Dependency(install_name=""),
}
_SYSTEM = ("/usr/lib/", "/System/Library/")
_COMMAND = re.compile(r"^Load command \d+\n", re.MULTILINE)
_FIELD = re.compile(r"^ *(\w+) (.*)$", re.MULTILINE)
_NAME = re.compile(r"^(.*) \(offset \d+\)$")
_UNDEFINED = re.compile(
    r"\(undefined(?: \[lazy bound\])?\) (?P<weak>weak )?external (?:\[\w[\w ]*\] )*"
    r"(?P<name>\S.*?)(?: \((?:from (?P<library>.+)|(?P<flat>dynamically looked up))\))?$"
)
_DEFINED = re.compile(
    r"^ *\w* ?\((?!undefined)[^)]*\) (?:\[[^\]]*\] )*(?:weak )?external "
    r"(?:\[[^\]]*\] )*(?P<name>\S+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LlvmSlice:
    """One slice; `imports` name libraries by their short names, as `nm` does."""

    kind: Kind
    platform: int | None
    min_os: tuple[int, ...] | None
    dependencies: tuple[Dependency, ...]
    rpaths: tuple[str, ...]
    install_name: str | None
    signed: bool
    two_level: bool
    flat_lookups: frozenset[str]
    imports: frozenset[tuple[str, str]]
    exports: frozenset[str]

    def imports_from_others(self) -> frozenset[tuple[str, str]]:
        """Return the imports from libraries that are not the system's, nor linked weakly."""
        known = {
            short_name(d.install_name)
            for d in self.dependencies
            if d.weak or d.install_name.startswith(_SYSTEM)
        }
        return frozenset((name, library) for name, library in self.imports if library not in known)


def llvm_archs(file: Path) -> tuple[str, ...]:
    """Return the architectures in their order in the file."""
    return tuple(_run("llvm-lipo", str(file), "-archs").split())


def llvm_slices(file: Path) -> list[LlvmSlice]:
    """Return what the headers and the symbol tables of a file say, slice by slice."""
    headers = _run("llvm-objdump", "--macho", "--private-headers", "--arch=all", str(file))
    symbols = _run("llvm-nm", "--format=darwin", "--arch=all", str(file))
    pairs = zip(_parts(headers, file), _parts(symbols, file), strict=True)
    return [_slice(head, table) for head, table in pairs]


def bound_names(file: Path) -> frozenset[str]:
    """Return all names in the bind opcodes of a file's slices."""
    text = _run("llvm-objdump", "--macho", "--bind", "--lazy-bind", "--arch=all", str(file))
    return frozenset(line.split()[-1] for line in text.splitlines() if line.strip())


def _run(name: str, *arguments: str) -> str:
    tool = llvm_tool(name)
    if tool is None:
        raise FileNotFoundError(name)
    done = subprocess.run([tool, *arguments], capture_output=True, timeout=120, check=True)
    return done.stdout.decode("utf-8", "backslashreplace")


def _parts(text: str, file: Path) -> list[str]:
    """Return the text of each slice, which follows a line with the name of the file."""
    head = rf"^{re.escape(str(file))}(?: \((?:for )?architecture \w+\))?:\n"
    found = re.split(head, text, flags=re.MULTILINE)
    return found[1:] or [text]


def _slice(head: str, symbols: str) -> LlvmSlice:
    header, *commands = _COMMAND.split(head)
    kind, flags = _header(header)
    found = [dict(_FIELD.findall(command)) for command in commands]
    dependencies = tuple(_dependencies(found))
    two_level = "TWOLEVEL" in flags
    lines = symbols.splitlines()
    undefined = [m for line in lines if (m := _UNDEFINED.search(line))]
    strong = [m for m in undefined if not m["weak"]]
    flat = {m["name"] for m in strong if m["flat"] or not two_level}
    platform, min_os = _platform(found)
    return LlvmSlice(
        kind=kind,
        platform=platform,
        min_os=min_os,
        dependencies=dependencies,
        rpaths=tuple(_name(f["path"]) for f in found if f["cmd"] == "LC_RPATH"),
        install_name=next((_name(f["name"]) for f in found if f["cmd"] == "LC_ID_DYLIB"), None),
        signed=any(f["cmd"] == "LC_CODE_SIGNATURE" for f in found),
        two_level=two_level,
        flat_lookups=frozenset(n for n in flat if not is_python_api(n.encode())),
        imports=frozenset((m["name"], m["library"]) for m in strong if m["library"]),
        exports=frozenset(m["name"] for line in lines if (m := _DEFINED.search(line))),
    )


def _header(text: str) -> tuple[Kind, frozenset[str]]:
    """Return the file type and the flags: the fifth word, and those from the eighth on."""
    words = text.strip().splitlines()[-1].split()
    return _KINDS.get(words[4], Kind.OTHER), frozenset(words[7:])


def _dependencies(commands: list[dict[str, str]]) -> Iterator[Dependency]:
    for fields in commands:
        like = _LOADS.get(fields["cmd"])
        if like is not None:
            yield Dependency(
                install_name=_name(fields["name"]), weak=like.weak, reexported=like.reexported
            )


def _platform(commands: list[dict[str, str]]) -> tuple[int | None, tuple[int, ...] | None]:
    found: list[tuple[int, tuple[int, ...]]] = []
    for fields in commands:
        if fields["cmd"] == "LC_BUILD_VERSION":
            found.append((_PLATFORMS.get(fields["platform"].lower(), 0), _version(fields["minos"])))
        elif fields["cmd"] == "LC_VERSION_MIN_MACOSX":
            found.append((1, _version(fields["version"])))
    mac = [each for each in found if each[0] == 1]
    return next(iter(mac or found), (None, None))


def _version(text: str) -> tuple[int, ...]:
    numbers = tuple(map(int, text.split(".")))
    return numbers + (0,) * (3 - len(numbers))


def _name(text: str) -> str:
    match = _NAME.match(text)
    return match[1] if match else text


def short_name(install_name: str) -> str:
    """Return what LLVM calls a library in short (`MachOObjectFile::guessLibraryShortName`)."""
    name = PurePosixPath(install_name).name.removesuffix(".dylib")
    for _ in range(2):  # versions of one character each: `libkrb5.3.3`, `libATS.A`
        name = name[:-2] if name[-2:-1] == "." else name
    return name
