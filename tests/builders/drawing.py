"""Small drawings as SVG: cards with words, arrows between them, and what a terminal showed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape

STYLE = """
text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1b1f24 }
.title { font-weight: 600; font-size: 15px }
.code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px }
.back { fill: #ffffff } .line { stroke: #5b6572; stroke-width: 1.5; fill: none }
.head { fill: #5b6572 }
.plain { fill: #f2f4f7; stroke: #98a1ad } .good { fill: #e3f4e6; stroke: #2f7d3b }
.bad { fill: #fdeceb; stroke: #b3261e }
@media (prefers-color-scheme: dark) {
text { fill: #e8eaed } .back { fill: #16191d } .line { stroke: #9aa4b1 } .head { fill: #9aa4b1 }
.plain { fill: #23282e; stroke: #67717e } .good { fill: #16331d; stroke: #5fbf73 }
.bad { fill: #3a1c1b; stroke: #f0857d }
}
"""
"""Each drawing has a ground of its own, so that it can be read on any page."""

_TOP, _LINE, _BOTTOM, _INDENT = 25, 20, 13, 16


class Kind(Enum):
    """What a card stands for; its words say so too."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A rounded box with a title and lines below it; what stands in backticks is typed."""

    x: int
    y: int
    width: int
    title: str
    lines: tuple[str, ...] = ()
    kind: Kind = Kind.PLAIN

    @property
    def height(self) -> int:
        """How high the words make it."""
        return _TOP + _LINE * len(self.lines) + _BOTTOM

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.y + self.height

    def drawn(self) -> Iterator[str]:
        """Yield its elements."""
        yield (
            f'<rect class="{self.kind.value}" x="{self.x}" y="{self.y}" width="{self.width}" '
            f'height="{self.height}" rx="8"/>'
        )
        for number, line in enumerate((self.title, *self.lines)):
            at = self.y + _TOP + _LINE * number
            yield words(line, self.x + _INDENT, at, "" if number else "title")


def words(text: str, x: int, y: int, kind: str = "", anchor: str = "start") -> str:
    """Return a line of text."""
    parts = text.split("`")
    spans = (f'<tspan class="code">{escape(p)}</tspan>' if i % 2 else escape(p)
             for i, p in enumerate(parts))  # fmt: skip
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{named} text-anchor="{anchor}">{"".join(spans)}</text>'


def arrow(*points: tuple[int, int]) -> str:
    """Return a line through these points with a head at its end."""
    path = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline class="line" points="{path}" marker-end="url(#head)"/>'


def picture(width: int, height: int, label: str, parts: Iterable[str]) -> str:
    """Return a whole drawing."""
    head = (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path class="head" d="M0,0 L8,4 L0,8 z"/></marker></defs>'
    )
    return _document(width, height, label, STYLE, [head, *parts])


def _document(width: int, height: int, label: str, style: str, parts: Iterable[str]) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    named = f'role="img" aria-label="{escape(label)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named}>',
            f"<style>{style}</style>",
            f'<rect class="back" width="{width}" height="{height}" rx="10"/>',
            *parts,
            "</svg>\n",
        ]
    )


_SGR = re.compile(r"\x1b\[([\d;]*)m")
_LOOKS = {"1": "bold", "31": "red", "32": "green", "33": "yellow", "35": "magenta"}
_TERMINAL = """
text { font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d7dce2;
white-space: pre }
.back { fill: #1b1f24 } .bold { font-weight: 700 } .prompt { fill: #8ab4f8 }
.red { fill: #ff8a80 } .green { fill: #7bd88f } .yellow { fill: #f2cc60 } .magenta { fill: #d7a6ff }
"""
_ADVANCE, _ROW, _EDGE = 7.9, 19, 18


def terminal(command: str, output: str, label: str) -> str:
    """Return a picture of a terminal in which a command was typed; escapes set the colours."""
    rows = output.expandtabs().splitlines()
    longest = max(len(_SGR.sub("", row)) for row in (f"$ {command}", *rows))
    width = round(longest * _ADVANCE) + 2 * _EDGE
    drawn = [_typed(f'<tspan class="prompt">$</tspan> {escape(command)}', 0)]
    drawn += [_typed("".join(_coloured(row)), n) for n, row in enumerate(rows, 1)]
    return _document(width, _ROW * (len(rows) + 1) + 2 * _EDGE, label, _TERMINAL, drawn)


def _typed(spans: str, row: int) -> str:
    return f'<text x="{_EDGE}" y="{_EDGE + 13 + _ROW * row}" xml:space="preserve">{spans}</text>'


def _coloured(row: str) -> Iterator[str]:
    looks: Sequence[str] = ()
    pieces = _SGR.split(row)
    for index, piece in enumerate(pieces):
        if index % 2:
            codes = piece.split(";")
            looks = [_LOOKS[code] for code in codes if code in _LOOKS]
        elif piece:
            text = escape(piece)
            yield f'<tspan class="{" ".join(looks)}">{text}</tspan>' if looks else text
