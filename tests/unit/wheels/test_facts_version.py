"""A cache must not mix facts of two kinds: what changes them raises `PARSER_VERSION`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pip_archguard.binaries
from builders.elf_bytes import elf, elf_file
from builders.linkedit import Bind, chained, opcodes, trie
from builders.macho_bytes import DYNAMIC_LOOKUP, Linkedit, fat, thin
from builders.pe_bytes import pe
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Dependency, Format, Import, Kind, Slice
from pip_archguard.model.libc import Libc
from pip_archguard.model.problem import Problem
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels import read_wheel
from pip_archguard.wheels.facts_entry import PARSER_VERSION, text_of

ADVICE = "raise PARSER_VERSION in wheels/facts_entry.py, and add its line here"

SHAPES = {2: "2cb181398c7566b1", 3: "8ca6a52413235a29"}
"""By version: a digest of the fields of facts, with their types, and of all their values."""

SAMPLES = {2: "6a7739e8225143bf", 3: "94455a1b881a11bc"}
"""By version: a digest of what is read from a wheel that has a file of each kind."""

NAMES = {2: "69de289c8e88628d", 3: "69de289c8e88628d"}
"""By version: a digest of the list of Python's own names."""


def test_other_fields_of_facts_have_another_version() -> None:
    assert digest("\n".join(_shapes()).encode()) == SHAPES.get(PARSER_VERSION), ADVICE


def test_other_facts_of_the_same_bytes_have_another_version(tmp_path: Path) -> None:
    facts = read_wheel(write_sample(tmp_path))

    assert facts.problems == ()
    assert digest(text_of("0" * 64, facts.binaries)) == SAMPLES.get(PARSER_VERSION), ADVICE


def test_another_list_of_what_python_exports_has_another_version() -> None:
    """It tells which look-ups are left out of the facts."""
    names = Path(pip_archguard.binaries.__file__).with_name("python_api.txt").read_bytes()

    assert digest(names) == NAMES.get(PARSER_VERSION), ADVICE


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def write_sample(folder: Path) -> Path:
    flat = [(f"_f{number}", DYNAMIC_LOOKUP) for number in range(12)]
    binds: list[Bind] = [("_a", 1, False), ("_b", -2, False), ("_w", 1, True)]
    names = trie(["_a", "_b", "_f1", "_PyInit__c"], reexported=["_r"])
    pair = [
        thin(Arch.X86_64, undefined=flat, exported=["_PyInit__c"], rpaths=["@loader_path"]),
        thin(Arch.ARM64, undefined=flat[:1], minos=(13, 2, 1)),
    ]
    files = {
        "demo/_c.cpython-312-darwin.so": fat(pair, align=14),
        "demo/_chained.so": thin(
            dylibs=["@rpath/liba.dylib"], linkedit=Linkedit(chained=chained(binds))
        ),
        "demo/_opcodes.so": thin(
            dylibs=["@rpath/liba.dylib"],
            linkedit=Linkedit(bind=opcodes(binds), lazy=opcodes(binds), info_trie=names),
        ),
        "demo/liba.dylib": thin(
            kind=Kind.DYLIB, install_name="@rpath/liba.dylib", linkedit=Linkedit(trie=names)
        ),
        "demo/lib-x86_64.dylib": thin(Arch.X86_64, Kind.DYLIB, platform=None, signed=False),
        "demo/tool": thin(Arch.X86_64, Kind.EXECUTABLE),
        "demo/ios.dylib": thin(kind=Kind.DYLIB, platform=2),
        "demo/broken.so": fat(pair, align=14)[:200],
        "demo/_l.cpython-312-x86_64-linux-gnu.so": elf(b"PyInit__l\0"),
        "demo/libe.so.1": elf_file(soname="libe.so.1", versions={"libc.so.6": ["GLIBC_2.34"]}),
        "demo/_w.pyd": pe(imports=["python312.dll"], exports=["PyInit__w"]),
        "demo/__init__.py": b"load('lib-x86_64.dylib')",
    }
    built = make_wheel("demo", "1.0", "cp312-cp312-macosx_11_0_universal2", files)
    path = folder / built.filename
    path.write_bytes(built.content)
    return path


def _shapes() -> Iterator[str]:
    for kind in (WheelFacts, Problem, Binary, Slice, Dependency, Import):
        for name, kept in kind.__annotations__.items():
            defaults = kind._field_defaults
            default = repr(defaults[name]) if name in defaults else "needed"
            yield f"{kind.__name__}.{name}: {kept.__forward_arg__} = {default}"
    for values in (Arch, Kind, Format, Libc):
        yield f"{values.__name__}: {[_value(each) for each in values]}"


def _value(member: Enum) -> object:
    return member.value
