"""Reading wheels in one process or several, and what a scan ends with."""

from __future__ import annotations

import optparse
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from builders.facts import CP312, mac, thin, wheel
from builders.macho_bytes import thin as code
from builders.memory_ranges import remote
from builders.wheels import make_wheel
from pip_archguard import hosts
from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.event import Event
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.result import Progressed
from pip_archguard.model.scan import Scanned
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Judgement, Verdict
from pip_archguard.pipbridge import executors, scan_options, scanning
from pip_archguard.pipbridge.executors import LocalProcesses
from pip_archguard.wheels import Reading, WheelFile, parse_wheel_name, read_file

TAG = "cp312-cp312-macosx_11_0_universal2"
MODULE = "demo/_c.cpython-312-darwin.so"
INTEL = {MODULE: code(Arch.X86_64), "demo/__init__.py": b"from demo import _c\n"}
WINDOWS = Target(system=System.WINDOWS, arch=Arch.X86_64, python="cp312")
LINUX = Target(system=System.LINUX, arch=Arch.X86_64, python="cp312", suffixes=(".so",))


@dataclass
class Ears:
    """A listener that remembers."""

    heard: list[Event] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        self.heard.append(event)


def named(
    path: Path, targets: tuple[Target, ...] = (mac(),), filename: str | None = None
) -> WheelFile:
    return WheelFile(path=path, filename=filename or path.name, asked=str(path), targets=targets)


def write(folder: Path, name: str = "demo", files: dict[str, bytes] | None = None) -> Path:
    built = make_wheel(name, "1.0", TAG, INTEL if files is None else files)
    path = folder / built.filename
    path.write_bytes(built.content)
    return path


def scan(
    inputs: Sequence[WheelFile], *, processes: int = 1, ears: Ears | None = None
) -> list[Scanned | UnreadableInputError]:
    executor = LocalProcesses(processes) if processes > 1 else None
    return list(scanning.scan(inputs, listener=ears or Ears(), executor=executor))


def names_of(found: Sequence[Scanned | UnreadableInputError]) -> list[str]:
    return [f.judgement.facts.project if isinstance(f, Scanned) else str(f) for f in found]


@pytest.mark.parametrize("processes", [1, 2])
def test_results_keep_the_order_of_the_inputs(processes: int, tmp_path: Path) -> None:
    wheels = [named(write(tmp_path, name)) for name in ("b", "a", "d", "c")]
    ears = Ears()

    found = scan(wheels, processes=processes, ears=ears)

    assert names_of(found) == ["b", "a", "d", "c"]
    assert ears.heard == [Progressed(done=n, total=4) for n in (1, 2, 3, 4)]


def test_one_process_and_several_find_the_same(tmp_path: Path) -> None:
    tmp_path.joinpath("x-1-py3-none-any.whl").write_text("no zip")
    wheels = [named(write(tmp_path, name)) for name in ("b", "a")]
    wheels.append(named(tmp_path / "x-1-py3-none-any.whl"))

    one, two = scan(wheels), scan(wheels, processes=2)

    assert one[:2] == two[:2]
    assert str(one[2]) == str(two[2])


@pytest.mark.parametrize("error", [BrokenProcessPool, OSError, ImportError, NotImplementedError])
def test_where_processes_cannot_be_had_this_one_reads_on(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_and_no_more(_work: object, inputs: Sequence[WheelFile], _: int) -> Iterator[object]:
        yield read_file(inputs[0])
        raise error

    monkeypatch.setattr(executors, "in_processes", one_and_no_more)
    wheels = [named(write(tmp_path, name)) for name in ("b", "a", "c")]

    assert names_of(scan(wheels, processes=2)) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("wheels", "each", "processes"),
    [
        (0, 0, 1),
        (1, scanning.LEAST_FOR_PROCESSES, 1),
        (20, 1000, 1),
        (20, scanning.LEAST_FOR_PROCESSES // 20 + 1, 8),
    ],
    ids=["none", "one large", "many small", "many large"],
)
def test_what_is_little_is_read_in_this_process(
    wheels: int, each: int, processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "_usable_cpus", lambda: range(64))
    files = [tmp_path / f"{number}.whl" for number in range(wheels)]
    for file in files:
        with file.open("wb") as stream:
            stream.truncate(each)

    chosen = scanning.local_processes([named(file) for file in files])

    assert (1 if chosen is None else chosen.count) == processes


def test_what_cannot_be_read_is_an_error_beside_the_others(tmp_path: Path) -> None:
    cut = write(tmp_path, "cut")
    cut.write_bytes(cut.read_bytes()[:-40])
    empty = tmp_path / "empty-1.0-py3-none-any.whl"
    empty.write_bytes(b"PK\x05\x06" + bytes(18))  # the end record alone: a zip with no members
    missing = tmp_path / "gone-1.0-py3-none-any.whl"

    found = scan([named(p) for p in (cut, empty, missing, write(tmp_path))])

    assert [isinstance(f, UnreadableInputError) for f in found] == [True, True, True, False]
    assert str(cut) in str(found[0])
    assert "it has no `.dist-info/WHEEL`" in str(found[1])


def test_a_wheel_is_judged_by_the_name_it_was_found_under(tmp_path: Path) -> None:
    path = write(tmp_path).rename(tmp_path / "0.whl")

    (found,) = scan([named(path, filename=f"demo-1.0-{TAG}.whl")])

    assert isinstance(found, Scanned)
    assert found.judgement.facts.filename == f"demo-1.0-{TAG}.whl"


def test_an_extension_that_the_source_does_without_is_a_warning(tmp_path: Path) -> None:
    source = b"try:\n    from demo import _c\nexcept ImportError:\n    _c = None\n"
    spared = write(tmp_path, "spared", {**INTEL, "demo/__init__.py": source})

    (found,) = scan([named(spared)])

    assert isinstance(found, Scanned)
    assert found.judgement.verdict is Verdict.WARNING


def test_a_library_may_be_in_another_wheel_of_the_scan(tmp_path: Path) -> None:
    user = {MODULE: code(Arch.ARM64, dylibs=("@loader_path/../libs/libx.dylib",))}
    lender = {"libs/libx.dylib": code(Arch.ARM64, Kind.DYLIB)}
    wheels = [write(tmp_path, "user", user), write(tmp_path, "lender", lender)]

    alone = scan([named(wheels[0])])
    together = scan([named(w) for w in wheels])

    assert [f.judgement.verdict for f in alone if isinstance(f, Scanned)] == [Verdict.WARNING]
    assert all(isinstance(f, Scanned) and f.judgement.verdict is Verdict.OK for f in together)


@pytest.mark.parametrize("system", [System.OTHER])
def test_native_files_for_a_system_without_rules_are_unknown(
    system: System, tmp_path: Path
) -> None:
    target = Target(system=system, arch=Arch.X86_64, named=True)

    native, pure = scan(
        [named(write(tmp_path), (target,)), named(write(tmp_path, "pure", {}), (target,))]
    )

    assert isinstance(native, Scanned)
    assert isinstance(pure, Scanned)
    assert native.judgement.verdict_for(target) is Verdict.UNKNOWN
    assert "are not judged yet" in native.judgement.findings[0].found[0]
    assert pure.judgement.verdict is Verdict.OK


def judged(*severities: Severity | Reason) -> list[Scanned]:
    facts = wheel(thin(MODULE, Arch.ARM64))
    findings = [
        Finding(
            reason=each if isinstance(each, Reason) else Reason.UNSIGNED,
            severity=each if isinstance(each, Severity) else Severity.WARN,
            path=MODULE,
            target=mac(),
        )
        for each in severities
    ]
    return [
        Scanned(judgement=Judgement(facts=facts, findings=(f,)), targets=(mac(),), sha256="")
        for f in findings
    ]


@pytest.mark.parametrize(
    ("found", "failed", "code"),
    [
        ([], False, 0),
        ([Severity.INFO, Severity.WARN], False, 0),
        ([Severity.WARN, Severity.REFUSE], False, 40),
        ([Severity.REFUSE, Reason.COULD_NOT_TELL], False, 40),
        ([Reason.COULD_NOT_TELL, Severity.WARN], False, 41),
        ([Severity.REFUSE], True, 40),
        ([Reason.COULD_NOT_TELL], True, 2),
        ([], True, 2),
    ],
    ids=str,
)
def test_the_exit_code_tells_the_worst(
    found: list[Severity | Reason],
    failed: bool,  # noqa: FBT001 - a column of the table
    code: int,
) -> None:
    assert scanning.exit_code(judged(*found), failed=failed) == code


def options(**more: object) -> optparse.Values:
    empty: dict[str, object] = {
        "platforms": None,
        "python_version": None,
        "implementation": None,
        "abis": None,
        "arch": [],
    }
    return optparse.Values(empty | more)


@pytest.mark.parametrize(
    ("more", "ids"),
    [
        ({}, ["macosx_11_0_arm64-cp310", "macosx_10_9_x86_64-cp310"]),
        ({"platforms": ["macosx_14_0_arm64"]}, ["macosx_14_0_arm64-cp310"]),
        ({"python_version": (3, 12)}, ["macosx_11_0_arm64-cp312", "macosx_10_9_x86_64-cp312"]),
        ({"arch": ["arm64"]}, ["macosx_11_0_arm64-cp310"]),
        (
            {"platforms": ["macosx_14_0_arm64"], "arch": ["universal2"]},
            ["macosx_14_0_arm64-cp310", "macosx_14_0_x86_64-cp310"],
        ),
        (
            {"platforms": ["macosx_14_0_arm64"], "arch": ["x86_64"]},
            ["macosx_14_0_x86_64-cp310"],
        ),
        ({"platforms": ["macosx_14_0_arm64", "win_amd64"]}, ["macosx_14_0_arm64-cp310"]),
        ({"platforms": ["win_amd64"]}, []),
        ({"platforms": ["win_amd64"], "arch": ["x86_64"]}, []),
        ({"platforms": ["nowhere"]}, ["other_0_0_other-cp310"]),
    ],
    ids=str,
)
def test_the_options_and_else_the_name_say_where_a_file_must_load(
    more: dict[str, object], ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "running_target", lambda: LINUX)
    name = parse_wheel_name("demo-1.0-cp310-cp310-macosx_10_9_universal2.whl")

    targets = scan_options.targets_of_file(options(**more), name)

    assert [t.id for t in targets] == ids


@pytest.mark.parametrize(
    ("running", "more", "ids"),
    [
        (mac(), {}, ["macosx_14_0_arm64-cp312"]),
        (mac(), {"python_version": (3, 10)}, ["macosx_14_0_arm64-cp310"]),
        (LINUX, {"platforms": ["macosx_14_0_arm64"]}, ["macosx_14_0_arm64-cp312"]),
        (LINUX, {}, ["linux_x86_64-cp312"]),
        (WINDOWS, {}, ["win_amd64-cp312"]),
        (LINUX, {"platforms": ["manylinux_2_17_x86_64"]}, ["manylinux_2_17_x86_64-cp312"]),
    ],
    ids=str,
)
def test_what_pip_chose_must_load_where_pip_chose_it_for(
    running: Target, more: dict[str, object], ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "running_target", lambda: running._replace(suffixes=CP312))
    name = parse_wheel_name("demo-1.0-cp310-cp310-macosx_12_0_arm64.whl")

    targets = scan_options.targets_of_requirement(options(**more), name)

    assert [t.id for t in targets] == ids


def test_a_library_that_the_wheel_beside_it_links_in_turn_counts_too(tmp_path: Path) -> None:
    user = {MODULE: code(Arch.ARM64, dylibs=("@loader_path/../b/libb.dylib",))}
    lender = {
        "b/libb.dylib": code(Arch.ARM64, Kind.DYLIB, dylibs=("@loader_path/../c/libc.dylib",))
    }
    last = {"c/libc.dylib": code(Arch.ARM64, Kind.DYLIB)}
    wheels = [
        named(write(tmp_path, name, files))
        for name, files in (("user", user), ("lender", lender), ("last", last))
    ]

    two, three = scan(wheels[:2]), scan(wheels)

    assert [f.judgement.verdict for f in two if isinstance(f, Scanned)] == [
        Verdict.OK,
        Verdict.WARNING,
    ]
    assert [f.judgement.verdict for f in three if isinstance(f, Scanned)] == [Verdict.OK] * 3


def test_another_version_of_the_same_project_lends_nothing(tmp_path: Path) -> None:
    user = {MODULE: code(Arch.ARM64, dylibs=("@loader_path/../b/libb.dylib",))}
    first = write(tmp_path, "demo", user)
    other = make_wheel("demo", "2.0", TAG, {"b/libb.dylib": code(Arch.ARM64, Kind.DYLIB)})
    (tmp_path / other.filename).write_bytes(other.content)

    found = scan([named(first), named(tmp_path / other.filename)])

    verdicts = [f.judgement.verdict for f in found if isinstance(f, Scanned)]
    assert verdicts == [Verdict.WARNING, Verdict.OK]


def test_what_an_executor_cannot_read_is_read_here(tmp_path: Path) -> None:
    class Blind:
        """Reads on a machine that has none of the files."""

        def carry_out(self, work: object, inputs: Sequence[Any]) -> Iterator[Any]:
            assert work is read_file
            assert not any(each.fetched for each in inputs)
            yield from ("there is no such file" for _ in inputs)

    wheels = [named(write(tmp_path, "a")), named(tmp_path / "gone-1.0-py3-none-any.whl")]

    wheels.append(replace(named(write(tmp_path, "b")), fetched=True))

    good, gone, fetched = scanning.scan(wheels, listener=Ears(), executor=Blind())

    assert isinstance(good, Scanned)
    assert "gone-1.0" in str(gone)
    assert isinstance(fetched, Scanned)


@pytest.mark.parametrize("there", [True, False], ids=["there", "gone"])
def test_source_that_the_server_sends_no_part_of_is_looked_for_in_the_whole_file(
    *, there: bool, tmp_path: Path
) -> None:
    linking = code(Arch.X86_64, dylibs=("@loader_path/../libs/libx.dylib",))
    source = b"try:\n    from demo import _c\nexcept ImportError:\n    pass\n"
    path = write(tmp_path, files={MODULE: linking, "demo/__init__.py": source})
    lender = write(tmp_path, "lender", {"libs/libx.dylib": code(Arch.X86_64, Kind.DYLIB)})
    wheel, ranges = remote(tmp_path, path.name, path.read_bytes())
    ranges.fails_at = 1
    read = read_file(named(path))
    assert isinstance(read, Reading)
    # What it links makes it fail only beside the other wheel.
    facts = read.facts._replace(optional_modules=None)
    alone = replace(read, judgement=Judgement(facts=facts), at_fault=frozenset())

    def whole() -> Path:
        if there:
            return path
        msg = "`demo` cannot be had"
        raise UnreadableInputError(msg)

    afar = replace(named(path), path=wheel, read=alone, whole=whole)
    with closing(wheel):
        found, other = scan([afar, named(lender)])

    assert isinstance(other, Scanned)
    if there:
        assert isinstance(found, Scanned)
        assert found.judgement.verdict is Verdict.WARNING
    else:
        assert str(found) == "`demo` cannot be had"
