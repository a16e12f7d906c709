"""Which names of a wheel's files are looked for in one another."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pip_archguard.binaries import wanted_exports
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import MANY_LOOKUPS, Binary, Dependency, Format, Import, Kind, Slice

MANY = tuple(f"_f{n}" for n in range(MANY_LOOKUPS))


def piece(
    *takes: tuple[str, str],
    kind: Kind = Kind.DYLIB,
    name: str | None = None,
    reexports: Sequence[str] = (),
    flat: tuple[str, ...] | None = (),
) -> Slice:
    return Slice(
        arch=Arch.ARM64,
        cpu_type=0,
        cpu_subtype=0,
        kind=kind,
        install_name=name,
        dependencies=(
            Dependency(install_name="@rpath/plain.dylib"),
            *(Dependency(install_name=other, reexported=True) for other in reexports),
        ),
        flat_lookups=flat,
        imports=tuple(Import(symbol=symbol, library=library) for symbol, library in takes),
    )


def file(path: str, *slices: Slice) -> Binary:
    return Binary(path=path, format=Format.MACH_O, slices=slices or (piece(),))


MODULE = file("p/m.so", piece(("_b", "@rpath/x.dylib"), ("_a", "@rpath/x.dylib")))


def test_what_one_file_takes_is_wanted_of_the_library_of_that_name() -> None:
    wanted = wanted_exports([MODULE, file("p/.dylibs/x.dylib"), file("p/.dylibs/y.dylib")])

    assert wanted == {"p/.dylibs/x.dylib": frozenset({"_a", "_b"})}


def test_a_library_may_go_by_its_own_install_name() -> None:
    library = file("p/z.so", piece(name="/somewhere/x.dylib"))

    assert wanted_exports([MODULE, library]) == {"p/z.so": frozenset({"_a", "_b"})}


def test_all_libraries_of_the_name_are_asked() -> None:
    libraries = [file("p/arm64/x.dylib"), file("p/x86_64/x.dylib")]

    wanted = wanted_exports([MODULE, *libraries])

    assert wanted.keys() == {"p/arm64/x.dylib", "p/x86_64/x.dylib"}


def test_the_names_of_all_slices_and_files_come_together() -> None:
    files = [
        file("a.so", piece(("_a", "x.dylib")), piece(("_b", "@rpath/x.dylib"))),
        file("c.so", piece(("_c", "x.dylib"))),
        file("x.dylib"),
    ]

    assert wanted_exports(files) == {"x.dylib": frozenset({"_a", "_b", "_c"})}


def test_a_file_is_not_asked_for_what_it_takes_itself() -> None:
    assert wanted_exports([file("x.dylib", piece(("_a", "@rpath/x.dylib")))]) == {}


@pytest.mark.parametrize("kind", [Kind.EXECUTABLE, Kind.OBJECT, Kind.ARCHIVE], ids=str)
def test_only_libraries_are_asked(kind: Kind) -> None:
    assert wanted_exports([MODULE, file("x.dylib", piece(kind=kind))]) == {}


def test_what_a_library_reexports_is_asked_for_the_same() -> None:
    files = [
        MODULE,
        file("x.dylib", piece(reexports=["@rpath/y.dylib", "/usr/lib/libz.dylib"])),
        file("y.dylib", piece(reexports=["@rpath/z.dylib", "@rpath/x.dylib"])),
        file("z.dylib"),
        file("plain.dylib"),
    ]

    assert wanted_exports(files) == dict.fromkeys(
        ["x.dylib", "y.dylib", "z.dylib"], frozenset({"_a", "_b"})
    )


def test_a_file_without_symbols_wants_nothing() -> None:
    bare = Slice(arch=Arch.ARM64, cpu_type=0, cpu_subtype=0, kind=Kind.DYLIB)
    foreign = Binary(path="x.so", format=Format.ELF)

    assert wanted_exports([file("a.so", bare), foreign, file("x.dylib")]) == {}


@pytest.mark.parametrize(
    ("lookups", "wanted"),
    [
        pytest.param([MANY], True, id="many"),
        pytest.param([MANY[1:]], False, id="few"),
        pytest.param([MANY[1:], MANY[1:]], False, id="few in each slice"),
        pytest.param([("_f0",), ()], True, id="more in one slice"),
        pytest.param([("_f0",), None], False, id="one slice that tells"),
        pytest.param([None], False, id="untold"),
    ],
)
def test_lookups_that_are_many_or_uneven_are_wanted_of_every_library(
    lookups: list[tuple[str, ...] | None], *, wanted: bool
) -> None:
    hollow = file("a.so", *(piece(kind=Kind.BUNDLE, flat=names) for names in lookups))
    files = [hollow, file("x.dylib"), file("tool", piece(kind=Kind.EXECUTABLE))]
    names = frozenset(name for piece_names in lookups for name in piece_names or ())

    assert wanted_exports(files) == (dict.fromkeys(["a.so", "x.dylib"], names) if wanted else {})


def test_lookups_and_imports_come_together() -> None:
    files = [MODULE, file("b.so", piece(flat=MANY)), file("x.dylib")]

    assert wanted_exports(files)["x.dylib"] == frozenset({"_a", "_b", *MANY})
