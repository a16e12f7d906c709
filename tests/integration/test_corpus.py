"""Real wheels: the facts agree with lief and LLVM, and each verdict is the expected one."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from builders.corpus import CorpusWheel, corpus_folder, corpus_wheels, fetch
from builders.delocate_check import llvm_tool
from builders.lief_facts import lief_slices
from builders.llvm_facts import TOOLS, bound_names, llvm_archs, llvm_slices, short_name
from builders.memory_ranges import MemoryRanges
from builders.scoring import ARCHS, Outcome, judge_by_archguard, looks, score
from pip_archguard.binaries import StreamSource, read_exports, wanted_exports
from pip_archguard.binaries.bounds import GIB
from pip_archguard.binaries.macho import file as macho_file
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind, Slice
from pip_archguard.wheels import judge_wheel, read_wheel
from pip_archguard.wheels.remote import Held, RemoteWheel, read_remote
from pip_archguard.wheels.remote.wheel import MOST_TRIPS

pytestmark = pytest.mark.network

WHEELS = corpus_wheels()
EVERY_WHEEL = pytest.mark.parametrize("wheel", WHEELS, ids=[w.filename for w in WHEELS])

_NOT_ALWAYS_READ = frozenset({"flat_lookups", "imports", "exports_init"})
_HEADER_FACTS = (
    "kind",
    "platform",
    "min_os",
    "dependencies",
    "rpaths",
    "install_name",
    "signed",
    "two_level",
)


@pytest.fixture
def path(wheel: CorpusWheel, session_cache: Path) -> Path:
    """The file of a wheel, fetched if it is nowhere yet."""
    folder = corpus_folder(session_cache / "corpus")
    fetch([wheel], folder)
    return folder / wheel.filename


@pytest.fixture
def every_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have symbols read where they are left alone for the time that it takes, too."""
    monkeypatch.setattr(macho_file, "LONE_SLICE", GIB)


def machos(path: Path) -> Iterator[tuple[zipfile.ZipFile, Binary, frozenset[str]]]:
    """Yield the archive, each Mach-O file in it and what other files want of that.

    Archives of objects are left out: lief does not read universal ones, LLVM takes their
    members for slices, and nothing loads them.
    """
    binaries = read_wheel(path).binaries
    wanted = wanted_exports(binaries)
    with zipfile.ZipFile(path) as archive:
        for binary in binaries:
            archives = all(piece.kind is Kind.ARCHIVE for piece in binary.slices)
            if binary.format is Format.MACH_O and not archives:
                yield archive, binary, wanted.get(binary.path, frozenset())


@EVERY_WHEEL
def test_the_verdict_is_the_expected_one_on_every_host(wheel: CorpusWheel, path: Path) -> None:
    found = score(judge_by_archguard, looks(wheel, path, read_wheel(path)), knows_degraded=True)

    wrong = [(s.outcome.value, s.evidence) for s in found if s.outcome is not Outcome.RIGHT]
    assert found
    assert not wrong, wheel.why


@EVERY_WHEEL
@pytest.mark.usefixtures("every_symbol")
def test_every_fact_is_what_lief_reads(wheel: CorpusWheel, path: Path) -> None:
    pytest.importorskip("lief")

    differences = []
    for archive, binary, wanted in machos(path):
        theirs = lief_slices(binary.path, archive.read(binary.path))
        exports = all_exports(archive, binary, frozenset[str]().union(*(e for _, e in theirs)))
        for ours, (lief, names), exported in zip(binary.slices, theirs, exports, strict=True):
            if is_library(lief) and exported != names:
                differences.append((binary.path, str(ours.arch), "all exports"))
            if ours.exports is not None and ours.exports != wanted & names:
                differences.append((binary.path, str(ours.arch), "exports"))
            differences += [
                (binary.path, str(ours.arch), f"{name}: {getattr(ours, name)}, lief: {other}")
                for name, other in facts_of(lief)
                if getattr(ours, name) != other
                and not (name in _NOT_ALWAYS_READ and getattr(ours, name) is None)
            ]

    assert not differences, wheel.filename


def is_library(piece: Slice) -> bool:
    """Whether a process of this day could load the slice: of others no symbols are read."""
    return piece.kind in {Kind.BUNDLE, Kind.DYLIB} and piece.arch in {*ARCHS, Arch.ARM64E}


def facts_of(piece: Slice) -> list[tuple[str, object]]:
    """Return each fact by its name, but for the exports, which depend on what is asked for."""
    names = [name for name in piece._fields if name != "exports"]
    return [(name, getattr(piece, name)) for name in names]


def all_exports(
    archive: zipfile.ZipFile, binary: Binary, names: frozenset[str]
) -> list[frozenset[str] | None]:
    """Ask each slice for all these names, and for as many that are nowhere."""
    asked = names | {f"{name}_" for name in names}
    size = archive.getinfo(binary.path).file_size
    source = StreamSource(lambda: cast("BinaryIO", archive.open(binary.path)), size)
    with closing(source):
        return [piece.exports for piece in read_exports(source, binary, asked).slices]


@EVERY_WHEEL
@pytest.mark.usefixtures("every_symbol")
@pytest.mark.skipif(not all(map(llvm_tool, TOOLS)), reason="LLVM's tools are not here")
def test_every_fact_is_what_llvm_prints(wheel: CorpusWheel, path: Path, tmp_path: Path) -> None:
    file = tmp_path / "macho"

    differences = []
    for archive, binary, wanted in machos(path):
        file.write_bytes(archive.read(binary.path))
        assert llvm_archs(file) == tuple(str(piece.arch) for piece in binary.slices)
        for ours, llvm in zip(binary.slices, llvm_slices(file), strict=True):
            pairs = [(name, getattr(ours, name), getattr(llvm, name)) for name in _HEADER_FACTS]
            if ours.flat_lookups is not None:
                # The symbol table may list what nothing in the code refers to any more:
                # `_objc_msgSend` in delocate's test data `np-1.24.1_arm_random__sfc64`, which
                # is in none of the bind opcodes, so that dyld never looks it up.
                listed = llvm.flat_lookups - frozenset(ours.flat_lookups)
                bound = bound_names(file) if listed else frozenset()
                theirs = llvm.flat_lookups - (listed - bound)
                pairs.append(("flat look-ups", frozenset(ours.flat_lookups), theirs))
            if ours.imports is not None and ours.two_level:
                taken = frozenset((i.symbol, short_name(i.library)) for i in ours.imports)
                # `nm` calls weak what another file defines so, and what may be missing:
                # three functions of libc10 in torch 1.11.0, which are bound, and must be there.
                more = taken - llvm.imports_from_others()
                bound = bound_names(file) if more else frozenset()
                more = frozenset((name, library) for name, library in more if name in bound)
                pairs.append(("imports", taken, llvm.imports_from_others() | more))
            if ours.exports is not None:
                pairs.append(("exports", ours.exports, wanted & llvm.exports))
            differences += [
                (binary.path, str(ours.arch), f"{name}: {mine}, LLVM: {other}")
                for name, mine, other in pairs
                if mine != other
            ]

    assert not differences, wheel.filename


@EVERY_WHEEL
def test_of_a_wheel_on_a_server_no_more_is_read_than_its_verdict_takes(
    wheel: CorpusWheel, path: Path, tmp_path: Path
) -> None:
    facts = read_wheel(path)
    targets = tuple(look.target for look in looks(wheel, path, facts))
    ranges = MemoryRanges(content=path.read_bytes())

    with closing(RemoteWheel(ranges, Held(tmp_path / "held"), path.name, targets)) as there:
        found = judge_wheel(there, read_remote(there), targets).findings

    assert found == judge_wheel(path, facts, targets).findings
    assert there.trips <= MOST_TRIPS
