"""Files that are judged where they lie: links, absolute names, and the program of a process."""

from __future__ import annotations

import pytest

from builders import facts as made
from builders.facts import mac, macho, piece, thin
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.reason import Reason
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import Ground, judge, site_of

ARM64, X86_64 = Arch.ARM64, Arch.X86_64
MODULE = "pkg/_c.cpython-312-darwin.so"
TARGET = mac()


def linking(name: str, *, rpaths: tuple[str, ...] = ()) -> Binary:
    return macho(MODULE, piece(ARM64, links=(name,), rpaths=rpaths))


def wheel(*binaries: Binary) -> WheelFacts:
    return made.wheel(*binaries, platforms=("macosx_11_0_arm64",))


def library(path: str, arch: Arch = X86_64) -> Binary:
    return thin(path, arch, Kind.DYLIB)


def found(facts: WheelFacts, ground: Ground) -> dict[Reason, str]:
    judgement = judge(facts, [TARGET], site=site_of([facts], ground))
    return {f.reason: f.path for f in judgement.findings}


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("@loader_path/libx.dylib", {"pkg/libx.dylib": "lib/real"}),
        ("@loader_path/../alias/real", {"alias": "lib"}),
        ("@loader_path/../a/b/real", {"a": "c", "c/b": "lib"}),
    ],
    ids=["file", "folder", "folder in a linked folder"],
)
def test_a_library_is_found_through_links(name: str, links: dict[str, str]) -> None:
    facts = wheel(linking(name), library("lib/real"))

    assert found(facts, Ground(links=links)) == {Reason.WRONG_ARCHITECTURE: "lib/real"}


def test_a_loop_of_links_ends() -> None:
    facts = wheel(linking("@loader_path/x/y"))

    assert found(facts, Ground(links={"pkg/x": "pkg/z", "pkg/z": "pkg/x"})) == {
        Reason.MISSING_LIBRARY: MODULE
    }


def test_a_library_goes_by_the_names_of_links_to_it_too() -> None:
    """dyld takes what is loaded already for a library of that name."""
    facts = wheel(linking("@rpath/libz.dylib"), library("lib/libz.1.dylib", ARM64))

    assert not found(facts, Ground(links={"lib/libz.dylib": "lib/libz.1.dylib"}))
    assert found(facts, Ground(links={"lib/libz.dylib": "lib/no"}))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/env/lib/libx.dylib", Reason.WRONG_ARCHITECTURE),
        ("/env/pkg/../lib/libx.dylib", Reason.WRONG_ARCHITECTURE),
        ("/environment/lib/liby.dylib", Reason.UNDELOCATED),
    ],
)
def test_absolute_names_lead_into_the_folder(name: str, reason: Reason) -> None:
    facts = wheel(linking(name), library("lib/libx.dylib"))

    assert reason in found(facts, Ground(root="/env"))


def test_the_program_gives_its_folder_and_its_rpaths() -> None:
    program = macho("Contents/MacOS/app", piece(ARM64, Kind.EXECUTABLE, rpaths=("@loader_path/r",)))
    beside = wheel(
        linking("@executable_path/../Frameworks/libx.dylib"),
        library("Contents/Frameworks/libx.dylib"),
        program,
    )
    by_rpath = wheel(linking("@rpath/libx.dylib"), library("Contents/MacOS/r/libx.dylib"), program)

    assert Reason.WRONG_ARCHITECTURE in found(beside, Ground(program=program))
    assert Reason.WRONG_ARCHITECTURE in found(by_rpath, Ground(program=program))


def test_a_program_without_code_for_the_target_has_no_rpaths() -> None:
    program = macho("app", piece(X86_64, Kind.EXECUTABLE, rpaths=("@loader_path/r",)))
    facts = wheel(linking("@rpath/libq.dylib"), program)

    assert Reason.MISSING_LIBRARY in found(facts, Ground(program=program))


def test_packages_that_share_a_site_are_judged_each_by_itself() -> None:
    user = wheel(linking("@loader_path/../lib/libx.dylib"))
    lib = wheel(library("lib/libx.dylib", ARM64))
    site = site_of([user, lib])

    verdicts = [judge(facts, [TARGET], site=site).verdict for facts in (user, lib)]

    assert verdicts == [Verdict.OK, Verdict.OK]
