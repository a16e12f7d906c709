"""Symbols that a slice owes to Python, or its libraries to it."""

from __future__ import annotations

from typing import Any

import pytest

from builders.facts import UNIVERSAL2, mac, macho, piece, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Import, Kind, Slice
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Severity
from pip_archguard.model.verdict import Verdict
from pip_archguard.rules import judge

ARM64 = mac()
EXTENSION = "demo/_c.cpython-312-darwin.so"
MANY = tuple(f"_SASToken_{i}" for i in range(10))


def findings(*binaries: Binary, platform: str = "macosx_11_0_arm64") -> tuple[Finding, ...]:
    return judge(wheel(*binaries, platforms=(platform,)), [ARM64]).findings


def codes(*binaries: Binary) -> list[str]:
    return [f.reason.value for f in findings(*binaries)]


@pytest.mark.parametrize(
    ("arm64", "x86_64", "severity"),
    [
        (False, True, [Severity.REFUSE]),
        (False, False, [Severity.INFO]),
        (True, False, []),
        (None, None, []),
    ],
    ids=["sibling has it", "nobody has it", "it is there", "not read"],
)
def test_a_missing_init_function_refuses_only_where_a_sibling_has_it(
    severity: list[Severity], *, arm64: bool | None, x86_64: bool | None
) -> None:
    slices = (piece(Arch.X86_64, exports_init=x86_64), piece(Arch.ARM64, exports_init=arm64))

    found = findings(macho(EXTENSION, *slices), platform=UNIVERSAL2)

    assert [f.severity for f in found] == severity
    assert {f.reason.value for f in found} <= {"missing-init"}


def test_what_import_does_not_take_needs_no_init_function() -> None:
    slices = (piece(Arch.X86_64, exports_init=True), piece(Arch.ARM64, exports_init=False))

    assert codes(macho("demo/libx.dylib", *slices)) == []


def importer(*symbols: str, library: str = "@loader_path/libx.dylib", **more: Any) -> Binary:
    imports = tuple(Import(symbol=s, library=library) for s in symbols)
    return thin(EXTENSION, Arch.ARM64, links=(library,), imports=imports, **more)


def exporter(
    *symbols: str, path: str = "demo/libx.dylib", read: bool = True, **more: Any
) -> Binary:
    exports = frozenset(symbols) if read else None
    return thin(path, Arch.ARM64, Kind.DYLIB, exports=exports, **more)


def test_a_symbol_that_the_library_of_the_wheel_lacks_is_refused() -> None:
    found = findings(importer("_a", "_b", "_c"), exporter("_a"))

    assert [(f.reason.value, f.path, f.found, f.count) for f in found] == [
        ("missing-symbol", EXTENSION, ("@loader_path/libx.dylib", "_b", "_c"), 2)
    ]


def test_a_library_that_lacks_a_symbol_of_another_is_told_with_the_module() -> None:
    imports = (Import(symbol="_b", library="@loader_path/liby.dylib"),)
    middle = exporter(links=("@loader_path/liby.dylib",), imports=imports)
    found = findings(importer(), middle, exporter(path="demo/liby.dylib"))

    assert [(f.path, f.needed_by) for f in found] == [("demo/libx.dylib", EXTENSION)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((exporter("_a"),), []),
        ((exporter(read=False),), []),
        (
            (exporter(links=("@loader_path/liby.dylib",)), exporter("_a", path="demo/liby.dylib")),
            ["missing-symbol"],
        ),
        ((exporter(reexports=("/usr/lib/libz.dylib",)),), []),
        ((exporter(reexports=("/opt/libz.dylib",)),), ["undelocated"]),
        (
            (
                exporter(reexports=("@loader_path/liby.dylib",)),
                exporter("_a", path="demo/liby.dylib"),
            ),
            [],
        ),
        (
            (
                exporter(reexports=("@loader_path/liby.dylib",)),
                exporter(path="demo/liby.dylib", reexports=("@loader_path/libx.dylib",)),
            ),
            ["missing-symbol"],
        ),
    ],
    ids=[
        "exported",
        "not read",
        "links it only",
        "re-exports the system",
        "re-exports the machine",
        "re-exported",
        "a circle of re-exports",
    ],
)
def test_a_symbol_may_come_from_what_a_library_re_exports(
    files: tuple[Binary, ...], expected: list[str]
) -> None:
    assert codes(importer("_a"), *files) == expected


def test_symbols_of_a_library_in_another_wheel_are_not_judged() -> None:
    own = wheel(importer("_a"), platforms=("macosx_11_0_arm64",))
    other = wheel(exporter(), platforms=("macosx_11_0_arm64",))

    assert judge(own, [ARM64], companions=[other]).findings == ()
    assert judge(wheel(), [ARM64], companions=[own, other]).findings == ()


def lonely(*lookups: str, path: str = EXTENSION, **more: Any) -> Binary:
    return thin(path, Arch.ARM64, flat=lookups, **more)


def test_many_lookups_that_nothing_explains_refuse_a_thin_extension() -> None:
    assert codes(lonely(*MANY)) == ["hollow-slice"]
    assert codes(lonely(*MANY[1:])) == []


def test_many_equal_lookups_of_both_slices_refuse_as_well() -> None:
    slices = (piece(Arch.X86_64, flat=MANY), piece(Arch.ARM64, flat=MANY))

    found = findings(macho(EXTENSION, *slices), platform=UNIVERSAL2)

    assert [f.reason.value for f in found] == ["hollow-slice"]


@pytest.mark.parametrize(
    "files",
    [
        (lonely(*MANY, two_level=False),),
        (lonely(*MANY, path="demo/plugins/x.dylib"),),
        (lonely(*MANY), exporter(*MANY, path="demo/libmain.dylib")),
    ],
    ids=["flat namespace", "not imported", "exported by the wheel"],
)
def test_many_lookups_may_have_an_explanation(files: tuple[Binary, ...]) -> None:
    assert codes(*files) == []


def test_many_lookups_may_be_met_by_a_library_beyond_the_wheel() -> None:
    assert codes(lonely(*MANY, links=("/opt/libmpi.dylib",))) == ["undelocated"]


def test_a_hollow_library_breaks_the_module_that_links_it() -> None:
    links = ("@loader_path/libx.dylib",)
    read = thin(EXTENSION, Arch.ARM64, links=links, exports=frozenset())
    unread = thin(EXTENSION, Arch.ARM64, links=links)

    assert codes(read, lonely(*MANY, path="demo/libx.dylib")) == ["hollow-slice"]
    assert codes(unread, lonely(*MANY, path="demo/libx.dylib")) == []


def test_what_a_sibling_exports_explains_an_asymmetry() -> None:
    slices: tuple[Slice, ...] = (
        piece(Arch.X86_64, flat=()),
        piece(Arch.ARM64, flat=("_engine_run",)),
    )
    engine = thin(
        "demo/libengine.dylib", Arch.ARM64, Kind.DYLIB, exports=frozenset({"_engine_run"})
    )
    facts = wheel(macho(EXTENSION, *slices), engine)

    assert judge(facts, [ARM64]).verdict is Verdict.OK


SYSTEM = tuple(
    f"{prefix}Name{n}"
    for prefix in ("_CF", "_CG", "_kCF", "_OBJC_CLASS_$_", "_objc_", "___cxa_", "__Zn", "_NS")
    for n in range(4)
)


def test_names_of_the_system_are_never_missing() -> None:
    """As pyobjc's Quartz, Kivy, pygame and setproctitle leave them open."""
    slices = (piece(Arch.X86_64, flat=()), piece(Arch.ARM64, flat=SYSTEM))

    assert codes(lonely(*SYSTEM)) == []
    assert judge(wheel(macho(EXTENSION, *slices)), [ARM64]).findings == ()


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("_deflate", ("", "End", "Init2_")),
        ("_inflate", ("", "End", "Init2_")),
        ("_BZ2_bzDecompress", ("", "End", "Init")),
        ("_lzma_", ("code", "end", "stream_decoder")),
        ("_IOHID", tuple(f"Device{n}" for n in range(20))),
    ],
    ids=["zlib", "zlib back", "bzip2", "xz", "IOKit"],
)
def test_nor_are_those_of_libraries_that_come_with_the_frameworks(
    prefix: str, names: tuple[str, ...]
) -> None:
    """pyreadr leaves 12 names of compression open, panda3d 20 of IOKit; both load for years."""
    open_names = (*(f"{prefix}{name}" for name in names), *(f"_engine_{n}" for n in range(9)))

    assert codes(lonely(*open_names)) == []


def test_slices_of_a_flat_namespace_are_not_compared() -> None:
    slices = (
        piece(Arch.X86_64, flat=("___bzero", "_malloc"), two_level=False),
        piece(Arch.ARM64, flat=("_bzero", "_free", "_malloc"), two_level=False),
    )

    assert judge(wheel(macho(EXTENSION, *slices)), [ARM64]).findings == ()


C_FUNCTIONS = tuple(f"_function_of_c_{n}" for n in range(20))


def without_libsystem(arch: Arch, *lookups: str) -> Slice:
    return piece(arch, flat=lookups)._replace(dependencies=())


def test_without_libsystem_the_functions_of_c_are_looked_up_flat() -> None:
    """As all modules of spacy 3.3.3 for arm64, which load."""
    alone = macho(EXTENSION, without_libsystem(Arch.ARM64, *C_FUNCTIONS))
    old = piece(Arch.ARM64, flat=C_FUNCTIONS, links=("/usr/lib/libSystem.dylib",))

    assert codes(alone) == []
    assert codes(macho(EXTENSION, old)) == ["hollow-slice"]


def test_slices_without_libsystem_are_not_compared() -> None:
    fewer = without_libsystem(Arch.X86_64, "___bzero")
    more = without_libsystem(Arch.ARM64, "_bzero", "_free")

    assert judge(wheel(macho(EXTENSION, fewer, more)), [ARM64]).findings == ()


@pytest.mark.parametrize("own", [False, True], ids=["another wheel's", "its own"])
def test_what_the_sibling_takes_from_another_wheel_is_not_missing(*, own: bool) -> None:
    """As netgen-mesher 6.2.2608, whose Python code loads that library beforehand."""
    name = "@rpath/libTKernel.dylib"
    imports = tuple(Import(symbol=symbol, library=name) for symbol in MANY)
    slices = (
        piece(Arch.X86_64, flat=(), links=(name,), imports=imports),
        piece(Arch.ARM64, flat=MANY, links=(name,), imports=()),
    )
    library = macho(
        "demo/libTKernel.dylib",
        piece(Arch.X86_64, Kind.DYLIB, exports=frozenset(MANY)),
        piece(Arch.ARM64, Kind.DYLIB, exports=frozenset()),
    )

    found = judge(wheel(macho(EXTENSION, *slices), *([library] if own else [])), [ARM64]).findings

    assert ("hollow-slice" in [f.reason.value for f in found]) is own


def test_many_lookups_may_be_met_by_a_library_of_another_wheel() -> None:
    own = wheel(lonely(*MANY, links=("@rpath/libcore.dylib",)), platforms=("macosx_11_0_arm64",))
    other = wheel(exporter(path="core/libcore.dylib"), platforms=("macosx_11_0_arm64",))

    assert judge(own, [ARM64], companions=[other]).findings == ()


def test_libraries_of_one_name_in_capitals_and_small_letters_are_one() -> None:
    taken = importer("_a", library="@loader_path/libX.dylib")

    assert codes(taken, exporter("_a", path="demo/libx.dylib")) == []
    assert codes(taken, exporter(path="demo/libx.dylib")) == ["missing-symbol"]


def test_a_library_found_by_its_bare_name_proves_nothing_missing() -> None:
    assert codes(importer("_a", library="@rpath/libx.dylib"), exporter(path="lib/libx.dylib")) == []


def test_re_exports_that_meet_again_are_looked_at_once() -> None:
    levels = [
        exporter(
            path=f"demo/lib{level}{side}.dylib",
            reexports=tuple(f"@loader_path/lib{level + 1}{other}.dylib" for other in "abc"),
        )
        for level in range(12)
        for side in "abc"
    ]
    ends = [exporter(path=f"demo/lib12{side}.dylib") for side in "abc"]

    taken = importer("_a", library="@loader_path/lib0a.dylib")

    assert codes(taken, *levels, *ends) == ["missing-symbol"]
