"""From what each target takes to a matrix: each wheel is read once, and judged for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from builders.facts import elf, macho, piece, shared, thin
from pip_archguard.hosts.matrix import Place, places_of
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary
from pip_archguard.model.coverage import Cell, Column, Cover, Coverage
from pip_archguard.model.covering import Resolved, Taken, Why
from pip_archguard.model.event import Event
from pip_archguard.model.problem import Problem
from pip_archguard.model.reason import Reason
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.pipbridge.covering import MOST_ROUNDS, Columns, Matrix, Wanted, exit_code
from pip_archguard.wheels import Reading, parse_wheel_name

MAC, INTEL, BOTH, LINUX = places_of(
    ["macos-arm64", "macos-x86_64", "macos-universal2", "linux-x86_64"], ["3.12"]
)
MODULE = "a/_c.cpython-312-darwin.so"
UNIVERSAL2 = "a-1-cp312-cp312-macosx_11_0_universal2.whl"
ARM64 = "a-1-cp312-cp312-macosx_11_0_arm64.whl"
MANYLINUX = "a-1-cp312-cp312-manylinux_2_17_x86_64.whl"
PURE = "a-1-py3-none-any.whl"
SDIST = "a-1.tar.gz"


@dataclass
class World:
    """Wheels by name, and what pip takes once some of them are refused."""

    wheels: dict[str, tuple[Binary, ...] | str | None]
    others: list[Resolved] = field(default_factory=list)
    reads: list[tuple[str, tuple[Target, ...]]] = field(default_factory=list)
    refusals: list[list[tuple[str, frozenset[str]]]] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        """Hear nothing."""

    def facts_of(self, wanted: Sequence[Wanted]) -> Iterator[Reading | str | None]:
        return (self.reading(taken, targets) for taken, targets in wanted)

    def reading(self, taken: Taken, targets: tuple[Target, ...]) -> Reading | str | None:
        self.reads.append((taken.filename, targets))
        found = self.wheels[taken.filename]
        if found is None or isinstance(found, str):
            return found
        name = parse_wheel_name(taken.filename)
        facts = WheelFacts(
            filename=taken.filename,
            project=name.project,
            release=name.release,
            platforms=name.platforms,
            binaries=found,
            problems=(Problem(path=MODULE, reason="odd"),)
            if not found and "odd" in name.project
            else (),
        )
        return Reading(
            judgement=Judgement(facts=facts),
            sha256="",
            at_fault=frozenset(),
            linked=frozenset(),
        )

    def again(self, asked: Sequence[tuple[Place, frozenset[str]]]) -> Sequence[Resolved]:
        self.refusals.append([(place.column.machine, links) for place, links in asked])
        return [self.others.pop(0) for _ in asked]

    def matrix(self, *pairs: tuple[Place, Resolved]) -> tuple[Column, ...]:
        found = Columns(
            places=tuple(place for place, _ in pairs), resolved=tuple(got for _, got in pairs)
        )
        return Matrix(self.facts_of, self).columns(found, self.again)

    def one(self, place: Place, *taken: Taken) -> Cell:
        (column,) = self.matrix((place, Resolved(taken=taken)))
        return column.cells[0]


def wheel(filename: str, *, direct: bool = False) -> Taken:
    name = parse_wheel_name(filename)
    return Taken(
        project=name.project,
        release=name.release,
        filename=filename,
        url=f"https://index.example/{filename}",
        direct=direct,
    )


def source() -> Taken:
    return Taken(project="a", cover=Cover.BUILD, release="1", filename=SDIST)


def both(*archs: Arch) -> tuple[Binary, ...]:
    return (macho(MODULE, *map(piece, archs)),)


@pytest.mark.parametrize(
    ("place", "filename", "binaries", "cover"),
    [
        (MAC, ARM64, (thin(MODULE, Arch.ARM64),), Cover.LOADS),
        (MAC, UNIVERSAL2, both(Arch.ARM64, Arch.X86_64), Cover.UNIVERSAL2),
        (BOTH, UNIVERSAL2, both(Arch.ARM64, Arch.X86_64), Cover.UNIVERSAL2),
        (BOTH, UNIVERSAL2, (thin(MODULE, Arch.ARM64),), Cover.MISLABELLED),
        (INTEL, UNIVERSAL2, (thin(MODULE, Arch.X86_64),), Cover.UNIVERSAL2),
        (MAC, PURE, (), Cover.LOADS),
        (BOTH, PURE, (), Cover.LOADS),
        (LINUX, PURE, (), Cover.LOADS),
        (LINUX, PURE, (elf("a/_c.so"),), Cover.LOADS),
        (LINUX, MANYLINUX, (shared("a/_c.so"),), Cover.LOADS),
        (LINUX, MANYLINUX, (shared("a/_c.so", Arch.ARM64),), Cover.MISLABELLED),
        (LINUX, MANYLINUX, None, Cover.CLAIMED),
        (MAC, "a-1-cp312-cp312-macosx_11_0_arm64.macosx_11_0_universal2.whl", (), Cover.LOADS),
    ],
)
def test_a_wheel_is_told_for_its_target(
    place: Place, filename: str, binaries: tuple[Binary, ...] | None, cover: Cover
) -> None:
    world = World({filename: binaries}, [Resolved(taken=(source(),))])

    cell = world.one(place, wheel(filename))

    assert cell.cover is cover
    assert (cell.project, cell.release, cell.filename) == ("a", "1", filename)


def test_a_wheel_that_cannot_be_read_or_judged_is_unknown() -> None:
    odd = "odd-1-cp312-cp312-macosx_11_0_arm64.whl"
    world = World({ARM64: "the wheel cannot be had", odd: ()})

    assert world.one(MAC, wheel(ARM64)).note == "the wheel cannot be had"
    assert world.one(MAC, wheel(ARM64)).cover is Cover.UNKNOWN
    assert world.one(MAC, wheel(odd)).cover is Cover.UNKNOWN


def test_a_wheel_is_read_once_for_all_that_take_it() -> None:
    world = World({UNIVERSAL2: both(Arch.ARM64, Arch.X86_64)})
    got = Resolved(taken=(wheel(UNIVERSAL2),))

    world.matrix((MAC, got), (INTEL, got), (BOTH, got))

    ((name, targets),) = world.reads
    assert name == UNIVERSAL2
    assert targets == BOTH.column.targets


def test_what_is_worth_knowing_is_a_note() -> None:
    taken = Taken(
        project="a",
        cover=Cover.BUILD,
        dependencies_known=False,
        required_by=("b",),
        why=(Why.NOT_DECLARED, Why.FUSABLE),
    )

    cell = World({}).one(BOTH, taken)

    assert (
        cell.note == "can be fused from two thin wheels"  # the other is no news
    )
    assert (cell.dependencies_known, cell.required_by) == (False, ("b",))


def test_in_the_place_of_a_wheel_that_cannot_load_stands_what_pip_takes_without_it() -> None:
    world = World(
        {UNIVERSAL2: (thin(MODULE, Arch.X86_64),), ARM64: (thin(MODULE, Arch.X86_64),)},
        [Resolved(taken=(wheel(ARM64),)), Resolved(taken=(source(),))],
    )

    mac, intel = world.matrix(
        (MAC, Resolved(taken=(wheel(UNIVERSAL2),))), (INTEL, Resolved(taken=(wheel(UNIVERSAL2),)))
    )

    (cell,) = mac.cells
    assert cell.cover is Cover.MISLABELLED
    assert (cell.instead, cell.instead_filename, cell.instead_release) == (Cover.BUILD, SDIST, "1")
    assert Reason.WRONG_ARCHITECTURE in {finding.reason for finding in cell.findings}
    assert intel.cells[0].instead is None
    first, second = (f"https://index.example/{name}" for name in (UNIVERSAL2, ARM64))
    assert world.refusals == [
        [("macos-arm64", frozenset({first}))],
        [("macos-arm64", frozenset({first, second}))],
    ]


@pytest.mark.parametrize(
    "other",
    [
        Resolved(failure="one asks for a<1, but two asks for a>1"),
        Resolved(taken=(Taken(project="a", cover=Cover.NOTHING),)),
    ],
    ids=["conflict", "nothing"],
)
def test_nothing_may_be_left(other: Resolved) -> None:
    world = World({UNIVERSAL2: (thin(MODULE, Arch.X86_64),)}, [other])

    cell = world.one(MAC, wheel(UNIVERSAL2))

    assert (cell.cover, cell.instead) == (Cover.MISLABELLED, Cover.NOTHING)
    assert cell.note == other.failure


def test_a_wheel_that_was_asked_for_by_address_has_nothing_in_its_place() -> None:
    world = World({UNIVERSAL2: (thin(MODULE, Arch.X86_64),)})

    cell = world.one(MAC, wheel(UNIVERSAL2, direct=True))

    assert (cell.instead, world.refusals) == (Cover.NOTHING, [])


def test_the_search_for_another_ends() -> None:
    names = [f"a-{n}-cp312-cp312-macosx_11_0_arm64.whl" for n in range(40)]
    bad = (thin(MODULE, Arch.X86_64),)
    world = World(dict.fromkeys(names, bad), [Resolved(taken=(wheel(n),)) for n in names[1:]])

    cell = world.one(MAC, wheel(names[0]))

    assert cell.instead is Cover.NOTHING
    assert len(world.refusals) == MOST_ROUNDS


def test_a_target_for_which_nothing_goes_together_says_why() -> None:
    world = World({PURE: ()})

    failed, fine = world.matrix(
        (MAC, Resolved(failure="no way")), (INTEL, Resolved(taken=(wheel(PURE),)))
    )

    coverage = Coverage(sources=(), columns=(failed, fine))
    assert (failed.failure, failed.cells) == ("no way", ())
    assert (failed.cell("a").cover, failed.cell("a").note) == (Cover.UNKNOWN, "no way")
    assert (fine.cell("a").cover, fine.cell("b").cover) == (Cover.LOADS, Cover.NOT_NEEDED)
    assert coverage.projects == ("a",)


@pytest.mark.parametrize(
    ("covers", "failure", "code"),
    [
        ((), "", 0),
        ((Cover.LOADS, Cover.UNIVERSAL2, Cover.CLAIMED, Cover.BUILD), "", 0),
        ((Cover.LOADS, Cover.UNKNOWN), "", 41),
        ((Cover.UNKNOWN, Cover.NOTHING), "", 40),
        ((Cover.MISLABELLED,), "", 40),
        ((), "a conflict", 40),
    ],
)
def test_the_exit_code_is_that_of_the_worst(
    covers: tuple[Cover, ...], failure: str, code: int
) -> None:
    cells = tuple(Cell(project=cover.value, cover=cover) for cover in covers)
    column = Column(target=MAC.column, cells=cells, failure=failure)

    assert exit_code(Coverage(sources=(), columns=(column,))) == code
