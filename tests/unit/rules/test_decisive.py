"""Which libraries have symbols that can change a verdict."""

from __future__ import annotations

import pytest

from builders.facts import elf, mac, macho, piece, thin
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.target import System, Target
from pip_archguard.rules import symbols_decide

ARM64 = (mac(),)
LARGE = thin("demo/large.dylib", Arch.ARM64, Kind.DYLIB)
UNREAD = frozenset({LARGE.path})
MODULE = thin("demo/_c.so", Arch.ARM64)
FRAMEWORK = thin("demo/F", Arch.ARM64, Kind.DYLIB, install_name="@rpath/liby.dylib")
LINKING = thin("demo/_l.so", Arch.ARM64, links=("@rpath/LibY.dylib", "/usr/lib/libz.dylib"))
NAMESAKE = thin("demo/libz.dylib", Arch.ARM64, Kind.DYLIB)


def fat(*counts: int | None) -> Binary:
    archs = (Arch.ARM64, Arch.X86_64)
    flat = [None if n is None else tuple(f"_{i}" for i in range(n)) for n in counts]
    pieces = [piece(arch, flat=names) for arch, names in zip(archs, flat, strict=True)]
    return macho("demo/_f.so", *pieces)


def test_none_do_beside_a_large_library_that_loads() -> None:
    program = thin("bin/tool", Arch.ARM64, Kind.EXECUTABLE)

    assert (
        symbols_decide((LARGE, MODULE, NAMESAKE, program, elf("x.so")), ARM64, UNREAD)
        == frozenset()
    )


@pytest.mark.parametrize(
    "large",
    [
        thin(LARGE.path, Arch.X86_64, Kind.DYLIB),
        thin(LARGE.path, Arch.ARM64, Kind.EXECUTABLE),
        thin("demo/tests/large.dylib", Arch.ARM64, Kind.DYLIB),
        thin("demo/large.cpython-39-darwin.so", Arch.ARM64),
        macho(LARGE.path, piece(Arch.ARM64), problem="it is broken"),
    ],
    ids=["other architecture", "program", "test data", "other Python", "broken"],
)
def test_all_do_beside_a_large_file_that_is_not_loaded(large: Binary) -> None:
    assert symbols_decide((large, MODULE), ARM64, frozenset({large.path})) is None


def test_all_do_without_a_target_that_is_judged() -> None:
    linux = Target(system=System.LINUX, arch=Arch.ARM64)

    assert symbols_decide((LARGE, MODULE), (linux,), UNREAD) is None
    assert symbols_decide((LARGE, MODULE), (), UNREAD) is None


def test_each_target_has_to_load_a_large_one() -> None:
    both = (mac(), mac(Arch.X86_64))

    assert symbols_decide((LARGE, MODULE), both, UNREAD) is None


def test_those_do_that_link_one_another() -> None:
    binaries = (LARGE, MODULE, FRAMEWORK, LINKING, NAMESAKE)

    assert symbols_decide(binaries, ARM64, UNREAD) == frozenset({FRAMEWORK.path, LINKING.path})


def test_what_links_or_is_a_large_one_does_not() -> None:
    large = thin(LARGE.path, Arch.ARM64, Kind.DYLIB, links=("@rpath/liby.dylib",))
    module = thin("demo/_m.so", Arch.ARM64, links=("@rpath/large.dylib",))

    assert symbols_decide((large, FRAMEWORK, module), ARM64, UNREAD) == frozenset()


@pytest.mark.parametrize("counts", [(None, None), (2, 2)], ids=["unread", "few and equal"])
def test_those_of_a_file_of_several_slices_do(counts: tuple[int | None, ...]) -> None:
    universal = fat(*counts)

    assert symbols_decide((LARGE, MODULE, universal), ARM64, UNREAD) == frozenset({universal.path})


@pytest.mark.parametrize("counts", [(2, 3), (10, 10)], ids=["different", "many"])
def test_all_do_that_may_explain_what_a_slice_leaves_open(counts: tuple[int, int]) -> None:
    assert symbols_decide((LARGE, MODULE, fat(*counts)), ARM64, UNREAD) is None
