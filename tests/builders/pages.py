"""The documentation as the tests read it: pages, sections, code blocks, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))
"""What people read: the README and all pages."""

_FENCE = re.compile(
    r"(?:^<!-- example: (?P<scene>[\w -]+) -->\n)?^```(?P<language>[\w{}-]*)[^\n]*\n"
    r"(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_PROMPT = "$ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block; with a `scene` it is run there, and its output is compared."""

    page: str
    line: int
    language: str
    text: str
    scene: str = ""

    def commands(self) -> Iterator[tuple[str, str]]:
        """Yield each command behind a prompt, its continued lines joined, and what it prints."""
        command, printed = "", list[str]()
        continued = False
        for line in self.text.splitlines():
            if continued:
                command += line.strip().removesuffix("\\")
            elif line.startswith(_PROMPT):
                if command:
                    yield command, "\n".join(printed)
                command, printed = line.removeprefix(_PROMPT).removesuffix("\\"), []
            else:
                printed.append(line)
            continued = line.endswith("\\") and (continued or line.startswith(_PROMPT))
        if command:
            yield command, "\n".join(printed)


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        yield Block(
            page=page.relative_to(ROOT).as_posix(),
            line=text.count("\n", 0, found.start("text")),
            language=found["language"],
            text=found["text"],
            scene=found["scene"] or "",
        )


def all_blocks() -> Iterator[Block]:
    """Yield the fenced blocks of all pages."""
    for page in PAGES:
        yield from blocks(page)


def section(page: Path, heading: str) -> str:
    """Return what stands under a heading of the second level, up to the next one."""
    parts = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (text,) = (part for part in parts if part.splitlines()[0] == heading)
    return text
