from __future__ import annotations

import pytest

from builders.facts import elf, linux, mac, piece, shared, thin, wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Format, Kind
from pip_archguard.model.libc import Libc
from pip_archguard.model.reason import Reason, Severity, Use
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Verdict
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge
from pip_archguard.rules.linking import MOST_PLACES

X86_64 = linux()
ARM64 = linux(Arch.ARM64, triplet="aarch64-linux-gnu")
MUSL = linux(libc=Libc.MUSL, version=(1, 2), triplet="x86_64-linux-musl")
NAMED = linux(named=True)
ANYONE = Target(system=System.LINUX, arch=Arch.X86_64)
EXTENSION = "demo/_c.cpython-312-x86_64-linux-gnu.so"
MANY, ALL = ("manylinux_2_17_x86_64",), ("any",)
PLAIN = ("linux_x86_64",)
BUNDLED = "demo.libs/libx-0123abcd.so.1"


def reasons(facts: WheelFacts, target: Target = X86_64) -> list[tuple[str, str]]:
    return [(f.reason.value, f.severity.value) for f in judge(facts, [target]).findings]


def test_a_wheel_of_this_machine_is_fine() -> None:
    facts = wheel(
        shared(
            EXTENSION, links=("libx-0123abcd.so.1", "libc.so.6"), rpaths=("$ORIGIN/../demo.libs",)
        ),
        shared(BUNDLED, links=("libm.so.6",)),
        platforms=MANY,
    )

    assert judge(facts, [X86_64]).findings == ()


@pytest.mark.parametrize("path", ["demo/_c.abi3.so", "demo/_c.so", EXTENSION])
@pytest.mark.parametrize("platforms", [MANY, ALL], ids=["platform", "any"])
def test_a_module_for_another_machine_is_refused(path: str, platforms: tuple[str, ...]) -> None:
    facts = wheel(shared(path, Arch.ARM64), platforms=platforms)

    assert reasons(facts) == [("wrong-architecture", "refuse")]


@pytest.mark.parametrize(
    "arch", [Arch.OTHER, Arch.I386, Arch.ARM64], ids=["x32 or none", "32-bit", "arm64"]
)
def test_there_is_no_second_choice_of_architecture(arch: Arch) -> None:
    assert reasons(wheel(shared("demo/_c.so", arch), platforms=MANY))


@pytest.mark.parametrize(
    "path",
    [
        "demo/_c.cpython-312-aarch64-linux-gnu.so",
        "demo/_c.cpython-311-x86_64-linux-gnu.so",
        "demo/_c.cpython-312-x86_64-linux-musl.so",
    ],
)
def test_a_module_of_another_python_or_platform_is_no_fault(path: str) -> None:
    assert reasons(wheel(shared(path, Arch.ARM64), platforms=MANY)) == []


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("demo/_c.cpython-312-x86_64-linux-gnu.so", True),
        ("demo/_c.cpython-39-x86_64-linux-musl.so", True),
        ("demo/_c.cpython-312-aarch64-linux-gnu.so", False),
        ("demo/_c.cpython-312-darwin.so", False),
        ("demo/_c.pypy39-pp73.so", True),
        ("demo/_c.abi3.so", True),
    ],
)
def test_a_target_that_names_no_python_is_all_those_of_its_machine(
    path: str, *, refused: bool
) -> None:
    facts = wheel(shared(path, Arch.ARM64), platforms=MANY)

    assert bool(reasons(facts, ANYONE)) is refused


@pytest.mark.parametrize(
    ("link", "rpaths", "path"),
    [
        ("libx-0123abcd.so.1", ("$ORIGIN/../demo.libs",), BUNDLED),
        ("libx-0123abcd.so.1", ("/opt/lib", "${ORIGIN}/../demo.libs"), BUNDLED),
        ("$ORIGIN/libx.so", (), "demo/libx.so"),
    ],
    ids=["run path", "the second run path", "a path of its own"],
)
def test_a_linked_library_for_another_machine_is_refused(
    link: str, rpaths: tuple[str, ...], path: str
) -> None:
    facts = wheel(
        shared(EXTENSION, links=(link,), rpaths=rpaths),
        shared(path, Arch.ARM64),
        platforms=ALL,
    )

    (finding,) = judge(facts, [X86_64]).findings

    assert (finding.reason, finding.path) == (Reason.WRONG_ARCHITECTURE, path)
    assert (finding.use, finding.needed_by) == (Use.LINKED, EXTENSION)


def test_what_a_library_needs_is_followed_by_the_run_path_of_its_loader_with_less_certainty() -> (
    None
):
    facts = wheel(
        shared(EXTENSION, links=("liba.so",), rpaths=("$ORIGIN/libs",)),
        shared("demo/libs/liba.so", links=("libb.so",)),
        shared("demo/libs/libb.so", Arch.ARM64),
        platforms=ALL,
    )

    assert reasons(facts) == []


def test_ld_so_passes_over_a_library_for_another_machine_to_one_that_fits() -> None:
    facts = wheel(
        shared(EXTENSION, links=("libx.so",), rpaths=("$ORIGIN/a", "$ORIGIN/b")),
        shared("demo/a/libx.so", Arch.ARM64),
        shared("demo/b/libx.so"),
        platforms=ALL,
    )

    assert reasons(facts) == []


def test_a_library_that_every_system_has_is_the_systems() -> None:
    facts = wheel(
        shared(EXTENSION, links=("libstdc++.so.6",), rpaths=("$ORIGIN",)),
        shared("demo/libstdc++.so.6", Arch.ARM64),
        platforms=ALL,
    )

    assert reasons(facts) == []


@pytest.mark.parametrize(
    "link", ["libx.so", "libother.so", "/opt/libx.so", "./libx.so", "$LIB/libx.so"]
)
def test_what_is_not_in_the_wheel_is_the_systems(link: str) -> None:
    facts = wheel(
        shared(EXTENSION, links=(link,), rpaths=("/usr/lib", "relative")),
        thin("demo/libother.so", Arch.ARM64),
        platforms=MANY,
    )

    assert reasons(facts) == []


@pytest.mark.parametrize("named", ["libfits.so.1", "libx.so.1"])
def test_a_library_that_may_be_loaded_already_is_found_by_either_name(named: str) -> None:
    facts = wheel(
        shared(EXTENSION, links=(named,)),
        shared("other/libx.so.1", install_name="libfits.so.1", libc=Libc.MUSL, links=("libc.so",)),
        platforms=MANY,
    )

    (finding,) = judge(facts, [X86_64]).findings

    assert (finding.reason, finding.needed_by) == (Reason.WRONG_LIBC, EXTENSION)


def test_searches_without_end_are_broken_off() -> None:
    rpaths = tuple(f"$ORIGIN/{n}" for n in range(MOST_PLACES + 1))
    facts = wheel(
        shared(EXTENSION, links=("libx.so", "liby.so"), rpaths=rpaths),
        shared("x/liby.so"),
        platforms=MANY,
    )

    assert ("could-not-tell", "warn") in reasons(facts)


@pytest.mark.parametrize("platforms", [MANY, ALL], ids=["platform", "any"])
@pytest.mark.parametrize(
    "path",
    ["demo/attach_aarch64.so", "demo/arm64/libx.so", "demo/libx-aarch64.so.1", "a/armv7l/l.so"],
)
def test_a_library_that_names_another_machine_beside_one_that_loads_is_fine(
    path: str, platforms: tuple[str, ...]
) -> None:
    facts = wheel(shared(EXTENSION), shared(path, Arch.ARM64), platforms=platforms)

    assert reasons(facts) == []


def test_a_library_of_android_is_for_another_platform() -> None:
    facts = wheel(shared("demo/_c.so", libc=Libc.BIONIC), platforms=MANY)

    (finding,) = judge(facts, [X86_64]).findings

    assert (finding.reason, finding.found) == (Reason.WRONG_PLATFORM, ("Android",))


def test_libraries_of_android_alone_in_an_any_wheel_are_not_meant_for_linux() -> None:
    facts = wheel(shared("demo/libx.so", Arch.ARM64, libc=Libc.BIONIC), platforms=ALL)

    assert reasons(facts) == []


@pytest.mark.parametrize(
    "file",
    [
        shared("demo/kernel.so", Arch.OTHER, Kind.OTHER),
        shared("demo/x.o", Arch.ARM64, Kind.OBJECT),
        shared("demo/x.so.debug", Arch.ARM64, Kind.DSYM),
    ],
    ids=["GPU", "object", "debugging symbols"],
)
def test_what_ld_so_is_never_asked_for_is_no_fault(file: Binary) -> None:
    assert reasons(wheel(shared(EXTENSION), file, platforms=MANY)) == []


@pytest.mark.parametrize(
    ("arch", "platforms", "expected"),
    [
        (Arch.ARM64, MANY, [("foreign-executable", "warn")]),
        (Arch.ARM64, ALL, [("foreign-executable", "info")]),
        (Arch.OTHER, MANY, [("foreign-executable", "info")]),
        (Arch.I386, MANY, []),
        (Arch.X86_64, MANY, []),
    ],
    ids=["another machine", "any wheel", "firmware", "32-bit", "native"],
)
def test_a_program_is_never_refused(
    arch: Arch, platforms: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    facts = wheel(shared("demo/bin/tool", arch, Kind.EXECUTABLE), platforms=platforms)

    assert reasons(facts) == expected


def test_a_program_beside_a_native_one_of_its_name_is_fine() -> None:
    facts = wheel(
        shared("demo/x86_64/tool", Arch.X86_64, Kind.EXECUTABLE),
        shared("demo/aarch64/tool", Arch.ARM64, Kind.EXECUTABLE),
        shared("demo/tests/data", Arch.ARM64, Kind.EXECUTABLE),
        platforms=MANY,
    )

    assert reasons(facts) == []


@pytest.mark.parametrize(
    ("target", "more", "severity"),
    [
        pytest.param(MUSL, {"libc": Libc.GLIBC}, "warn", id="glibc's, as far as is known"),
        pytest.param(
            MUSL, {"libc": Libc.GLIBC, "beyond_musl": ("__memcpy_chk",)}, "refuse", id="names"
        ),
        pytest.param(
            MUSL,
            {"libc": Libc.GLIBC, "links": ("ld-linux-x86-64.so.2", "libc.so.6")},
            "refuse",
            id="glibc's loader",
        ),
        pytest.param(
            X86_64,
            {"libc": Libc.MUSL, "links": ("libc.musl-x86_64.so.1",)},
            "refuse",
            id="musl's on glibc",
        ),
        pytest.param(X86_64, {"libc": Libc.MUSL, "links": ("libc.so",)}, "refuse", id="libc.so"),
    ],
)
@pytest.mark.parametrize("platforms", [MANY, ALL], ids=["platform", "any"])
def test_a_module_for_the_other_c_library(
    target: Target, more: dict[str, object], severity: str, platforms: tuple[str, ...]
) -> None:
    facts = wheel(shared("demo/_c.abi3.so", **more), platforms=platforms)  # type: ignore[arg-type]

    assert reasons(facts, target) == [("wrong-libc", severity)]


@pytest.mark.parametrize("libc", [None, Libc.GLIBC])
def test_a_module_for_this_c_library_or_for_none_is_fine(libc: Libc | None) -> None:
    assert reasons(wheel(shared("demo/_c.so", libc=libc), platforms=MANY)) == []


def test_of_a_target_without_a_c_library_nothing_is_known() -> None:
    target = linux(libc=None, version=(0, 0))
    facts = wheel(shared("demo/_c.so", libc=Libc.MUSL, glibc=(2, 99)), platforms=PLAIN)

    assert reasons(facts, target) == []


def test_a_library_that_brings_its_own_c_library_lacks_nothing() -> None:
    facts = wheel(
        shared(
            "demo/_c.so",
            libc=Libc.MUSL,
            links=("libc.musl-x86_64.so.1",),
            rpaths=("$ORIGIN/../demo.libs",),
        ),
        shared("demo.libs/libc.musl-x86_64.so.1"),
        platforms=MANY,
    )

    assert reasons(facts) == [("wrong-libc", "warn")]


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [(MANY, [("wrong-libc", "warn")]), (ALL, [("wrong-libc", "info")])],
    ids=["platform", "any"],
)
def test_a_library_that_nothing_links_may_be_the_choice_for_another_c_library(
    platforms: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    facts = wheel(
        shared("demo/_c.abi3.so", libc=Libc.MUSL, links=("libc.musl-x86_64.so.1",)),
        shared("demo/libx.so", libc=Libc.GLIBC, beyond_musl=("__memcpy_chk",)),
        platforms=platforms,
    )

    assert reasons(facts, MUSL) == expected


@pytest.mark.parametrize(
    ("target", "path", "platforms", "severity"),
    [
        (X86_64, EXTENSION, PLAIN, "refuse"),
        (X86_64, "demo/libz3.so", PLAIN, "refuse"),
        (X86_64, "demo/libattach.so", ALL, "info"),
        (NAMED, EXTENSION, PLAIN, "warn"),
    ],
    ids=["a module", "the only library", "the only one in an any wheel", "a named target"],
)
def test_code_for_a_newer_glibc(
    target: Target, path: str, platforms: tuple[str, ...], severity: str
) -> None:
    facts = wheel(shared(path, libc=Libc.GLIBC, glibc=(2, 38)), platforms=platforms)

    (finding,) = judge(facts, [target]).findings

    assert (finding.reason, finding.severity.value) == (Reason.NEWER_GLIBC, severity)
    assert finding.found == ("2.38", "2.28")


@pytest.mark.parametrize(
    ("platforms", "severity"),
    [(PLAIN, Severity.WARN), (ALL, Severity.INFO)],
    ids=["platform", "any"],
)
def test_a_plug_in_for_a_newer_glibc_is_no_more_than_a_warning(
    platforms: tuple[str, ...], severity: Severity
) -> None:
    facts = wheel(
        shared(EXTENSION, libc=Libc.GLIBC, glibc=(2, 28)),
        shared("demo/libplug.so", libc=Libc.GLIBC, glibc=(2, 38)),
        platforms=platforms,
    )

    assert [f.severity for f in judge(facts, [X86_64]).findings] == [severity]


@pytest.mark.parametrize("path", [EXTENSION, "demo/_c.abi3.so"])
def test_a_module_of_a_mac_under_a_name_of_linux_is_refused(path: str) -> None:
    file = Binary(path=path, format=Format.MACH_O, slices=(piece(Arch.ARM64, exports_init=True),))

    assert reasons(wheel(file, platforms=ALL)) == [("foreign-extension", "refuse")]


def test_files_of_macs_and_windows_in_an_any_wheel_are_no_fault() -> None:
    others = (
        thin("demo/libx.dylib", Arch.ARM64),
        thin("demo/_c.cpython-312-darwin.so", Arch.ARM64),
        Binary(path="demo/x.dll", format=Format.PE),
    )

    assert reasons(wheel(*others, platforms=ALL)) == []


def test_a_malformed_module_is_refused() -> None:
    broken = Binary(path="demo/_c.so", format=Format.ELF, problem="it is cut short", malformed=True)

    assert reasons(wheel(broken, platforms=MANY)) == [("malformed-binary", "refuse")]


def test_a_fresh_build_that_holds_no_elf_file_is_refused() -> None:
    facts = wheel(thin("demo/x.dylib", Arch.ARM64), platforms=("linux_x86_64",))

    assert judge(facts, [X86_64], built=True).verdict is Verdict.BROKEN
    assert judge(wheel(elf("x.so.1"), platforms=MANY), [X86_64], built=True).verdict is Verdict.OK


def test_targets_of_two_systems_have_rules_of_their_own() -> None:
    intel = mac(Arch.X86_64)
    facts = wheel(shared(EXTENSION, Arch.ARM64), thin("demo/l.dylib", Arch.X86_64), platforms=ALL)

    judgement = judge(facts, [intel, X86_64])

    assert judgement.verdict_for(intel) is Verdict.OK
    assert judgement.verdict_for(X86_64) is Verdict.BROKEN


@pytest.mark.parametrize(
    ("system", "format_"),
    [
        (System.MACOS, Format.MACH_O),
        (System.LINUX, Format.ELF),
        (System.WINDOWS, Format.PE),
        (System.OTHER, None),
    ],
)
def test_each_system_loads_one_format(system: System, format_: Format | None) -> None:
    assert system.format is format_


def test_dyld_takes_no_shared_object_for_a_library_of_that_name() -> None:
    facts = wheel(
        thin("demo/_c.cpython-312-darwin.so", Arch.ARM64, links=("@rpath/libx.so",)),
        shared("demo/libx.so"),
    )

    assert ("missing-library", "warn") in reasons(facts, mac())


@pytest.mark.parametrize(
    ("platforms", "needed", "lie"),
    [
        (("manylinux2014_x86_64",), (2, 28), ("x86_64", "2.17", "2.28")),
        (
            ("manylinux_2_17_x86_64", "manylinux_2_5_x86_64"),
            (2, 17),
            ("x86_64", "2.5", "2.17"),
        ),
        (("manylinux_2_28_x86_64",), (2, 28), None),
        (("manylinux1_x86_64",), None, None),
        (("linux_x86_64",), (2, 28), None),
    ],
    ids=["newer", "the oldest counts", "kept", "nothing asked", "nothing promised"],
)
def test_a_tag_that_promises_an_older_glibc_is_told(
    platforms: tuple[str, ...],
    needed: tuple[int, int] | None,
    lie: tuple[str, ...] | None,
) -> None:
    facts = wheel(shared(EXTENSION, libc=Libc.GLIBC, glibc=needed), platforms=platforms)

    told, strict = (judge(facts, [X86_64], strict_tags=s).findings for s in (False, True))

    expected = [] if lie is None else [(Reason.LYING_TAG, lie)]
    assert [(f.reason, f.found) for f in told] == expected
    assert [f.severity for f in (*told, *strict)] == [Severity.INFO, Severity.REFUSE][
        : 2 * len(told)
    ]
