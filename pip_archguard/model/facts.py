"""What became of the facts cache: the results of `facts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsInfo:
    """What is in the cache; `stale` entries are those of other versions of the parser.

    `environments` are those of which an audit has kept what it read, in so many bytes.
    """

    folder: str
    entries: int
    size: int
    bound: int
    parser: int
    stale: int = 0
    environments: int = 0
    installed_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsPurged:
    """So many entries were taken away, and what was kept of so many environments."""

    folder: str
    entries: int
    size: int
    environments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsExported:
    """So many entries were written to a file."""

    file: str
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsImported:
    """So many entries of a file were taken, were known already, and were dropped."""

    file: str
    taken: int
    known: int
    dropped: int


FactsTold = FactsInfo | FactsPurged | FactsExported | FactsImported
"""The result of `facts`."""
