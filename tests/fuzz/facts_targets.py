"""What is kept of wheels, and comes back from a folder or a file that others may write."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator

from builders.elf_bytes import elf_file
from builders.macho_bytes import thin
from builders.pe_bytes import pe
from fuzz import scratch
from fuzz.native_promises import PLATFORMS, TARGETS
from fuzz.target import FuzzTarget
from pip_archguard.binaries import FileSource, read_binary
from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.binary import Binary, Slice
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge
from pip_archguard.wheels.facts_entry import PARSER_VERSION, entry_of, packed, text_of, unpacked
from pip_archguard.wheels.facts_export import export_facts, import_facts
from pip_archguard.wheels.facts_upkeep import purge

_SHA256 = "5e" * 32
_FIRST = b'{"pip-archguard-facts":1,"parser":%d}\n' % PARSER_VERSION


def check_entry(text: bytes) -> None:
    """What is taken of an entry can be judged, and comes back from the cache as it is."""
    try:
        sha256, binaries = entry_of(text)
    except ValueError:
        return
    stored = packed(sha256, binaries)
    if stored is not None:
        assert unpacked(stored, sha256) == binaries
    assert entry_of(text_of(sha256, binaries)) == (sha256, binaries)
    for target in TARGETS:
        facts = WheelFacts(
            filename=f"demo-1.0-cp312-cp312-{PLATFORMS[target.system]}.whl",
            project="demo",
            release="1.0",
            platforms=frozenset({PLATFORMS[target.system]}),
            binaries=binaries,
        )
        judge(facts, (target,))


def check_stored(stored: bytes) -> None:
    """Whatever lies in the place of an entry is one, or a ValueError."""
    try:
        binaries = unpacked(stored, _SHA256)
    except ValueError:
        return
    assert packed(_SHA256, binaries) is not None


def check_export(data: bytes) -> None:
    """What a file brings in goes out again, and comes in as known."""
    form, _, lines = data.partition(b"\n")
    content = data if form == b"raw" else gzip.compress(_FIRST + lines, 1)
    path = scratch.file("facts.gz", content)
    cache = scratch.folder() / "facts"
    try:
        taken = import_facts(path, cache)
    except UnreadableInputError:
        assert not cache.exists()
        return
    again = scratch.folder() / "again.gz"
    assert export_facts(cache, again) == taken.taken
    assert import_facts(again, cache).known == taken.taken
    again.unlink()
    purge(cache)


def _texts() -> Iterator[bytes]:
    yield text_of(_SHA256, ())
    for content in (thin(undefined=[("_x", 254)]), elf_file(), pe(imports=["a.dll"])):
        yield text_of(_SHA256, (_read(content),))


def _read(content: bytes) -> Binary:
    binary = read_binary("demo/_c.so", FileSource(io.BytesIO(content)))
    assert binary is not None
    return binary


def _forms() -> Iterator[bytes]:
    every = {
        "path": "a.so",
        "format": "mach-o",
        "problem": "it is cut short",
        "malformed": True,
        "python_init": True,
        "named_in_source": True,
        "slices": [
            {
                "arch": "arm64",
                "cpu_type": 1,
                "cpu_subtype": 2,
                "kind": "dylib",
                "platform": 1,
                "min_os": [11, 0, 0],
                "dependencies": [["@rpath/a.dylib", True, False]],
                "rpaths": ["@loader_path"],
                "install_name": "a",
                "signed": True,
                "two_level": False,
                "flat_lookups": ["_x"],
                "imports": [["_y", "a"]],
                "exports": ["_z"],
                "exports_init": False,
                "libc": "glibc",
                "glibc": [2, 28],
                "beyond_musl": ["__printf_chk"],
            }
        ],
    }
    entry = {"parser": PARSER_VERSION, "sha256": _SHA256, "binaries": [every]}
    yield json.dumps(entry).encode()


FACTS = (
    FuzzTarget(
        name="facts-entry",
        promise="any text is an entry or a ValueError; an entry can be judged and comes back",
        check=check_entry,
        words=(*Binary._fields, *Slice._fields),
        seeds=lambda: [*_texts(), *_forms()],
        longest=2048,
    ),
    FuzzTarget(
        name="facts-stored",
        promise="any bytes are an entry or a ValueError",
        check=check_stored,
        seeds=lambda: map(zlib.compress, _texts()),
        longest=1024,
    ),
    FuzzTarget(
        name="facts-export",
        promise="any file is an export or an error of ours; what it brings in goes out again",
        check=check_export,
        seeds=lambda: [
            *(b"\n" + text + b"\n" for text in (*_texts(), *_forms())),
            b"raw\n",
            b"\n\n\n{}\n",
        ],
        longest=4096,
    ),
)
"""The targets of the facts cache."""
