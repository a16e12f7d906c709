"""Facts of a wheel of which only parts are read."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders.elf_bytes import elf
from builders.facts import mac
from builders.macho_bytes import fat, pe, thin
from builders.memory_ranges import MemoryRanges, remote
from builders.wheels import make_wheel
from pip_archguard.errors import NoRangesError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.wheels import judge_wheel, read_wheel
from pip_archguard.wheels.remote import Held, Kept, RemoteWheel, Span, read_remote
from pip_archguard.wheels.remote.spans import together
from pip_archguard.wheels.remote.wheel import MOST_AT_ONCE, MOST_TRIPS, TAIL

TAG = "cp312-cp312-macosx_11_0_universal2"
MODULE = "demo/_c.cpython-312-darwin.so"
MIB = 1 << 20


def noise(size: int, seed: int = 1) -> bytes:
    """What cannot be compressed."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - no secret


LARGE = thin(Arch.ARM64, Kind.DYLIB, body=noise(MIB + MIB // 2))
FLAT = thin(Arch.ARM64, undefined=[(f"_flat_{n}", 254) for n in range(20)])


def wheel_of(files: Mapping[str, bytes], tag: str = TAG) -> tuple[str, bytes]:
    made = make_wheel("demo", "1.0", tag, files)
    return made.filename, made.content


def whole(folder: Path, filename: str, content: bytes) -> WheelFacts:
    path = folder / filename
    path.write_bytes(content)
    return read_wheel(path)


def padded(files: Mapping[str, bytes], many: int = 0) -> dict[str, bytes]:
    """The files, with so much text that to have it all is never cheaper."""
    text = {f"demo/data/{n}.json": noise(300_000, n) for n in range(4)}
    return {**text, **files, **{f"demo/more/{n:04}.txt": b"" for n in range(many)}}


CASES: dict[str, dict[str, bytes]] = {
    "thin": {MODULE: thin()},
    "hollow": {MODULE: FLAT},
    "large": {"demo/libx.dylib": LARGE, MODULE: thin(dylibs=["@loader_path/libx.dylib"])},
    "many commands": {
        "demo/libx.dylib": thin(rpaths=[f"/{n}" * 50 for n in range(90)], body=noise(2 * MIB))
    },
    "fat": {MODULE: fat([thin(Arch.X86_64, body=noise(MIB)), FLAT])},
    "no suffix": {"demo/Frame": thin(Arch.X86_64, Kind.DYLIB, body=noise(70_000))},
    "a program": {"demo/bin/tool": thin(Arch.X86_64, Kind.EXECUTABLE, body=noise(70_000))},
    "foreign": {"demo/_e.so": elf(noise(9000) + b"PyInit__e\0"), "demo/x.dll": pe(noise(9000))},
    "arch in its name": {
        "demo/lib_x86_64.dylib": thin(Arch.X86_64, Kind.DYLIB),
        MODULE: thin(),
        "demo/__init__.py": b"open('lib_x86_64.dylib')\n",
    },
    "cut short": {MODULE: thin()[:100], "demo/_d.so": LARGE[:60]},
    "a long name": {f"demo/{'x' * 480}/tool": thin(Arch.X86_64, Kind.EXECUTABLE)},
}


@pytest.mark.parametrize("files", CASES.values(), ids=CASES)
@pytest.mark.parametrize("many", [0, 1500], ids=["short directory", "long directory"])
def test_the_facts_are_those_of_the_whole_file(
    files: dict[str, bytes], many: int, tmp_path: Path
) -> None:
    filename, content = wheel_of(padded(files, many))
    wheel, ranges = remote(tmp_path, filename, content)

    with closing(wheel):
        found = read_remote(wheel)

    assert found == whole(tmp_path, filename, content)
    assert wheel.trips == len(ranges.trips) <= MOST_TRIPS
    assert max(map(len, ranges.trips)) <= MOST_AT_ONCE
    spans = sorted(span for trip in ranges.trips for span in trip)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert wheel.whole is None


def test_of_a_large_thin_member_the_first_bytes_are_read(tmp_path: Path) -> None:
    filename, content = wheel_of(padded({"demo/libx.dylib": LARGE}))
    wheel, ranges = remote(tmp_path, filename, content)

    with closing(wheel):
        read_remote(wheel)

    assert [len(trip) for trip in ranges.trips] == [1, 1]
    assert ranges.bytes < TAIL + 4096 + 512


@pytest.mark.parametrize("name", ["demo/bin/tool", "demo/bin/tool-3.13.0.0"])
def test_of_what_may_be_a_program_the_load_commands_come_with_its_first_bytes(
    name: str, tmp_path: Path
) -> None:
    tool = thin(kind=Kind.EXECUTABLE, rpaths=[f"/{n}" * 9 for n in range(60)], body=noise(MIB))
    filename, content = wheel_of(padded({name: tool}))
    wheel, ranges = remote(tmp_path, filename, content)

    with closing(wheel):
        read_remote(wheel)

    assert [len(trip) for trip in ranges.trips] == [1, 1]


def test_beside_a_large_library_small_ones_that_link_no_other_are_read_in_part(
    tmp_path: Path,
) -> None:
    small = thin(body=noise(500_000))
    files = {"demo/libx.dylib": LARGE, "demo/_a.so": small, "demo/_b.so": small}
    filename, content = wheel_of(padded(files))
    held = Held(tmp_path / "held")
    ranges = MemoryRanges(content=content)
    wheel = RemoteWheel(ranges, held, filename, (mac(),))

    with closing(wheel):
        judged = judge_wheel(wheel, read_remote(wheel), (mac(),))

    assert ranges.bytes < TAIL + 3 * (4096 + 512)
    path = tmp_path / filename
    full = judge_wheel(path, whole(tmp_path, filename, content), (mac(),))
    assert judged.findings == full.findings


def test_the_symbols_of_a_small_thin_member_are_read(tmp_path: Path) -> None:
    filename, content = wheel_of(padded({MODULE: FLAT}))
    wheel, _ = remote(tmp_path, filename, content)

    with closing(wheel):
        verdict = judge_wheel(wheel, read_remote(wheel), (mac(),)).verdict

    assert verdict is Verdict.BROKEN


def test_where_nearly_all_is_needed_all_is_fetched(tmp_path: Path) -> None:
    filename, content = wheel_of({MODULE: fat([LARGE, thin(Arch.X86_64)])})
    wheel, ranges = remote(tmp_path, filename, content)

    with closing(wheel):
        wheel.prepare()
        path = wheel.whole

    assert path is not None
    assert path.read_bytes() == content
    assert ranges.bytes == len(content)


def test_what_is_shorter_than_the_first_request_comes_with_it(tmp_path: Path) -> None:
    filename, content = wheel_of({MODULE: thin()})
    wheel, ranges = remote(tmp_path, filename, content)

    with closing(wheel):
        wheel.prepare()

    assert wheel.whole is not None
    assert len(ranges.trips) == 1


def test_text_that_a_library_links_is_read_after_all(tmp_path: Path) -> None:
    files = {
        MODULE: thin(dylibs=["@loader_path/data.json"]),
        "demo/data.json": thin(Arch.X86_64, Kind.DYLIB),
    }
    filename, content = wheel_of(padded(files))
    wheel, _ = remote(tmp_path, filename, content)

    with closing(wheel):
        found = read_remote(wheel)

    assert found == whole(tmp_path, filename, content)


def test_source_is_fetched_at_once_where_an_import_would_fail(tmp_path: Path) -> None:
    sources = {f"demo/m{n}.py": f"import demo.m{n + 1}\n".encode() for n in range(50)}
    guarded = b"try:\n    from demo import _c\nexcept ImportError:\n    _c = None\n"
    files = {**sources, MODULE: thin(Arch.X86_64), "demo/__init__.py": guarded}
    filename, content = wheel_of(padded(files))
    wheel, ranges = remote(tmp_path, filename, content)

    with closing(wheel):
        remote_one = judge_wheel(wheel, read_remote(wheel), (mac(),))

    path = tmp_path / filename
    assert remote_one == judge_wheel(path, whole(tmp_path, filename, content), (mac(),))
    assert remote_one.verdict is Verdict.WARNING
    assert wheel.trips <= MOST_TRIPS
    assert ranges.bytes < len(content) / 4


def test_what_is_no_zip_file_has_the_same_problem(tmp_path: Path) -> None:
    content = noise(100_000)
    filename = f"demo-1.0-{TAG}.whl"
    wheel, _ = remote(tmp_path, filename, content)

    with closing(wheel):
        found = read_remote(wheel)

    assert found == whole(tmp_path, filename, content)


def test_a_comment_behind_the_directory_is_read_over(tmp_path: Path) -> None:
    filename, content = wheel_of(padded({MODULE: thin()}))
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"x" * 40_000
    wheel, ranges = remote(tmp_path, filename, buffer.getvalue())

    with closing(wheel):
        found = read_remote(wheel)

    assert found == whole(tmp_path, filename, buffer.getvalue())
    assert len(ranges.trips) <= MOST_TRIPS


@pytest.mark.parametrize("trip", [1, 2, 3])
def test_a_failure_is_no_fact(trip: int, tmp_path: Path) -> None:
    filename, content = wheel_of(padded({MODULE: fat([LARGE, thin(Arch.X86_64)])}))
    ranges = MemoryRanges(content=content, fails_at=trip)
    wheel = RemoteWheel(ranges, Held(tmp_path / "held"), filename)

    with closing(wheel), pytest.raises(NoRangesError):
        read_remote(wheel)

    assert wheel.whole is None


class Store:
    """Facts in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, WheelFacts] = {}

    def get(self, sha256: str, filename: str) -> WheelFacts | None:
        assert filename
        return self.kept.get(sha256)

    def put(self, sha256: str, facts: WheelFacts) -> None:
        self.kept[sha256] = facts


def test_facts_of_a_part_are_kept_for_their_own_address_only(tmp_path: Path) -> None:
    filename, content = wheel_of(padded({MODULE: thin()}))
    facts = whole(tmp_path, filename, content)
    store = Store()

    Kept(store=store, address="https://a/x", sha256="0" * 64).keep(facts)

    assert Kept(store=store, address="https://a/x", sha256="0" * 64).facts(filename) == facts
    assert Kept(store=store, address="https://b/x", sha256="0" * 64).facts(filename) is None
    assert "0" * 64 not in store.kept


def test_facts_of_a_file_whose_hash_was_checked_hold_for_all_addresses(tmp_path: Path) -> None:
    filename, content = wheel_of({MODULE: thin()})
    facts = whole(tmp_path, filename, content)
    store = Store()
    store.put("1" * 64, facts)

    assert Kept(store=store, address="https://b/x", sha256="1" * 64).facts(filename) == facts


SPANS = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 900)).map(
        lambda pair: Span(start=pair[0], end=pair[0] + pair[1])
    ),
    max_size=30,
)


@given(spans=SPANS, gap=st.integers(0, 300), spare=st.integers(0, 2000), few=st.integers(1, 9))
def test_spans_are_joined_to_fewer_that_hold_them_all(
    spans: list[Span], gap: int, spare: int, few: int
) -> None:
    near = together(spans, gap=gap, spare=0, few=few)
    joined = together(spans, gap=gap, spare=spare, few=few)

    assert all(any(j.start <= s.start and s.end <= j.end for j in joined) for s in spans)
    assert all(a.end + gap < b.start for a, b in pairwise(joined))
    assert sum(map(len, joined)) <= sum(map(len, near)) + spare
    assert min(len(near), few) <= len(joined) <= len(near)


NAMES = st.sampled_from(
    [
        *("demo/a.so", MODULE, "demo/lib.dylib", "demo/Frame", "x.abi3.so"),
        *("demo/x86_64/l.dylib", "demo/big.dylib", "demo/b.so", "demo/tests/c.so"),
    ]
)
CODE = st.one_of(
    st.builds(
        thin,
        st.sampled_from([Arch.ARM64, Arch.X86_64, Arch.I386]),
        st.sampled_from([Kind.BUNDLE, Kind.DYLIB, Kind.EXECUTABLE, Kind.OBJECT, Kind.DSYM]),
        undefined=st.sampled_from(
            [[], [("_a", 254)], [("_a", 1), ("_b", 1)], [(f"_n{n}", 254) for n in range(12)]]
        ),
        exported=st.sampled_from([[], ["_a"], ["_b", "_n1"]]),
        dylibs=st.lists(
            st.sampled_from(
                ["@loader_path/lib.dylib", "/usr/lib/libz.dylib", "@loader_path/big.dylib"]
            ),
            max_size=3,
            unique=True,
        ),
        body=st.sampled_from([b"", noise(5000), noise(MIB + 1)]),
    ),
    st.just(fat([thin(), thin(Arch.X86_64, undefined=[("_b", 254)])])),
    st.binary(max_size=40),
    st.just(elf(b"PyInit_a\0")),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    files=st.dictionaries(NAMES, CODE, max_size=6),
    source=st.sampled_from([b"", b"try:\n    import demo.a\nexcept ImportError:\n    pass\n"]),
    platform=st.sampled_from(["macosx_11_0_universal2", "any", "macosx_11_0_arm64"]),
)
def test_the_verdict_is_that_on_the_whole_file(
    files: dict[str, bytes], source: bytes, platform: str, tmp_path: Path
) -> None:
    made = {"demo/__init__.py": source, **files}
    filename, content = wheel_of(padded(made), f"cp312-cp312-{platform}")
    facts = whole(tmp_path, filename, content)
    for targets in ((), (mac(),), (mac(), mac(Arch.X86_64))):
        wheel = RemoteWheel(
            MemoryRanges(content=content), Held(tmp_path / "held"), filename, targets
        )
        judged_for = targets or (mac(Arch.X86_64),)
        with closing(wheel):
            found = read_remote(wheel)
            judged = judge_wheel(wheel, found, judged_for)

        full = judge_wheel(tmp_path / filename, facts, judged_for)
        assert targets or found == facts
        assert judged.findings == full.findings
