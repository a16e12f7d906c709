"""Which rules hold on which system: a new one is a set of rules, named here."""

from __future__ import annotations

from pip_archguard.model.target import System
from pip_archguard.rules.ruleset import Rules


def rules_of(system: System) -> Rules:
    """Return the rules of a system of which targets are judged; only these are imported."""
    match system:
        case System.LINUX:
            from pip_archguard.rules.elf.rules import RULES  # noqa: PLC0415 - see above
        case System.WINDOWS:
            from pip_archguard.rules.pe.rules import RULES  # noqa: PLC0415 - see above
        case _:
            from pip_archguard.rules.macos import RULES  # noqa: PLC0415 - see above
    return RULES
