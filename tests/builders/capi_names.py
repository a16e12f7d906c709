"""The names Python itself exports: from its headers, and from its own table of symbols.

Run as a script, it prints them for the Python that runs it; given a file, it adds them there.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_FOLDERS = (".", "cpython", "internal")
"""Where CPython's headers are; other folders there belong to whoever was installed."""

_PYTHONS_OWN = re.compile(r"_{0,2}P[yY]\w*")
_A_MODULES_OWN = re.compile(r"PyInit_|PyInitU_|PyModExport_")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*", re.DOTALL | re.MULTILINE)
_MARK = re.compile(r"\bPyAPI_(?:FUNC|DATA)\s*(?=\()")
_DECLARED = re.compile(r"[\s*]*(?:\w+\s+)*(?:\(\s*\*\s*)?(\w+)\s*(?=[\[(),;=])")
"""What stands behind the type: attributes, and the name, perhaps a pointer to a function."""
_ONE_MORE = re.compile(r"\s*,[\s*]*(\w+)")


def names_in_headers(folder: Path) -> set[str]:
    """Return every name these headers of CPython mark as exported, on whatever system."""
    headers = [header for name in _FOLDERS for header in (folder / name).glob("*.h")]
    return {name for header in headers for name in _marked(header) if _is_pythons(name)}


def names_exported(program: Path) -> set[str]:
    """Return Python's names among those that a program or library (ELF) lets others use."""
    command = ["nm", "-D", "--defined-only", "--format=posix", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    names = (line.split(maxsplit=1)[0].partition("@")[0] for line in done.stdout.splitlines())
    return {name for name in names if _is_pythons(name)}


def running_headers() -> Path:
    """Return where the running interpreter keeps its headers; nothing may be there."""
    return Path(sysconfig.get_path("include"))


def _running_program() -> Path:
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        folder, name = map(str, sysconfig.get_config_vars("LIBDIR", "INSTSONAME"))
        return Path(folder, name)
    return Path(sys.executable).resolve()


def _is_pythons(name: str) -> bool:
    return bool(_PYTHONS_OWN.fullmatch(name)) and not _A_MODULES_OWN.match(name)


def _marked(header: Path) -> Iterator[str]:
    text = _COMMENT.sub(" ", header.read_text(encoding="utf-8", errors="replace"))
    text = _DIRECTIVE.sub("", text)
    for mark in _MARK.finditer(text):
        found = _DECLARED.match(text, _after_parentheses(text, mark.end()))
        while found:
            yield found[1]
            found = _ONE_MORE.match(text, found.end())


def _after_parentheses(text: str, at: int) -> int:
    depth = 0
    for offset, character in enumerate(text[at:], at):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if not depth:
            return offset + 1
    return len(text)


def main(arguments: list[str]) -> None:
    """Print the names of the running Python, or add them to a list."""
    names = names_in_headers(running_headers()) | names_exported(_running_program())
    text = "".join(f"{name}\n" for name in sorted(names))
    if not arguments:
        sys.stdout.write(text)
        return
    known = Path(arguments[0])
    names.update(known.read_text(encoding="ascii").split())
    known.write_text("".join(f"{name}\n" for name in sorted(names)), encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
