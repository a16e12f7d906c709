"""Which libraries a wheel leaves to others."""

from __future__ import annotations

import pytest

from builders.facts import mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.target import System
from pip_archguard.rules import libraries_beyond, library_names

MODULE = "speedups/_c.cpython-312-darwin.so"
OWN = thin("speedups/.dylibs/libOwn.dylib", Arch.ARM64, Kind.DYLIB)


@pytest.mark.parametrize(
    ("links", "others", "beyond"),
    [
        (("/usr/lib/libSystem.B.dylib",), (), set()),
        (("@loader_path/.dylibs/libOwn.dylib",), (OWN,), set()),
        (("@loader_path/libOwn.dylib",), (OWN,), {"libown.dylib"}),
        (("@loader_path/../other/libX.dylib", "/usr/lib/libz.dylib"), (), {"libx.dylib"}),
        (("/opt/homebrew/lib/libY.dylib",), (), {"liby.dylib"}),
    ],
    ids=["system", "own", "own elsewhere", "another wheel's", "outside"],
)
def test_only_what_the_wheel_has_not_where_dyld_looks_is_beyond(
    links: tuple[str, ...], others: tuple[Binary, ...], beyond: set[str]
) -> None:
    facts = wheel(thin(MODULE, Arch.ARM64, links=links), *others)

    assert libraries_beyond(facts, [mac()]) == beyond


def test_what_any_slice_links_counts_for_every_target() -> None:
    sides = (piece(Arch.ARM64), piece(Arch.X86_64, links=("@rpath/libSide.dylib",)))
    facts = wheel(macho(MODULE, *sides))

    assert libraries_beyond(facts, [mac(), mac(Arch.X86_64)]) == {"libside.dylib"}


def test_where_nothing_is_judged_nothing_is_beyond() -> None:
    linux = mac()._replace(system=System.LINUX)

    assert not libraries_beyond(wheel(thin(MODULE, Arch.ARM64, links=("@rpath/a",))), [linux])


def test_a_wheel_lends_what_it_has_if_there_is_a_library_in_it() -> None:
    assert library_names(wheel(thin(MODULE, Arch.ARM64), OWN)) == {
        "libown.dylib",
        "_c.cpython-312-darwin.so",
    }
    assert not library_names(wheel(thin(MODULE, Arch.ARM64)))
