"""What is promised of any bytes that are read as a native file."""

from __future__ import annotations

import io
from contextlib import suppress

from builders.facts import mac
from pip_archguard.binaries import (
    FIRST,
    FileSource,
    StreamSource,
    identify,
    reach_of,
    read_binary,
    read_exports,
    slice_places,
)
from pip_archguard.errors import BinaryProblemError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind
from pip_archguard.model.libc import Libc
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge
from pip_archguard.wheels.facts_entry import packed, unpacked

MODULE = "demo/_c.so"
WANTED = frozenset({"_PyInit__c", "_e", "_a", "_", ""})

TARGETS = (
    mac(Arch.ARM64),
    mac(Arch.X86_64),
    Target(
        system=System.LINUX,
        arch=Arch.X86_64,
        os_version=(2, 28),
        libc=Libc.GLIBC,
        suffixes=(".cpython-312-x86_64-linux-gnu.so", ".abi3.so", ".so"),
        python="cp312",
    ),
    Target(
        system=System.WINDOWS,
        arch=Arch.X86_64,
        suffixes=(".cp312-win_amd64.pyd", ".pyd"),
        python="cp312",
    ),
)
"""One target of each system, and both kinds of Macs."""

PLATFORMS = {
    System.MACOS: "macosx_11_0_universal2",
    System.LINUX: "manylinux_2_28_x86_64",
    System.WINDOWS: "win_amd64",
}
_MODULES = {System.WINDOWS: "demo/_c.pyd"}
_LOADED = (Kind.BUNDLE, Kind.DYLIB)
_SHA256 = "5e" * 32
_STREAM_BOUNDS = ("takes going back", "takes reading")


class Watched(FileSource):
    """A source that remembers how far into the file anything was asked for."""

    reached = 0

    def read_at(self, offset: int, length: int) -> bytes:
        assert offset >= 0
        assert length >= 0
        self.reached = max(self.reached, min(offset + length, self.size))
        return super().read_at(offset, length)


def check_native(content: bytes, path: str = MODULE) -> Binary | None:
    """Read bytes in each way in which files are read, and hold the outcomes to one another."""
    source = Watched(io.BytesIO(content))
    binary = read_binary(path, source)
    assert read_binary(path, FileSource(io.BytesIO(content))) == binary
    if binary is None:
        assert identify(content[:16]) is None
        return None
    assert binary.malformed <= (binary.problem is not None)
    assert source.reached <= reach_of(content[: max(FIRST, 64)], len(content))
    _check_stream(path, content, binary)
    _check_without_symbols(path, content, binary)
    _check_exports(content, binary)
    _check_places(content, binary)
    check_kept((binary,))
    if binary.problem is not None:
        check_judged(binary)
    return binary


def check_kept(binaries: tuple[Binary, ...]) -> None:
    """Facts come back from the cache as they were."""
    stored = packed(_SHA256, binaries)
    if stored is not None:
        assert unpacked(stored, _SHA256) == binaries


def check_judged(binary: Binary) -> None:
    """What could not be read is never fine where it would be loaded.

    Of a program or an object file, which no Python loads, that is no matter.
    """
    other = binary.slices and not any(s.kind in _LOADED for s in binary.slices)
    for target in TARGETS:
        if other or target.system.format is not binary.format:
            continue
        module = binary._replace(path=_MODULES.get(target.system, binary.path))
        facts = WheelFacts(
            filename=f"demo-1.0-cp312-cp312-{PLATFORMS[target.system]}.whl",
            project="demo",
            release="1.0",
            platforms=frozenset({PLATFORMS[target.system]}),
            binaries=(module,),
        )
        assert judge(facts, (target,)).verdict is not Verdict.OK, (target.id, binary)


def _check_stream(path: str, content: bytes, binary: Binary) -> None:
    """A member of a wheel, which is read forward, says what the same file on disk says."""
    source = StreamSource(lambda: io.BytesIO(content), len(content))
    streamed = read_binary(path, source)
    assert streamed is not None
    problem = streamed.problem or ""
    if not any(bound in problem for bound in _STREAM_BOUNDS) and binary.format is not Format.PE:
        assert streamed == binary
    assert streamed.malformed <= binary.malformed


def _check_without_symbols(path: str, content: bytes, binary: Binary) -> None:
    """Without symbols less is read, and what is said does not change but for them."""
    source = Watched(io.BytesIO(content))
    bare = read_binary(path, source, symbols=False)
    assert bare is not None
    assert source.reached <= reach_of(content[: max(FIRST, 64)], len(content), symbols=False)
    assert len(bare.slices) == len(binary.slices)
    assert [s.dependencies for s in bare.slices] == [s.dependencies for s in binary.slices]
    assert bare.malformed <= binary.malformed


def _check_exports(content: bytes, binary: Binary) -> None:
    """To ask for exports changes nothing of what is known."""
    again = read_exports(FileSource(io.BytesIO(content)), binary, WANTED)
    assert (again.problem, again.malformed) == (binary.problem, binary.malformed)
    assert tuple(s._replace(exports=None) for s in again.slices) == binary.slices
    assert all(s.exports is None or s.exports <= WANTED for s in again.slices)


def _check_places(content: bytes, binary: Binary) -> None:
    """Slices that are copied whole lie within the file and are those that were read."""
    if binary.format is Format.MACH_O:
        with suppress(BinaryProblemError):
            places = slice_places(FileSource(io.BytesIO(content)))
            assert all(place.end <= len(content) for place in places)
            if binary.problem is None:
                cpus = [(s.cpu_type, s.cpu_subtype) for s in binary.slices]
                assert [(p.cpu_type, p.cpu_subtype) for p in places] == cpus
