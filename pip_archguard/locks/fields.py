"""Reading a file's tables with an eye on what they should be: a stranger may have written them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from pip_archguard.errors import UnreadableInputError

MOST_ITEMS = 100_000
MOST_SAID = 500
"""Characters of a message: what it quotes is a stranger's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a TOML file; `where` is its path in there, for messages."""

    file: str
    where: str
    values: Mapping[str, Any]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def fail(self, key: str, what: str) -> NoReturn:
        """Raise UnreadableInputError, for a key that is not what it should be."""
        place = f"{self.where}.{key}" if self.where else key
        raise UnreadableInputError(
            f"`{self.file}` cannot be read: `{place}` {what}"[:MOST_SAID],
            hint="have the tool that wrote the file write it anew",
        )

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string; raises UnreadableInputError where there is none, and no default."""
        value = self.values.get(key, default)
        if value is None:
            self.fail(key, "is missing")
        if not isinstance(value, str):
            self.fail(key, "is no string")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings, empty where there is none."""
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            self.fail(key, "is no list of strings")
        return tuple(values)

    def flag(self, key: str) -> bool:
        """Return a boolean, false where there is none."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fail(key, "is neither true nor false")
        return value

    def table(self, key: str) -> Table:
        """Return a table, empty where there is none."""
        value = self.values.get(key, {})
        if not isinstance(value, Mapping):
            self.fail(key, "is no table")
        where = f"{self.where}.{key}" if self.where else key
        return Table(file=self.file, where=where, values=value)

    def tables(self, key: str) -> Iterator[Table]:
        """Yield the tables of a list."""
        where = f"{self.where}.{key}" if self.where else key
        for number, value in enumerate(self._list(key)):
            if not isinstance(value, Mapping):
                self.fail(f"{key}[{number}]", "is no table")
            yield Table(file=self.file, where=f"{where}[{number}]", values=value)

    def _list(self, key: str) -> list[Any]:
        values = self.values.get(key, [])
        if not isinstance(values, list):
            self.fail(key, "is no list")
        if len(values) > MOST_ITEMS:
            self.fail(key, "is too long")
        return values
