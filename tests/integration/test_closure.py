"""Real Mach-O that is right in architecture and cannot load all the same."""

from __future__ import annotations

from builders.index import Index
from builders.macho_bytes import thin
from builders.packages import ARM64, MODULE, UNIVERSAL2, native
from builders.sandbox import Sandbox
from builders.universal import join_slices
from builders.wheels import native_tag
from builders.zig import Zig
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

NEWER = native_tag("macosx_14_0_arm64")
LIBRARY = "demo/libanswer.dylib"


def linked(zig: Zig, library: bytes) -> dict[str, bytes]:
    return {**native("demo", zig.linking_extension("_c", "arm64")), LIBRARY: library}


def test_a_module_with_the_library_that_it_links_is_installed(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", ARM64, linked(zig, zig.dylib("arm64")))

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert "2 native files in 1 package judged" in result.stderr


def test_a_library_that_lacks_what_the_module_takes_from_it_is_refused(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", NEWER, linked(zig, zig.dylib("arm64", "question")))
    index.add_wheel("demo", "1.0", ARM64, linked(zig, zig.dylib("arm64")))

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert "refused: missing-symbol" in result.stderr
    assert "takes 1 name from `@loader_path/libanswer.dylib`" in result.stderr
    assert "such as `_answer`" in result.stderr


def test_a_linked_library_of_the_other_architecture_is_told_with_its_module(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", ARM64, linked(zig, zig.dylib("x86_64")))

    result = arm64.run("install", "demo")

    assert result.code == 40, result
    assert f"`{LIBRARY}`, which `demo/{MODULE}` links, is x86_64 only" in result.stderr


def test_a_library_may_come_with_a_wheel_that_is_installed_with_it_or_was_before(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.linking_extension("_c", "arm64")))
    index.add_wheel("answer", "1.0", ARM64, native("answer", zig.dylib("arm64"), "libanswer.dylib"))

    alone = arm64.run("download", "demo")
    together = arm64.run("download", "demo", "answer")
    arm64.run("install", "answer")
    after = arm64.run("install", "demo", "answer")

    assert "warning: missing-library" in alone.stderr
    assert (together.code, after.code) == (0, 0)
    assert "missing-library" not in together.stderr + after.stderr


def test_a_slice_without_an_init_function_is_refused_by_its_sibling(
    arm64: Sandbox, intel: Sandbox, index: Index, zig: Zig
) -> None:
    module = join_slices(zig.extension("_c", "x86_64"), zig.dylib("arm64"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", module))

    refused, fine = arm64.run("install", "demo"), intel.run("install", "demo")

    assert (refused.code, fine.code) == (40, 0)
    assert "refused: missing-init" in refused.stderr


def test_a_library_built_for_ctypes_under_an_extension_name_is_fine(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    module = join_slices(zig.dylib("x86_64"), zig.dylib("arm64"))
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", module))

    result = arm64.run("install", "demo")

    assert result.code == 0, result
    assert "missing-init" not in result.stderr


def test_a_thin_module_that_leaves_many_names_open_is_refused(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    helpers = tuple(f"helper_{i}" for i in range(12))
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.thin_hollow_extension("_c", helpers)))

    result = arm64.run("install", "demo")

    assert result.code == 40, result
    assert "refused: hollow-slice" in result.stderr
    assert "12 names that it calls are nowhere" in result.stderr


NEEDY = {
    f"demo/{MODULE}": thin(dylibs=("@loader_path/x86_64/libanswer.dylib",)),
    "demo/x86_64/libanswer.dylib": thin(Arch.X86_64, Kind.DYLIB),
}
"""A wheel that loads only where another one lends it a library of that name."""

LENDER = {"answer/libanswer.dylib": thin(kind=Kind.DYLIB)}


def test_what_is_installed_already_counts_as_much_as_what_comes_with_it(
    arm64: Sandbox, index: Index
) -> None:
    index.add_wheel("demo", "1.0", ARM64, NEEDY)
    index.add_wheel("answer", "1.0", ARM64, LENDER)

    alone = arm64.run("install", "demo")
    together = arm64.run("install", "--dry-run", "demo", "answer")
    arm64.run("install", "answer")
    after = arm64.run("install", "demo", "answer")

    assert (alone.code, together.code, after.code) == (40, 0, 0)
    assert "refused" not in together.stderr + after.stderr


def test_what_is_installed_and_will_be_replaced_does_not_count(
    arm64: Sandbox, index: Index
) -> None:
    broken = {**LENDER, f"answer/{MODULE}": thin(Arch.X86_64)}
    index.add_wheel("demo", "1.0", ARM64, NEEDY)
    index.add_wheel("answer", "1.0", UNIVERSAL2, broken)
    arm64.run_pip("install", "answer")
    index.add_wheel("answer", "1.0", ARM64, native("answer", thin()))

    result = arm64.run("install", "demo", "answer")

    assert result.code == 40, result
    assert "`answer 1.0`, which is installed already, cannot load" in result.stderr
    assert "`demo/x86_64/libanswer.dylib`" in result.stderr
