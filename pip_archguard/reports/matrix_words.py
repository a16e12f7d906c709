"""The words and signs for what a target gets of a package, one entry for each state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pip_archguard.model.coverage import Cell, Cover, CoverTarget
from pip_archguard.model.reason import Severity
from pip_archguard.reports.wording import tick, visible

WORST_FIRST = (
    *(Cover.MISLABELLED, Cover.NOTHING, Cover.UNKNOWN, Cover.BUILD),
    *(Cover.CLAIMED, Cover.UNIVERSAL2, Cover.LOADS, Cover.NOT_NEEDED),
)
TROUBLES = (Cover.MISLABELLED, Cover.NOTHING, Cover.UNKNOWN, Cover.BUILD)
"""States that need attention by themselves; so does a wheel that loads with a warning."""

WARNED = "!"
OPEN_ENDED = "+?"
_MOST_NAMES = 5


def word(cover: Cover) -> str:
    """Return the state in a word or two, as a table shows it."""
    match cover:
        case Cover.UNIVERSAL2:
            return "universal2"
        case Cover.BUILD:
            return "build"
        case Cover.NOT_NEEDED:
            return "-"
        case _:
            return str(cover.value)


def name_of(cover: Cover) -> str:
    """Return the state as prose has it."""
    return "not needed" if cover is Cover.NOT_NEEDED else word(cover)


def counted(cover: Cover) -> str:
    """Return the state as it stands behind a number of packages."""
    match cover:
        case Cover.NOTHING:
            return "with nothing to install"
        case Cover.BUILD:
            return "to build"
        case _:
            return name_of(cover)


def sign(cover: Cover) -> str:
    """Return a sign that tells the state from all others without a colour."""
    match cover:
        case Cover.LOADS:
            return "\N{CHECK MARK}"
        case Cover.UNIVERSAL2:
            return "\N{CIRCLE WITH LEFT HALF BLACK}"
        case Cover.CLAIMED:
            return "\N{WHITE CIRCLE}"
        case Cover.BUILD:
            return "\N{BLACK UP-POINTING TRIANGLE}"
        case Cover.MISLABELLED:
            return "\N{MULTIPLICATION X}"
        case Cover.NOTHING:
            return "\N{EMPTY SET}"
        case Cover.UNKNOWN:
            return "?"
        case Cover.NOT_NEEDED:
            return "\N{MIDDLE DOT}"


def meaning(cover: Cover) -> str:
    """Say what the word stands for, in one clause."""
    match cover:
        case Cover.LOADS:
            return "the wheel that pip takes loads there"
        case Cover.UNIVERSAL2:
            return "it loads, by a wheel for both kinds of Mac"
        case Cover.CLAIMED:
            return "a wheel says that it is for this system; to look into it would take too much"
        case Cover.BUILD:
            return "there is no wheel, so pip builds from source"
        case Cover.MISLABELLED:
            return "pip takes this wheel, and what is in it cannot load"
        case Cover.NOTHING:
            return "neither a wheel nor a source"
        case Cover.UNKNOWN:
            return "could not be told"
        case Cover.NOT_NEEDED:
            return "other targets need it, this one does not"


WARNED_MEANS = "it loads, with a warning"
OPEN_ENDED_MEANS = "what it needs is known only once it is built"


def marks_of(cell: Cell) -> tuple[str, ...]:
    """Return what stands behind the word where there is more to know."""
    warned = (WARNED,) if is_warned(cell) else ()
    return (*warned, *(() if cell.dependencies_known else (OPEN_ENDED,)))


def is_warned(cell: Cell) -> bool:
    """Whether it loads, and something is to be known about that."""
    loads = cell.cover in (Cover.LOADS, Cover.UNIVERSAL2, Cover.CLAIMED)
    return loads and any(finding.severity is Severity.WARN for finding in cell.findings)


def needs_attention(cell: Cell) -> bool:
    """Whether someone should look at it."""
    return cell.cover in TROUBLES or is_warned(cell) or not cell.dependencies_known


def title_of(target: CoverTarget) -> tuple[str, str]:
    """Name a column in two lines."""
    return visible(target.machine), f"Python {visible(target.python)}"


def label_of(target: CoverTarget) -> str:
    """Name a column in prose."""
    return f"{visible(target.machine)} (Python {visible(target.python)})"


def many(count: int, what: str) -> str:
    """Count things in words."""
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def listed(names: Iterable[str]) -> str:
    """Name a few, and count the others."""
    ticked = [*map(tick, names)]
    more = len(ticked) - _MOST_NAMES
    return joined([*ticked[:_MOST_NAMES], f"{more} more"] if more > 0 else ticked)


def joined(words: Sequence[str]) -> str:
    """Join words as prose does."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if words[1:] else "".join(words)


def releases_of(cells: Iterable[Cell]) -> tuple[str, ...]:
    """Return the releases that the targets take, each once."""
    return tuple(dict.fromkeys(cell.release for cell in cells if cell.release))
