"""The parsers of the commands, as they are when pip makes them."""

from __future__ import annotations

import importlib
import optparse
from collections.abc import Iterator
from typing import Any

from pip._internal.commands import commands_dict

from pip_archguard.pipbridge.internals import registry

GENERAL = ("General Options", "Package Index Options")
"""The groups of options that every command of pip's has."""
OURS = "Architecture Guard Options"
GUARDED = tuple(name for name in ("install", "download", "wheel", "lock") if name in commands_dict)


def parser_of(name: str) -> Any:
    """Return the parser of a command: our own, guarded, or pip's."""
    if name in registry.OWN:
        module, kind, summary = registry.OWN[name]
    else:
        info = commands_dict[name]
        module, kind, summary = info.module_path, info.class_name, info.summary
        if name in GUARDED:
            module, kind = registry.register(module, kind)
    return getattr(importlib.import_module(module), kind)(name, summary).parser


def spellings(parser: Any, *, without: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield how each option that is not hidden can be spelled, but for those of some groups."""
    for group in parser.option_groups:
        if group.title not in without:
            for option in group.option_list:
                if option.help is not optparse.SUPPRESS_HELP:
                    yield (*option._short_opts, *option._long_opts)
