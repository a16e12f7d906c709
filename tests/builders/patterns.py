"""Every regular expression of the package, and what it costs on text that is meant to be slow.

`main` runs all of them, and ends its process with an error if one takes too long; the last line
that it has written says which.
"""

from __future__ import annotations

import ast
import faulthandler
import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pip_archguard
from builders.hostile_text import hostile_texts

ROOT = Path(pip_archguard.__file__).parent
LENGTH = 40_000
"""Characters that each pattern meets, unless something bounds them: see LONGEST."""

SECONDS = 10
"""Those of any pattern; good ones take hundredths, and bad ones minutes."""

LONGEST = {
    "binaries/macho/opcodes.py:_TOKENS": 1_000,  # what has no end is the last that is looked at
    "remedies/diagnosis.py:_SIGNS": 1_000,  # `_LONGEST_LINE`
}
"""Patterns for which something else bounds the text, and how long it gets."""

MADE = {
    "sources/parsed.py:re.compile(b'(?<![0-9A-Za-z_])%s(?![0-9A-Za-z_])' % re.escape(needle))",
}
"""Patterns made at run time: fixed words, so that there is nothing to repeat."""

_USES = {"match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn"}


@dataclass(frozen=True, kw_only=True)
class Used:
    """A pattern of the package, where it stands, and how it is used."""

    place: str
    pattern: re.Pattern[Any]
    use: str

    def run(self, text: str) -> None:
        given: Any = text.encode("latin-1") if isinstance(self.pattern.pattern, bytes) else text
        match self.use:
            case "sub" | "subn":
                self.pattern.sub(given[:0], given)
            case "finditer":
                for _ in self.pattern.finditer(given):
                    pass
            case use:
                getattr(self.pattern, use)(given)


def patterns() -> Iterator[Used]:
    """Yield each pattern of the package, once for each way in which its module uses it."""
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "import re\n" in text:
            yield from _patterns_of(path.relative_to(ROOT), ast.parse(text))


def _patterns_of(path: Path, tree: ast.Module) -> Iterator[Used]:
    parts = ("pip_archguard", *path.with_suffix("").parts)
    names = vars(importlib.import_module(".".join(parts).removesuffix(".__init__")))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    compiled = {name: list(_compiled(value)) for name, value in names.items()}
    for name, found in compiled.items():
        if found and not name.startswith("__"):
            uses = {_attribute(call) for call in calls if _owner(call) == name} & _USES
            for pattern in found:
                for use in uses or {"search"}:
                    yield Used(place=f"{path.as_posix()}:{name}", pattern=pattern, use=use)
    known = {pattern.pattern for found in compiled.values() for pattern in found}
    for call in calls:
        if _owner(call) == "re" and _attribute(call) in {"compile", *_USES}:
            yield from _written(path.as_posix(), call, names, known)


def _compiled(value: object) -> Iterator[re.Pattern[Any]]:
    match value:
        case re.Pattern():
            yield value
        case tuple():
            for each in value:
                yield from _compiled(each)


def _written(place: str, call: ast.Call, names: dict[str, Any], known: set[Any]) -> Iterator[Used]:
    """Yield what is handed to `re` in a call, unless it is a table's, which is known."""
    use = _attribute(call)
    flags = next((k.value for k in call.keywords if k.arg == "flags"), None)
    place = f"{place}:{ast.unparse(call if use == 'compile' else call.args[0])}"
    if place in MADE or (use == "compile" and ast.unparse(call.args[0]) == "pattern"):
        return
    pattern = eval(ast.unparse(call.args[0]), names)  # noqa: S307 - our own code
    if use == "compile" and pattern in known:
        return
    bits = eval(ast.unparse(flags), names) if flags else 0  # noqa: S307 - as above
    compiled = pattern if isinstance(pattern, re.Pattern) else re.compile(pattern, bits)
    yield Used(place=place, pattern=compiled, use="search" if use == "compile" else use)


def _attribute(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _owner(call: ast.Call) -> str:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner.id if isinstance(owner, ast.Name) else ""


def main() -> None:
    """Run each pattern on its hostile texts, each under a limit that ends the process."""
    for used in patterns():
        sys.stdout.write(f"{used.place} {used.use}\n")
        sys.stdout.flush()
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        for text in hostile_texts(used.pattern, LONGEST.get(used.place, LENGTH)):
            used.run(text)
        faulthandler.cancel_dump_traceback_later()
