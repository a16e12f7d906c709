from __future__ import annotations

import pytest

from builders.facts import elf, thin
from builders.windows_facts import dll, program, wheel, windows
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Binary, Kind
from pip_archguard.model.finding import Finding
from pip_archguard.model.reason import Reason, Severity, Use
from pip_archguard.model.target import Target
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.rules import judge

ARM64, X86_64, I386 = windows(), windows(Arch.X86_64), windows(Arch.I386)
ON_ARM = "s/_c.cp312-win_arm64.pyd"
ON_INTEL = "s/_c.cp312-win_amd64.pyd"
SOUND = dll(ON_ARM, Arch.ARM64)


def findings(facts: WheelFacts, target: Target = ARM64, *, built: bool = False) -> list[Finding]:
    return list(judge(facts, [target], built=built, strict_tags=True).findings)


def told(facts: WheelFacts, target: Target = ARM64) -> list[tuple[Severity, Reason, str]]:
    return [(f.severity, f.reason, f.path) for f in findings(facts, target)]


def refused(facts: WheelFacts, target: Target = ARM64) -> list[str]:
    return [f.path for f in findings(facts, target) if f.severity is Severity.REFUSE]


@pytest.mark.parametrize("path", [ON_ARM, "s/_c.pyd", "s/lib/x.dll", "s.libs/x-0a1b.dll"])
def test_a_library_for_another_machine_is_refused_in_a_platform_wheel(path: str) -> None:
    facts = wheel(dll(path, Arch.X86_64))

    (finding,) = findings(facts)

    assert (finding.reason, finding.severity) == (Reason.WRONG_ARCHITECTURE, Severity.REFUSE)
    assert (finding.path, finding.found) == (path, ("x86_64",))


@pytest.mark.parametrize(
    ("target", "archs"),
    [
        (ARM64, [Arch.ARM64]),
        (ARM64, [Arch.ARM64, Arch.ARM64EC]),
        (X86_64, [Arch.X86_64]),
        (I386, [Arch.I386]),
    ],
    ids=["arm64", "arm64x on arm64", "x86_64", "x86"],
)
def test_a_process_loads_code_of_its_machine(target: Target, archs: list[Arch]) -> None:
    facts = wheel(dll("s/_c.pyd", *archs), dll("s/x.dll", *archs))

    assert told(facts, target) == []


@pytest.mark.parametrize(
    ("target", "arch"),
    [(ARM64, Arch.ARM64EC), (ARM64, Arch.I386), (X86_64, Arch.I386), (I386, Arch.X86_64)],
    ids=str,
)
def test_a_process_refuses_code_of_another_machine(target: Target, arch: Arch) -> None:
    assert refused(wheel(dll("s/_c.pyd", arch)), target) == ["s/_c.pyd"]


@pytest.mark.parametrize("archs", [[Arch.ARM64EC], [Arch.ARM64, Arch.ARM64EC]], ids=str)
def test_whether_a_hybrid_loads_into_x86_64_is_not_known(archs: list[Arch]) -> None:
    facts = wheel(dll("s/_c.pyd", *archs), tag="win_amd64")

    assert told(facts, X86_64) == [(Severity.WARN, Reason.COULD_NOT_TELL, "s/_c.pyd")]


@pytest.mark.parametrize("tag", ["win_amd64", "any"])
def test_a_hybrid_beside_plain_code_is_for_other_machines(tag: str) -> None:
    facts = wheel(dll("s/x_x64.dll", Arch.X86_64), dll("s/x_arm64.dll", Arch.ARM64EC), tag=tag)

    assert told(facts, X86_64) == []


@pytest.mark.parametrize("target", [ARM64, X86_64, I386], ids=lambda t: t.arch.value)
@pytest.mark.parametrize("arch", [Arch.ANY, Arch.X86_64], ids=str)
def test_assemblies_run_anywhere(target: Target, arch: Arch) -> None:
    facts = wheel(dll("s/Lib.dll", arch, kind=Kind.MANAGED))

    assert told(facts, target) == []


@pytest.mark.parametrize(
    "path",
    [
        "s/_c.cp311-win_amd64.pyd",
        "s/_c.cp312t-win_arm64.pyd",
        "s/_c.pypy310-pp73-win_amd64.pyd",
        ON_INTEL,
    ],
)
def test_modules_of_other_pythons_and_machines_are_no_fault(path: str) -> None:
    assert told(wheel(SOUND, dll(path, Arch.X86_64))) == []


@pytest.mark.parametrize(
    "paths", [["s/_c.cp311-win_amd64.pyd"], ["s/_c.cp311-win_arm64.pyd"]], ids=str
)
def test_modules_of_other_pythons_alone_say_nothing_of_the_machine(paths: list[str]) -> None:
    assert told(wheel(*(dll(path, Arch.X86_64) for path in paths))) == []


def test_a_wheel_that_was_merely_renamed_is_refused() -> None:
    """Its modules have the names of the machine that they were built for."""
    facts = wheel(dll(ON_INTEL, Arch.X86_64), dll("s/_d.cp312-win_amd64.pyd", Arch.X86_64))

    assert refused(facts) == [ON_INTEL, "s/_d.cp312-win_amd64.pyd"]


def test_a_target_of_no_certain_python_judges_modules_of_all() -> None:
    facts = wheel(dll("s/_c.cp39-win_arm64.pyd", Arch.X86_64), dll(ON_INTEL, Arch.X86_64))

    assert refused(facts, windows(python=""))[0] == "s/_c.cp39-win_arm64.pyd"


def test_what_a_module_imports_from_its_folder_must_load() -> None:
    facts = wheel(
        dll(ON_ARM, Arch.ARM64, links=("KERNEL32.dll", "First.DLL")),
        dll("s/first.dll", Arch.ARM64, links=("second_x64.dll",)),
        dll("s/second_x64.dll", Arch.X86_64),
        tag="any",
    )

    (finding,) = findings(facts)

    assert (finding.path, finding.use) == ("s/second_x64.dll", Use.LINKED)
    assert (finding.needed_by, finding.modules) == ("s/first.dll", (ON_ARM,))


def test_a_dll_of_the_name_in_another_folder_will_do() -> None:
    facts = wheel(
        dll(ON_ARM, Arch.ARM64, links=("x.dll",)),
        dll("s.libs/x.dll", Arch.ARM64),
        dll("t/x.dll", Arch.X86_64),
        tag="any",
    )

    assert told(facts) == []


def test_a_dll_elsewhere_is_not_certain_to_be_the_one() -> None:
    facts = wheel(dll(ON_ARM, Arch.ARM64, links=("x.dll",)), dll("t/x.dll", Arch.X86_64), tag="any")

    assert told(facts) == []


def test_dlls_that_are_not_in_the_wheel_are_the_systems() -> None:
    assert told(wheel(dll(ON_ARM, Arch.ARM64, links=("nowhere.dll",)))) == []


def test_a_cycle_of_imports_ends() -> None:
    facts = wheel(
        dll("s/a.dll", Arch.ARM64, links=("b.dll",)),
        dll("s/b.dll", Arch.ARM64, links=("a.dll", "c.dll")),
        dll("s/c.dll", Arch.X86_64),
    )

    (finding,) = findings(facts)

    assert (finding.path, finding.modules) == ("s/c.dll", ())


def test_what_is_imported_late_may_lack_the_machine() -> None:
    facts = wheel(
        dll(ON_ARM, Arch.ARM64, late=("late.dll", "good.dll")),
        dll("s/late.dll", Arch.X86_64),
        dll("s/good.dll", Arch.ARM64),
    )

    assert told(facts) == []


@pytest.mark.parametrize("name", ["vcruntime140.dll", "Python312.dll", "api-ms-win-crt-x.dll"])
def test_what_a_process_has_already_is_never_taken_from_a_wheel(name: str) -> None:
    facts = wheel(dll(ON_ARM, Arch.ARM64, links=(name,)), dll(f"s/{name}", Arch.X86_64))

    assert told(facts) == []


@pytest.mark.parametrize(
    "name", ["vccorlib140.dll", "msvcp140_1.dll", "VCOMP140.DLL", "d3dcompiler_47.dll"]
)
def test_a_part_of_visual_c_that_nothing_imports_does_not_matter(name: str) -> None:
    part = dll(f"s/{name}", Arch.ARM)

    assert told(wheel(SOUND, part)) == []
    for path in (f"s/{name}", f"s.libs/{name}"):
        facts = wheel(dll(ON_ARM, Arch.ARM64, links=(name,)), dll(path, Arch.ARM))
        assert refused(facts) == [path]


def test_a_dll_of_tests_is_material() -> None:
    facts = wheel(
        SOUND,
        dll("s/tests/x.dll", Arch.X86_64),
        dll("s/tests/y.dll", Arch.ARM64, links=("x.dll",)),
    )

    assert told(facts) == []


@pytest.mark.parametrize(
    "binaries",
    [
        pytest.param(
            [dll("s/x64/x.dll", Arch.X86_64), dll("s/arm64/x.dll", Arch.ARM64)], id="folders"
        ),
        pytest.param(
            [dll("s/attach_amd64.dll", Arch.X86_64), SOUND], id="a name for another machine"
        ),
        pytest.param(
            [dll("s/divert32.dll", Arch.I386), dll("s/divert64.dll", Arch.ARM64)], id="bits"
        ),
        pytest.param(
            [dll("s/lib64bit.dll", Arch.X86_64), dll("s/libarm64.dll", Arch.ARM64)], id="glued"
        ),
        pytest.param([dll("s/x64/x.pyd", Arch.X86_64), dll("s/a/x.pyd", Arch.ARM64)], id="module"),
        pytest.param(
            [dll("s/a/x.dll", Arch.X86_64), dll("s/b/x.dll", Arch.ARM64)], id="sibling folders"
        ),
    ],
)
def test_libraries_for_several_machines_stand_beside_one_another(binaries: list[Binary]) -> None:
    assert told(wheel(*binaries)) == []


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("s/x.pyd", "t/x.pyd"),
        ("s/arm64/x.dll", "s/y.dll"),
        ("s/x.dll", "s/deep/down/x.dll"),
        (ON_ARM, "t/_c.pyd"),
        ("x64/x.pyd", "s/y.pyd"),
        ("s/alarm.dll", "s/y.dll"),
    ],
    ids=[
        "modules",
        "its own machine",
        "elsewhere",
        "tag",
        "a module in a folder for another",
        "no machine",
    ],
)
def test_other_files_do_not_stand_in_for_a_library(path: str, other: str) -> None:
    facts = wheel(dll(path, Arch.X86_64), dll(other, Arch.ARM64))

    assert refused(facts) == [path]


def test_an_any_wheel_needs_one_library_that_loads() -> None:
    both = [dll("s/x.dll", Arch.X86_64), dll("s/y.dll", Arch.ARM64)]

    assert told(wheel(*both, tag="any")) == []
    assert refused(wheel(both[0], tag="any")) == ["s/x.dll"]


def test_an_any_wheel_with_libraries_for_named_other_machines_is_no_fault() -> None:
    facts = wheel(dll("s/x.x64.dll", Arch.X86_64), dll("s/x.x86.dll", Arch.I386), tag="any")

    assert told(facts) == []


@pytest.mark.parametrize("tag", ["any", "win_arm64"])
def test_a_dll_that_lies_with_a_program_of_its_machine_is_the_programs(tag: str) -> None:
    facts = wheel(
        program("s/bin/adb.exe", Arch.I386),
        dll("s/bin/AdbWinApi.dll", Arch.I386),
        dll("s/bin/plugins/deep/p.dll", Arch.I386),
        tag=tag,
    )

    assert told(facts) == []


@pytest.mark.parametrize("path", ["s/_c.pyd", "s/x.dll", "s/bin/y.dll"])
def test_a_program_excuses_neither_modules_nor_what_lies_elsewhere(path: str) -> None:
    facts = wheel(program("s/bin/tool.exe", Arch.I386), dll(path, Arch.X86_64))

    assert refused(facts) == [path]


@pytest.mark.parametrize(
    ("target", "arch", "expected"),
    [
        (ARM64, Arch.X86_64, []),
        (ARM64, Arch.I386, []),
        (ARM64, Arch.ARM64, []),
        (X86_64, Arch.I386, []),
        (X86_64, Arch.ARM64, ["foreign-executable"]),
        (I386, Arch.ARM64, ["foreign-executable"]),
    ],
    ids=str,
)
def test_a_helper_program_is_never_refused(target: Target, arch: Arch, expected: list[str]) -> None:
    found = findings(wheel(program("s/tool.exe", arch)), target)

    assert [f.reason.value for f in found] == expected
    assert all(f.severity is Severity.INFO for f in found)


def test_launchers_for_each_machine_stand_beside_one_another() -> None:
    paths = {
        "s/cli-64.exe": Arch.X86_64,
        "s/cli-arm64.exe": Arch.ARM64,
        "s/t64-arm.exe": Arch.ARM64,
    }
    programs = [program(path, arch) for path, arch in paths.items()]

    assert told(wheel(*programs, program("s/t64.exe", Arch.X86_64), tag="any"), X86_64) == []


@pytest.mark.parametrize(
    ("binary", "severity", "reason"),
    [
        (dll("s/_c.pyd", problem="p", malformed=True), Severity.REFUSE, Reason.MALFORMED),
        (dll("s/x.dll", problem="p", malformed=True), Severity.WARN, Reason.COULD_NOT_TELL),
        (dll("s/x.bin", problem="p", malformed=True), Severity.INFO, Reason.MALFORMED),
        (dll("s/tests/x.dll", problem="p", malformed=True), Severity.INFO, Reason.MALFORMED),
        (dll("s/tests/x.pyd", problem="p", malformed=True), Severity.INFO, Reason.MALFORMED),
        (
            dll("s/_c.cp39-win_arm64.pyd", problem="p", malformed=True),
            Severity.INFO,
            Reason.MALFORMED,
        ),
        (dll("s/x.dll", Arch.ARM64, problem="p"), Severity.WARN, Reason.COULD_NOT_TELL),
        (dll("s/x.dll", problem="p"), Severity.WARN, Reason.COULD_NOT_TELL),
    ],
    ids=lambda value: getattr(value, "path", value),
)
def test_a_broken_file_weighs_as_much_as_its_name(
    binary: Binary, severity: Severity, reason: Reason
) -> None:
    assert told(wheel(binary)) == [(severity, reason, binary.path)]


def test_a_broken_dll_that_a_module_imports_is_refused() -> None:
    facts = wheel(
        dll(ON_ARM, Arch.ARM64, links=("x.dll",)), dll("s/x.dll", problem="p", malformed=True)
    )

    assert told(facts) == [(Severity.REFUSE, Reason.MALFORMED, "s/x.dll")]


def test_a_broken_file_beside_sound_ones_of_an_any_wheel_does_not_matter() -> None:
    assert told(wheel(SOUND, dll("s/x.dll", problem="p", malformed=True), tag="any")) == []


@pytest.mark.parametrize("kind", [Kind.EXECUTABLE, Kind.OTHER, Kind.MANAGED], ids=str)
def test_what_is_no_library_is_not_in_question(kind: Kind) -> None:
    assert told(wheel(dll("s/x.bin", Arch.X86_64, kind=kind, problem="p"))) == []


def test_a_module_may_import_what_is_no_library() -> None:
    facts = wheel(dll(ON_ARM, Arch.ARM64, links=("host.exe",)), program("s/host.exe", Arch.X86_64))

    assert told(facts) == []


def test_a_member_that_cannot_be_read_is_told() -> None:
    assert told(wheel(SOUND, problems=("p",))) == [(Severity.WARN, Reason.COULD_NOT_TELL, "x")]


def test_a_module_without_its_init_function_is_information() -> None:
    facts = wheel(dll(ON_ARM, Arch.ARM64, init=False), dll("s/_d.pyd", Arch.ARM64, init=True))

    assert told(facts) == [(Severity.INFO, Reason.MISSING_INIT, ON_ARM)]


@pytest.mark.parametrize(
    "foreign", [elf("s/_c.pyd"), thin("s/_c.pyd", Arch.ARM64)], ids=["elf", "macho"]
)
def test_code_of_another_system_under_a_modules_name_is_refused(foreign: Binary) -> None:
    assert told(wheel(foreign)) == [(Severity.REFUSE, Reason.FOREIGN_EXTENSION, "s/_c.pyd")]


@pytest.mark.parametrize(
    "path", ["s/_c.cp39-win_arm64.pyd", "s/_c.so", "s/_c.cpython-312-darwin.so", "s/x.dylib"]
)
def test_code_of_another_system_under_other_names_is_not_imported(path: str) -> None:
    assert told(wheel(elf(path), tag="any")) == []


def test_a_build_that_yields_code_of_another_system_is_refused() -> None:
    facts = wheel(elf("s/_c.so"))

    (finding,) = findings(facts, built=True)

    assert (finding.reason, finding.severity) == (Reason.FOREIGN_BUILD, Severity.REFUSE)
    assert findings(wheel(elf("s/_c.so"), SOUND), built=True) == []
