"""Pasted text and logs, without what terminals, browsers and CI put around the lines."""

from __future__ import annotations

import re

MOST_TEXT = 4 * 1024 * 1024
"""Characters that are read, from the end: a log fails there. Real ones are far smaller."""

# ECMA-48: control sequences, and the titles and links of OSC.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")

# What stands before each line of a log: GitHub (`gh run view` puts job and step before it),
# GitLab, BuildKit, docker compose, pytest, pip's box, a quoted mail.
_PREFIX = re.compile(
    r"(?:[^\t]{1,100}\t[^\t]{1,100}\t)?"
    r"\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ?(?:\d\d[OE][ +])?"
    r"|\#\d{1,6} \d{1,9}\.\d{1,9} "
    r"|[\w.-]{1,60} +\| "
    r"|E {2,10}"
    r"|\s{0,20}[│╰] "
    r"|(?:> ?){1,5}"
)

_SPELLINGS = {
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&amp;": "&",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{NO-BREAK SPACE}": " ",
    "\0": "",
}


def cleaned(text: str) -> str:
    """Return the end of the text as plain lines, with no two empty ones on end."""
    text = _ESCAPES.sub("", text[-MOST_TEXT:])
    for spelling, meant in _SPELLINGS.items():
        text = text.replace(spelling, meant)
    lines = [""]
    for line in text.splitlines():
        plain = _plain(line)
        if plain or lines[-1]:
            lines.append(plain)
    return "\n".join(lines).strip("\n")


def _plain(line: str) -> str:
    match = _PREFIX.match(line)
    return line[match.end() :].rstrip() if match else line.rstrip()
