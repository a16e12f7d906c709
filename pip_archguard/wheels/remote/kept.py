"""What is kept of a wheel on a server from one run to the next."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pip_archguard.model.binary import Binary
from pip_archguard.model.format import Format
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels.filename import parse_wheel_name
from pip_archguard.wheels.remote.addresses import lasting


class FactsStore(Protocol):
    """Where facts are kept from one run to the next, by a hash of the wheel."""

    def get(self, sha256: str, filename: str) -> WheelFacts | None:
        """Return the facts that are kept of a wheel."""

    def put(self, sha256: str, facts: WheelFacts) -> None:
        """Keep the facts of a wheel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a store has of the file at an address, of which an index says the hash.

    Of a file that was read in part the hash cannot be checked. Under the hash itself its
    facts would hold for every index, and one that lies would speak for all; so they are
    kept under a key that is made of both, and are as good as the word of that server. The
    targets are in it, too, for what is read of a part depends on them.
    """

    store: FactsStore
    address: str
    sha256: str
    targets: tuple[Target, ...] = ()

    def facts(self, filename: str) -> WheelFacts | None:
        """Return the facts of the file; with them, nothing has to be asked for."""
        known = self.store.get(self.sha256, filename)
        return self.store.get(self._own_key(), filename) if known is None else known

    def keep(self, facts: WheelFacts) -> None:
        """Keep what was found by reading a part, unless something in it could not be read."""
        if not facts.problems:
            self.store.put(self._own_key(), facts)

    def optional(self, filename: str, modules: Iterable[str]) -> frozenset[str] | None:
        """Return which of these modules the source of the file does without, None if unknown."""
        found = self.store.get(self._source_key(modules), filename)
        return None if found is None else frozenset(binary.path for binary in found.binaries)

    def keep_optional(self, filename: str, modules: Iterable[str], optional: Iterable[str]) -> None:
        """Keep which of these modules the source does without, as files with nothing in them."""
        name = parse_wheel_name(filename)
        facts = WheelFacts(
            filename=name.filename,
            project=name.project,
            release=name.release,
            platforms=name.platforms,
            binaries=tuple(Binary(path=path, format=Format.MACH_O) for path in sorted(optional)),
        )
        self.store.put(self._source_key(modules), facts)

    def _own_key(self) -> str:
        targets = sorted(f"{t.id} {' '.join(t.suffixes)}" for t in self.targets)
        return _key(lasting(self.address), self.sha256, *targets)

    def _source_key(self, modules: Iterable[str]) -> str:
        """Return a key for what is read of Python source, which depends on Python's version."""
        version = ".".join(map(str, sys.version_info[:2]))
        return _key("optional", version, self._own_key(), *sorted(modules))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
