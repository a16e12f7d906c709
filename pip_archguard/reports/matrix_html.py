"""The matrix as one page that asks for nothing else: no script, font or picture from anywhere."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from pip_archguard.model.coverage import Cell, Cover, Coverage
from pip_archguard.reports import matrix_words as words
from pip_archguard.reports.matrix_advice import advice
from pip_archguard.reports.matrix_facts import facts_of
from pip_archguard.reports.matrix_grid import heading_of, legend, name_filter, table
from pip_archguard.reports.matrix_rows import Row, failures, rows_of, summary, told
from pip_archguard.reports.wording import visible

_PARTS = files(__package__).joinpath("page")


def coverage_html(coverage: Coverage) -> str:
    """Return the whole page, in ASCII and without a final newline.

    The policy in it (CSP) lets a browser run and apply only what is written here, by its hash.
    """
    style, script = _part("coverage.css"), _part("coverage.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    rows = rows_of(coverage)
    sources = ", ".join(map(visible, coverage.sources))
    title = f"Coverage of {sources}" if sources else "Coverage"
    lines = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style>\n</head>\n<body>",
        _part("symbols.svg").strip(),
        f"<header>\n<h1>{_title(coverage)}</h1>",
        f'<p class="lead">{escape(summary(coverage, rows))}</p>\n</header>\n<main>',
        *_main(coverage, rows),
        "</main>",
        *(_script(coverage, rows, script) if rows else ()),
        "</body>\n</html>",
    ]
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _part(name: str) -> str:
    return _PARTS.joinpath(name).read_text(encoding="ascii")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _title(coverage: Coverage) -> str:
    sources = ", ".join(f"<code>{escape(visible(name))}</code>" for name in coverage.sources)
    return f"Coverage of {sources}" if sources else "Coverage"


def _main(coverage: Coverage, rows: tuple[Row, ...]) -> Iterator[str]:
    failed = [
        f"<strong>{escape(label)}</strong>: {_prose(why)}" for label, why in failures(coverage)
    ]
    if failed:
        yield '<section class="card trouble">'
        yield "<h2>pip found no set of packages for</h2>"
        yield from (*_list(failed), "</section>")
    if rows:
        yield from name_filter(rows)
        yield from table(coverage, rows)
    yield '<div class="below">'
    todo = [*map(_prose, advice(coverage, rows))]
    if todo:
        yield '<section class="card">\n<h2>What to do</h2>'
        yield from (*_list(todo), "</section>")
    if rows:
        yield from legend(rows)
    yield "</div>"
    yield from _details(rows)


def _list(items: Iterable[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{item}</li>" for item in items)
    yield "</ul>"


def _details(rows: tuple[Row, ...]) -> Iterator[str]:
    troubled = [(row, [*told(row)]) for row in rows]
    troubled = [(row, said) for row, said in troubled if said]
    if not troubled:
        return
    yield '<details class="card">'
    yield f"<summary>In detail: {words.many(len(troubled), 'package')}</summary>"
    for row, said in troubled:
        yield f"<h3>{heading_of(row)}</h3>"
        for where, lines in said:
            yield f'<p class="where">{_prose(where)}</p>'
            yield from _list(map(_prose, lines))
    yield "</details>"


def _prose(text: str) -> str:
    """Return a sentence with the `names` in it as code."""
    pieces = enumerate(text.split("`"))
    return "".join(f"<code>{escape(p)}</code>" if i % 2 else escape(p) for i, p in pieces)


def _script(coverage: Coverage, rows: tuple[Row, ...], script: str) -> Iterator[str]:
    yield (
        '<dialog id="details" aria-labelledby="details-title">\n<header>'
        '<h2 id="details-title"></h2><button type="button" id="close">Close</button></header>\n'
        '<div id="details-body"></div>\n</dialog>'
    )
    yield f'<script type="application/json" id="data">{_data(coverage, rows)}</script>'
    yield f"<script>{script}</script>"


def _data(coverage: Coverage, rows: tuple[Row, ...]) -> str:
    """Return the details as JSON that no `</script>` ends; what is the same is there once."""
    details: dict[str, int] = {}
    cells = [[_index(details, cell) for cell in row.cells] for row in rows]
    content: dict[str, Any] = {
        "targets": [words.label_of(column.target) for column in coverage.columns],
        "states": {
            cover.value: {"word": words.name_of(cover), "meaning": words.meaning(cover)}
            for cover in Cover
        },
        "cells": cells,
    }
    text = json.dumps(content, separators=(",", ":"))
    text = f'{text[:-1]},"details":[{",".join(details)}]}}'
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _index(details: dict[str, int], cell: Cell) -> int:
    detail = {"state": cell.cover.value, "told": facts_of(cell)}
    return details.setdefault(json.dumps(detail, separators=(",", ":")), len(details))
