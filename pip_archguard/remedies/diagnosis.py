"""What a failed source build seems to have lacked, read from its output."""

from __future__ import annotations

import re

from pip_archguard.model.failure import Lack, Lacking

MOST_LACKING = 3
"""What follows the first few complaints of a build is mostly their consequence."""

_MOST_READ = 400_000
"""Characters of output, from its end."""

_LONGEST_LINE = 1000

_NAME = r"['\"`]?(?P<name>[\w@.+/-]{1,200}?)['\"`]?"
_COMPILERS = frozenset({"cc", "c++", "clang", "clang++", "gcc", "g++", "xcrun", "make"})

# What compilers, linkers and build systems write, as of 2026; the first that fits names it.
_SIGNS: tuple[tuple[Lack, re.Pattern[str]], ...] = tuple(
    (lack, re.compile(pattern, re.IGNORECASE))
    for lack, pattern in (
        (Lack.COMPILER, r"xcrun: error: (?P<name>invalid active developer path)"),
        (Lack.COMPILER, r"xcode-select: .{0,10}(?P<name>no developer tools were found)"),
        (Lack.TOOL, rf"(?:error: command|unable to execute) {_NAME}(?: failed)?: No such file"),
        (Lack.TOOL, rf"FileNotFoundError: \[Errno 2\] No such file or directory: {_NAME}$"),
        (Lack.TOOL, rf"^(?:/bin/)?(?:ba|z)?sh: (?:line )?(?:\d+: )?{_NAME}: (?:command )?not f"),
        (Lack.TOOL, rf"{_NAME}: command not found"),
        (Lack.TOOL, r"(?P<name>cmake) (?:must be|is not|isn't|was not|is required)"),
        (Lack.TOOL, r"(?:not|can't|unable to) find (?:an? )?(?P<name>cmake|rust|cargo)\b"),
        (Lack.TOOL, r"cargo, the (?P<name>rust) package manager, is not installed"),
        (Lack.TOOL, r"Unknown compiler\(s\): \[\['(?P<name>gfortran)'"),
        (Lack.TOOL, r"(?P<name>pg_config|mysql_config|pkg-config)(?: executable)?:? (?:is )?not f"),
        (Lack.TOOL, r"(?P<name>pkg-config) (?:is required|and .{0,40}not found)"),
        (Lack.HEADER, rf"fatal error: {_NAME}(?: file)? not found$"),
        (Lack.HEADER, rf"fatal error: {_NAME}: No such file or directory$"),
        (Lack.FLAG, r"error: .*\[(?:-Werror,)?-W(?P<name>[a-z0-9-]{3,60})\]$"),
        (Lack.OTHER_ARCHITECTURE, rf"ignoring file {_NAME}[,:] (?:building for|found arch)"),
        (Lack.LIBRARY, r"ld(?:64)?: (?:error: )?library not found for -l(?P<name>[\w.+-]+)"),
        (Lack.LIBRARY, rf"ld: library {_NAME} not found"),
        (Lack.LIBRARY, r"(?:cannot|unable to) find (?:library )?-l(?P<name>[\w.+-]+)"),
        (Lack.LIBRARY, rf"No package {_NAME} found"),
        (Lack.LIBRARY, rf"Package {_NAME} was not found in the pkg-config search path"),
        (Lack.LIBRARY, rf"(?:Could NOT find|Dependency) {_NAME} (?:\(missing|not found)"),
        (Lack.MODULE, rf"ModuleNotFoundError: No module named {_NAME}$"),
        (Lack.MODULE, rf"BackendUnavailable: Cannot import {_NAME}$"),
    )
)  # fmt: skip


def diagnose(output: str) -> tuple[Lacking, ...]:
    """Name what the output of a failed build says is missing, each once, the first first.

    Nothing is named that the output does not name; for most failures that is nothing.
    """
    lines = (line.strip()[:_LONGEST_LINE] for line in output[-_MOST_READ:].splitlines())
    found = dict.fromkeys(each for line in lines if (each := _lacking(line)) is not None)
    return tuple(found)[:MOST_LACKING]


def _lacking(line: str) -> Lacking | None:
    matches = ((lack, sign.search(line)) for lack, sign in _SIGNS)
    return next((_named(lack, match["name"]) for lack, match in matches if match), None)


def _named(lack: Lack, name: str) -> Lacking:
    program = name.rpartition("/")[2].lower()
    if lack is Lack.COMPILER or (lack is Lack.TOOL and program in _COMPILERS):
        return Lacking(lack=Lack.COMPILER)
    return Lacking(lack=lack, name=program if lack is Lack.TOOL else name)
