"""One thing that is found wrong, or worth knowing."""

from __future__ import annotations

from dataclasses import dataclass

from pip_archguard.model.reason import Reason, Severity, Use
from pip_archguard.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or worth knowing, about one file on one target.

    `found` is the evidence, by reason: the architectures that are there, the platforms,
    a few symbol names, a library's install name, or the words of the parser. `count` is
    how much there is of it where `found` is only a sample. `use` tells how a process
    comes to load the file: by `import`, because `needed_by` links it, or because Python
    code probably opens it by ctypes. `modules` are the extension modules whose import
    loads it, by their paths.
    """

    reason: Reason
    severity: Severity
    path: str
    target: Target
    found: tuple[str, ...] = ()
    count: int = 0
    use: Use = Use.IMPORTED
    needed_by: str = ""
    modules: tuple[str, ...] = ()
