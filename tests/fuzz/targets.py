"""All that is fuzzed, by name."""

from __future__ import annotations

from fuzz.elf_pe_targets import ELF_AND_PE
from fuzz.facts_targets import FACTS
from fuzz.installed_targets import INSTALLED
from fuzz.llvm_reader import LLVM
from fuzz.lock_targets import LOCKS
from fuzz.macho_targets import MACHO
from fuzz.other_readers import OTHER_READERS
from fuzz.source_targets import SOURCES
from fuzz.target import FuzzTarget
from fuzz.wheel_targets import WHEELS

TARGETS: dict[str, FuzzTarget] = {
    target.name: target
    for target in (
        *MACHO,
        *ELF_AND_PE,
        *WHEELS,
        *FACTS,
        *SOURCES,
        *LOCKS,
        *INSTALLED,
        *OTHER_READERS,
        *LLVM,
    )
}
