"""A route as its user reads it: what to know, the files, and the commands to paste."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from pip_archguard.model.result import RouteShown
from pip_archguard.model.route import ROSETTA_IS_GONE_IN, Route, RouteKind
from pip_archguard.model.target import ROSETTA_ENDS_WITH
from pip_archguard.reports.wording import tick, visible

_TITLES = {
    RouteKind.CONDA: "conda environment of packages for Intel Macs",
    RouteKind.ROSETTA: "virtual environment under Rosetta",
    RouteKind.DOCKER: "Linux container",
}
_ROSETTA_MISSING = "if Rosetta is missing: `softwareupdate --install-rosetta`"
_ROSETTA_ENDS = (
    f"Apple keeps Rosetta, which runs this, for general use through macOS {ROSETTA_ENDS_WITH}; "
    f"in macOS {ROSETTA_ENDS_WITH + 1}, expected in {ROSETTA_IS_GONE_IN}, it is left for some "
    "older games only"
)


def route_text(event: RouteShown) -> str:
    """Return the text of a route, without a final newline."""
    route = event.route
    title = f"x86_64 {_TITLES[route.kind]}, Python {visible(route.python)}"
    parts = ["\n".join([title, *(f"- {note}" for note in _notes(route))])]
    if event.written:
        names = (posixpath.join(route.folder, f.name) for f in (*route.files, *route.copies))
        parts.append("written: " + ", ".join(map(tick, names)))
    elif route.files:
        parts.append("Save each file under the name above it, or let `--write DIR` do so:")
        parts += [f"# {visible(f.name)}\n{_visible_lines(f.content)}" for f in route.files]
    parts.append("\n".join(["run:", *(f"  {visible(each)}" for each in route.commands)]))
    return "\n\n".join(parts)


def _visible_lines(text: str) -> str:
    """Return lines that came from outside with their control characters made visible."""
    return "\n".join(visible(line) for line in text.removesuffix("\n").split("\n"))


def _notes(route: Route) -> Iterator[str]:
    match route.kind:
        case RouteKind.CONDA:
            yield _ROSETTA_MISSING
            yield _ROSETTA_ENDS
        case RouteKind.ROSETTA:
            yield _ROSETTA_MISSING
            yield (
                "the Python must have an x86_64 part: that of python.org has one, that of "
                "Homebrew in `/opt/homebrew` has none (`Bad CPU type in executable`)"
            )
            yield "a Python with both parts is x86_64 only if `arch -x86_64` starts it, each time"
            yield _ROSETTA_ENDS
        case RouteKind.DOCKER:
            yield "pip takes wheels for Linux there, and what needs macOS does not run"
    if route.left_out:
        lines = ", ".join(map(tick, route.left_out))
        yield f"the route does not bring along what the requirements name of this machine: {lines}"
