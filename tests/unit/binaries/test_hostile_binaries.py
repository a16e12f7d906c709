from __future__ import annotations

import io
from typing import IO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builders.elf_bytes import elf
from builders.linkedit import Bind, chained, opcodes, trie
from builders.macho_bytes import DYNAMIC_LOOKUP, Linkedit, fat, thin
from builders.pe_bytes import ARM64, I386, pe
from pip_archguard.binaries import FileSource, StreamSource, read_binary, read_exports
from pip_archguard.binaries.bounds import pull_budget
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary

FLAT = [("_a", DYNAMIC_LOOKUP), ("_b", DYNAMIC_LOOKUP)]
SLICES = [
    thin(arch, undefined=FLAT, exported=["_e"], rpaths=["@loader_path"], install_name="m")
    for arch in (Arch.X86_64, Arch.ARM64)
]
BINDS: list[Bind] = [("_a", 1, False), ("_b", -2, False), ("_long_name", 20, True)]
TRIE = trie(["_PyInit_m", "_PyInit_n", "_e", "_ex"], reexported=["_f"])
LINKEDITS = {
    "chained": Linkedit(chained=chained(BINDS), trie=TRIE),
    "opcodes": Linkedit(bind=opcodes(BINDS), lazy=opcodes(BINDS), info_trie=TRIE),
}
WANTED = frozenset({"_PyInit_m", "_e", "_exx", "_f", "_none"})
VALID = {
    "thin": SLICES[0],
    "thin, big-endian": thin(Arch.PPC, rpaths=["a"]),
    "thin, 32-bit": thin(Arch.I386, install_name="m"),
    "universal": fat(SLICES, align=14),
    "universal, 64-bit table": fat(SLICES, table_bits=64),
    "universal, hidden slice": fat(SLICES[:1], hidden=SLICES[1]),
    **{name: thin(dylibs=["m"], linkedit=form) for name, form in LINKEDITS.items()},
    **{
        f"universal, {name}": fat([SLICES[0], thin(dylibs=["m"], linkedit=form)], align=14)
        for name, form in LINKEDITS.items()
    },
    "elf": elf(b"PyInit_m\0"),
    "pe": pe(ARM64, imports=["a.dll"], delayed=["b.dll"], exports=["PyInit_m"], chpe=True),
    "pe, 32-bit": pe(I386, cor_flags=0, compiled=b"RTR\0", old_delayed=["c.dll"]),
    "pe, relocations": pe(ARM64, relocations=[(3, 8), (5, 4), (6, 8)]),
}
SEED = settings(derandomize=True, deadline=None, max_examples=300)

MAGICS = [
    *(m.to_bytes(4, "big") for m in (0xFEEDFACE, 0xFEEDFACF, 0xCEFAEDFE, 0xCFFAEDFE)),
    *(b"\xca\xfe\xba" + bytes([last, 0, 0, 0, n]) for last in (0xBE, 0xBF) for n in (0, 1, 2, 16)),
    b"\x7fELF",
    b"MZ",
]


class Counted(io.BytesIO):
    """A stream that adds up what is read from all of its kind."""

    total = 0

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        Counted.total += len(content)
        return content


def read_within_budget(content: bytes) -> Binary | None:
    """Read as from a wheel, and hold the reading to its budget."""
    Counted.total = 0

    def opened() -> IO[bytes]:
        return Counted(content)

    binary = read_binary("m.so", StreamSource(opened, len(content)))
    assert Counted.total <= pull_budget(len(content))
    if binary is not None:
        again_within_budget(content, binary)
    return binary


def again_within_budget(content: bytes, binary: Binary) -> None:
    """Read what it exports, too, which never changes what is known already."""
    Counted.total = 0

    again = read_exports(StreamSource(lambda: Counted(content), len(content)), binary, WANTED)

    assert Counted.total <= pull_budget(len(content))
    assert (again.problem, again.malformed) == (binary.problem, binary.malformed)
    assert tuple(s._replace(exports=None) for s in again.slices) == binary.slices
    assert all(s.exports is None or s.exports <= WANTED for s in again.slices)


def cuts(content: bytes) -> list[int]:
    """Return every length, but in the padding between slices only some."""
    return [n for n in range(len(content)) if n % 512 == 0 or any(content[max(n - 99, 0) : n + 9])]


@pytest.mark.parametrize("content", VALID.values(), ids=VALID.keys())
def test_a_file_cut_anywhere_is_read_without_an_error(content: bytes) -> None:
    for length in cuts(content):
        binary = read_binary("m.so", FileSource(io.BytesIO(content[:length])))

        assert binary is None or binary.path == "m.so"


@pytest.mark.parametrize(
    ("content", "end"),
    [
        pytest.param(thin(), len(thin()), id="thin"),
        *(
            pytest.param(VALID[name], VALID[name].rindex(SLICES[1]) + len(SLICES[1]), id=name)
            for name in VALID
            if name.startswith("universal") and SLICES[1] in VALID[name]
        ),
    ],
)
def test_a_file_short_by_one_byte_has_a_problem(content: bytes, end: int) -> None:
    whole, short = read_within_budget(content[:end]), read_within_budget(content[: end - 1])

    assert whole is not None
    assert short is not None
    assert (whole.problem, short.problem is None) == (None, False)


@SEED
@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=400))
def test_random_bytes_after_a_magic_never_raise(magic: bytes, rest: bytes) -> None:
    binary = read_within_budget(magic + rest)

    assert binary is None or binary.path == "m.so"


@SEED
@given(
    content=st.sampled_from(list(VALID.values())),
    changes=st.lists(
        st.tuples(st.integers(0, 700), st.integers(0, 255), st.booleans()), min_size=1, max_size=8
    ),
)
@example(content=VALID["universal"], changes=[(15, 255, False)])
def test_a_valid_file_with_random_changes_never_raises(
    content: bytes, changes: list[tuple[int, int, bool]]
) -> None:
    changed = bytearray(content)
    for position, value, in_slice in changes:
        changed[(position + (1 << 14) * in_slice) % len(changed)] = value

    binary = read_within_budget(bytes(changed))

    assert binary is None or binary.path == "m.so"


@SEED
@given(
    content=st.sampled_from(list(VALID.values())),
    position=st.integers(0, 180),
    word=st.sampled_from([0, 1, 7, 8, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]),
    in_slice=st.booleans(),
)
def test_a_valid_file_with_an_extreme_number_never_raises(
    content: bytes, position: int, word: int, *, in_slice: bool
) -> None:
    at = (4 * position + (1 << 14) * in_slice) % len(content)
    changed = content[:at] + word.to_bytes(4, "little") + content[at + 4 :]

    binary = read_within_budget(changed)

    assert binary is None or binary.path == "m.so"


@SEED
@given(
    form=st.sampled_from(sorted(LINKEDITS)),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_what_dyld_goes_by_with_random_changes_never_raises(
    form: str, changes: list[tuple[int, int]]
) -> None:
    data = LINKEDITS[form].data
    content = VALID[form]
    start = content.index(data)
    changed = bytearray(content)
    for position, value in changes:
        changed[start + position % len(data)] = value

    binary = read_within_budget(bytes(changed))

    assert binary is not None
    assert len(binary.slices) == 1


@SEED
@given(data=st.binary(max_size=60), names=st.frozensets(st.text(max_size=6), max_size=5))
def test_random_exports_never_raise(data: bytes, names: frozenset[str]) -> None:
    content = thin(linkedit=Linkedit(trie=data))
    binary = read_within_budget(content)
    assert binary is not None

    again = read_exports(FileSource(io.BytesIO(content)), binary, names)

    assert again.problem is None
