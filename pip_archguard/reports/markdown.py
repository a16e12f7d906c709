"""Prose as Markdown (GitHub's), in which nothing that came from outside is markup."""

from __future__ import annotations

import re

from pip_archguard.reports.wording import visible

# Beside markup, what GFM makes a link or a mention of: `https://`, `www.`, `@name`.
_MARKUP = re.compile(r"[\\*_\[\]~|$#<>&@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_BAR = r"\x7c"
_BACKTICK = r"\x60"
_ENTITIES = {c: f"&#{ord(c)};" for c in "@:."} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def markdown(text: str) -> str:
    """Return prose with `names` in it as Markdown for one cell; nothing else is markup."""
    pieces = []
    for index, piece in enumerate(text.split("`")):
        shown = visible(piece)
        if index % 2 == 0:
            # Two spans of code that touched would be one.
            pieces.append(_MARKUP.sub(_escaped, shown) or " ")
        elif shown:
            # A table ends its cells before it looks at code, whatever stands before a bar.
            pieces.append(f"`{shown.replace('|', _BAR)}`")
    return "".join(pieces).strip()


def code(name: str) -> str:
    """Return a name as one span of code for one cell."""
    shown = visible(name).replace("|", _BAR).replace("`", _BACKTICK)
    return f"`{shown}`" if shown.strip() else ""


def _escaped(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0], f"\\{match[0]}")
