"""Wheels for Linux and Windows of which only parts are read."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from builders import pe_bytes
from builders.elf_bytes import elf_file
from builders.facts import mac
from builders.memory_ranges import MemoryRanges
from builders.wheels import make_wheel
from pip_archguard.errors import CostsTooMuchError
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target
from pip_archguard.wheels import judge_wheel, read_wheel
from pip_archguard.wheels.remote import Held, RemoteWheel, read_remote
from pip_archguard.wheels.remote.wheel import MOST_TRIPS

MIB = 1 << 20
LINUX = "cp312-cp312-manylinux_2_17_x86_64"
WINDOWS = "cp312-cp312-win_amd64"


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - no secret


def target_of(system: System) -> Target:
    return mac(Arch.X86_64)._replace(system=system, suffixes=(".so", ".pyd"), os_version=(0, 0))


def behind(content: bytes, size: int) -> bytes:
    """A file with so many bytes behind its tables, as sections that are never loaded are."""
    return content + noise(size)


LIBRARY = behind(elf_file(symbols=noise(MIB), padding=3 * MIB), 4 * MIB)
LINUX_FILES = {
    "demo/_c.so": behind(elf_file(symbols=noise(9000)), 90_000),
    "demo.libs/libbig.so.1.2": LIBRARY,
    "demo.libs/libsmall.so.3": elf_file(soname="libsmall.so.3"),
    "demo/bin/tool": elf_file(file_type=2),
}
WINDOWS_FILES = {
    "demo/_c.pyd": pe_bytes.pe(exports=["PyInit__c"]),
    "demo.libs/big.dll": behind(pe_bytes.pe(padding=2 * MIB, exports=["f"]), 4 * MIB),
    "demo.libs/x.dll": pe_bytes.pe(pe_bytes.ARM64),
}
CASES = [
    pytest.param(LINUX, LINUX_FILES, System.LINUX, id="Linux"),
    pytest.param(WINDOWS, WINDOWS_FILES, System.WINDOWS, id="Windows"),
]


@pytest.mark.parametrize(("tag", "files", "system"), CASES)
def test_the_facts_are_those_of_the_whole_file(
    tag: str, files: dict[str, bytes], system: System, tmp_path: Path
) -> None:
    text = {f"demo/data/{n}.json": noise(600_000, n) for n in range(4)}
    made = make_wheel("demo", "1.0", tag, {**text, **files})
    path = tmp_path / made.filename
    path.write_bytes(made.content)
    ranges = MemoryRanges(content=made.content)
    targets = (target_of(system),)
    wheel = RemoteWheel(ranges, Held(tmp_path / "held"), made.filename, targets)

    with closing(wheel):
        found = read_remote(wheel)
        judged = judge_wheel(wheel, found, targets)

    assert found == read_wheel(path)
    assert judged.findings == judge_wheel(path, found, targets).findings
    assert len(ranges.trips) <= MOST_TRIPS
    assert ranges.bytes < len(made.content) / 2


def test_what_would_cost_more_than_is_allowed_is_not_fetched(tmp_path: Path) -> None:
    files = {f"demo/_c{n}.so": behind(elf_file(), 800_000) for n in range(4)}
    made = make_wheel("demo", "1.0", LINUX, files)
    ranges = MemoryRanges(content=made.content)
    held = Held(tmp_path / "held", most=MIB)
    wheel = RemoteWheel(ranges, held, made.filename, (target_of(System.LINUX),))

    with closing(wheel), pytest.raises(CostsTooMuchError):
        read_remote(wheel)

    assert ranges.bytes <= MIB


def test_a_part_of_a_library_that_leads_further_is_followed_bit_by_bit(tmp_path: Path) -> None:
    newest = {"libc.so.6": ["GLIBC_2.38"]}
    late = elf_file(versions=newest, padding=5 * MIB)
    body = bytearray(late)
    body[3 * MIB : 5 * MIB] = noise(2 * MIB)
    files = {"demo/libbig.so": behind(bytes(body), 3 * MIB)}
    made = make_wheel("demo", "1.0", LINUX, files)
    path = tmp_path / made.filename
    path.write_bytes(made.content)
    ranges = MemoryRanges(content=made.content)
    held = Held(tmp_path / "held", most=4 * MIB)
    wheel = RemoteWheel(ranges, held, made.filename, (target_of(System.LINUX),))

    with closing(wheel):
        found = read_remote(wheel)

    assert found == read_wheel(path)
    assert ranges.bytes <= 4 * MIB
