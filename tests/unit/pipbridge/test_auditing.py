"""Whole audits of folders laid out as their makers do, on any machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builders.elf_bytes import elf
from builders.environments import (
    ARM64,
    BOTH_TAG,
    SUFFIX,
    X86_64,
    briefcase_app,
    conda_prefix,
    install,
    library,
    module,
    nuitka_folder,
    program,
    py2app_app,
    pyinstaller_app,
    pyinstaller_folder,
    write,
)
from builders.facts import mac
from builders.macho_bytes import command
from pip_archguard import environment, hosts
from pip_archguard.binaries.bounds import LOAD_COMMANDS
from pip_archguard.errors import UnreadableInputError
from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import Audited, SkipReason
from pip_archguard.model.reason import Reason, Severity
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Verdict
from pip_archguard.pipbridge import audit_reading, on_this_machine
from pip_archguard.pipbridge.auditing import Audit, audit

LINUX = Target(system=System.LINUX, arch=X86_64, python="cp311")
BOTH = (ARM64, X86_64)
Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def _linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "running_target", lambda: LINUX)


def on_a_mac(monkeypatch: pytest.MonkeyPatch, arch: Arch = ARM64) -> None:
    monkeypatch.setattr(hosts, "running_target", lambda: mac(arch))


def audited(folder: Path, *archs: str) -> dict[str, Audited]:
    return {p.judgement.facts.filename: p for p in audit([str(folder)], archs).packages}


def verdicts(found: Audit) -> dict[str, Verdict]:
    return {p.judgement.facts.filename: p.judgement.verdict for p in found.packages}


def reasons(of: Audited) -> set[tuple[Reason, str]]:
    return {(f.reason, f.path) for f in of.judgement.findings}


def ids(of: Audited) -> list[str]:
    return [target.id for target in of.targets]


APPS: list[Make] = [pyinstaller_folder, pyinstaller_app, nuitka_folder, briefcase_app, py2app_app]


@pytest.mark.parametrize("make", APPS)
@pytest.mark.parametrize("archs", [(ARM64,), (X86_64,), BOTH], ids=str)
def test_a_sound_app_is_sound(make: Make, archs: tuple[Arch, ...], tmp_path: Path) -> None:
    found = audit([str(make(tmp_path, *archs))])

    assert set(verdicts(found).values()) == {Verdict.OK}
    assert found.exit_code == 0
    assert {t.arch for p in found.packages for t in p.targets} == set(archs)
    assert {t.python for p in found.packages for t in p.targets} <= {"cp312", ""}


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (pyinstaller_folder, "_internal/libssl.3.dylib"),
        (pyinstaller_app, "Contents/Frameworks/libssl.3.dylib"),
        (nuitka_folder, "libssl.3.dylib"),
    ],
)
def test_a_library_of_the_wrong_kind_breaks_what_links_it(
    make: Make, path: str, tmp_path: Path
) -> None:
    """A universal app that was filled on one machine only."""
    (app,) = audit([str(make(tmp_path, *BOTH, library_archs=(ARM64,)))]).packages

    (finding,) = (f for f in app.judgement.findings if f.severity is Severity.REFUSE)
    assert (finding.reason, finding.path) == (Reason.WRONG_ARCHITECTURE, path)
    assert finding.target.arch is X86_64
    assert "_ssl" in finding.needed_by


def test_a_package_in_an_app_is_named(tmp_path: Path) -> None:
    app = briefcase_app(tmp_path, *BOTH, package_archs=(ARM64,))

    found = audited(app)

    assert reasons(found["cffi 1.0"]) == {(Reason.WRONG_ARCHITECTURE, f"_cffi_backend{SUFFIX}")}
    assert found["cffi 1.0"].location == str(app / "Contents/Resources/app_packages")
    assert found["Demo.app"].judgement.verdict is Verdict.OK


def test_the_executable_path_of_an_app_is_its_program(tmp_path: Path) -> None:
    app = py2app_app(tmp_path, ARM64)
    (app / "Contents/Frameworks/libffi.8.dylib").rename(app / "Contents/MacOS/libffi.9.dylib")

    (found,) = audit([str(app)]).packages

    assert {reason for reason, _ in reasons(found)} == {Reason.MISSING_LIBRARY}


def test_conda_libraries_are_found_through_links_and_pythons_rpath(tmp_path: Path) -> None:
    found = audited(conda_prefix(tmp_path))

    assert {p.judgement.verdict for p in found.values()} == {Verdict.OK}
    assert ids(found["zstd 1.0"]) == ["macosx_11_0_arm64-cp312"]


def test_a_library_of_condas_for_another_machine_is_refused(tmp_path: Path) -> None:
    found = audited(conda_prefix(tmp_path, library_arch=X86_64))

    (finding,) = found["libz 1.0"].judgement.findings
    assert (finding.reason, finding.path) == (Reason.WRONG_ARCHITECTURE, "lib/libz.1.3.dylib")
    assert reasons(found["zstd 1.0"]) == {(Reason.WRONG_ARCHITECTURE, "../../libz.1.3.dylib")}


def test_a_library_in_a_package_for_any_machine_breaks_what_links_it(tmp_path: Path) -> None:
    files = {"lib/libx.dylib": library(X86_64), "lib/liby.dylib": library(ARM64)}
    install(tmp_path, "lib", files, tag="py3-none-any")
    links = module(ARM64, links=["@loader_path/../lib/libx.dylib"])
    install(tmp_path, "user", {f"user/_c{SUFFIX}": links})

    found = audit([str(tmp_path)], ["arm64"])

    assert verdicts(found) == {"lib 1.0": Verdict.OK, "user 1.0": Verdict.BROKEN}


def test_what_one_distribution_links_of_another_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"bin/x": "not native"})
    install(tmp_path, "lib", {"lib/libx.dylib": library(ARM64)}, tag=BOTH_TAG)
    links = module(*BOTH, links=["@loader_path/../lib/libx.dylib"])
    install(tmp_path, "user", {f"user/_c{SUFFIX}": links}, tag=BOTH_TAG)

    found = audited(tmp_path)

    (finding,) = (f for f in found["lib 1.0"].judgement.findings if f.target.arch is X86_64)
    assert finding.reason is Reason.WRONG_ARCHITECTURE
    (fails,) = (f for f in found["user 1.0"].judgement.findings if f.severity is Severity.REFUSE)
    assert (fails.path, fails.needed_by) == ("lib/libx.dylib", f"user/_c{SUFFIX}")


def test_site_packages_named_together_are_one_environment(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    install(one, "lib", {"lib/libx.dylib": library(ARM64)})
    links = module(ARM64, links=["@loader_path/../../one/lib/libx.dylib"])
    install(two, "user", {f"user/_c{SUFFIX}": links})
    install(two, "lib", {"lib/libx.dylib": library(X86_64)})

    found = audit([str(one), str(two), str(one)], ["arm64"])

    told = {(p.judgement.facts.project, Path(p.location).name): p for p in found.packages}
    assert told["user", "two"].judgement.verdict is Verdict.OK
    assert reasons(told["lib", "two"]) == {(Reason.WRONG_ARCHITECTURE, "lib/libx.dylib")}
    assert told["lib", "one"].judgement.verdict is Verdict.OK


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["macosx_12_0_arm64", "macosx_13_0_universal2"], ["macosx_13_0_arm64"]),
        (["macosx_10_9_universal2", "any"], ["macosx_11_0_arm64", "macosx_10_9_x86_64"]),
        (["macosx_11_0_arm64", "macosx_10_9_x86_64"], ["macosx_11_0_arm64", "macosx_10_9_x86_64"]),
        (["any"], ["macosx_0_0_arm64", "macosx_0_0_x86_64"]),
    ],
    ids=str,
)
def test_elsewhere_it_is_judged_for_what_all_packages_promise(
    tags: list[str], expected: list[str], tmp_path: Path
) -> None:
    for number, tag in enumerate(tags):
        files = {f"m{number}/_c.abi3.so": module(*BOTH)}
        install(tmp_path, f"m{number}", files, tag=f"py3-none-{tag}")

    assert ids(audited(tmp_path)["m0 1.0"]) == expected


@pytest.mark.parametrize(
    ("folder", "names", "python"),
    [
        ("x", ["a.cpython-311-darwin.so"], "cp311"),
        ("x", ["a.cpython-313t-darwin.so"], "cp313t"),
        ("x", ["a.cpython-311-darwin.so", "a.cpython-312-darwin.so"], ""),
        ("x", ["a.abi3.so"], ""),
        ("lib/python3.10/site-packages", ["a.cpython-312-darwin.so"], "cp310"),
        ("lib/python3.13/site-packages", ["a.cpython-313t-darwin.so"], "cp313t"),
        ("lib/python3.13t/site-packages", ["a.abi3.so"], "cp313t"),
    ],
    ids=str,
)
def test_the_python_is_that_of_the_folder_or_of_all_modules(
    folder: str, names: list[str], python: str, tmp_path: Path
) -> None:
    write(tmp_path / folder, {name: module(ARM64) for name in names})

    (stray,) = audit([str(tmp_path / folder)]).packages

    assert {t.python for t in stray.targets} == {python}


def test_on_a_mac_a_folder_is_judged_for_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_mac(monkeypatch)
    install(tmp_path, "demo", {"demo/_c.cpython-310-darwin.so": module(X86_64)})

    found = audited(tmp_path)["demo 1.0"]

    assert ids(found) == ["macosx_14_0_arm64-cp310"]
    assert found.judgement.verdict is Verdict.BROKEN


def test_on_a_mac_an_app_for_the_other_machine_is_judged_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_mac(monkeypatch)

    (app,) = audit([str(nuitka_folder(tmp_path, X86_64))]).packages

    assert ids(app) == ["macosx_14_0_x86_64-cp312"]
    assert app.judgement.verdict is Verdict.OK


def test_arch_says_what_must_be_loadable(tmp_path: Path) -> None:
    install(tmp_path, "demo", {f"demo/_c{SUFFIX}": module(ARM64)})

    found = audit([str(tmp_path)], ["universal2"])

    (demo,) = found.packages
    assert [t.arch for t in demo.targets] == [ARM64, X86_64]
    assert found.exit_code == 40


@pytest.mark.parametrize(
    ("machine", "target"),
    [("x86_64", "linux_x86_64-cp312"), ("aarch64", "manylinux_2_17_aarch64-cp312")],
)
def test_an_environment_of_linux_is_judged_for_what_its_tags_say(
    machine: str, target: str, tmp_path: Path
) -> None:
    tag = f"cp312-cp312-manylinux_2_17_{machine}"
    own = f"demo/_c.cpython-312-{machine}-linux-gnu.so"
    install(tmp_path, "demo", {own: elf()}, tag=tag)
    install(tmp_path, "pure", {"pure/__init__.py": ""}, tag="py3-none-any")

    found = audit([str(tmp_path)])

    broken = machine != "x86_64"
    assert {t.id for each in found.packages for t in each.targets} == {target}
    assert verdicts(found) == {
        "demo 1.0": Verdict.BROKEN if broken else Verdict.OK,
        "pure 1.0": Verdict.OK,
    }


def test_an_optional_extension_is_no_more_than_a_warning(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.12" / "site-packages"
    source = "try:\n    from demo import _c\nexcept ImportError:\n    _c = None\n"
    install(site, "demo", {f"demo/_c{SUFFIX}": module(X86_64), "demo/__init__.py": source})

    for folder in (tmp_path, site):
        found = audited(folder, "arm64")["demo 1.0"]
        assert reasons(found) == {(Reason.DEGRADED, f"demo/_c{SUFFIX}")}


def test_one_module_that_is_needed_settles_it_and_many_packages_are_asked(
    tmp_path: Path,
) -> None:
    source = "from demo import _a\ntry:\n    from demo import _b\nexcept ImportError:\n    pass\n"
    for name in "abcde":
        write(tmp_path / name, {"__init__.py": source.replace("demo", name)})
        files = {f"{name}/{m}{SUFFIX}": module(X86_64) for m in ("_a", "_b")}
        install(tmp_path, name, files, named=[f"{name}/__init__.py"])

    found = audited(tmp_path, "arm64")

    assert {p.judgement.verdict for p in found.values()} == {Verdict.BROKEN}


def test_a_library_that_is_gone_is_a_warning(tmp_path: Path) -> None:
    install(tmp_path, "demo", {"demo/__init__.py": ""}, named=["demo/libx.dylib"])

    found = audited(tmp_path, "arm64")["demo 1.0"]

    assert reasons(found) == {(Reason.MISSING_FILE, "demo/libx.dylib")}
    assert found.judgement.verdict is Verdict.WARNING


def test_a_file_that_cannot_be_judged_makes_it_unknown(tmp_path: Path) -> None:
    from builders.macho_bytes import thin  # noqa: PLC0415 - here alone

    code = thin(more=[command(0x99, bytes(LOAD_COMMANDS))])
    install(tmp_path, "demo", {f"demo/_c{SUFFIX}": code})

    assert audit([str(tmp_path)], ["arm64"]).exit_code == 41


@pytest.mark.parametrize(
    ("library_arch", "arch", "verdict"),
    [
        (ARM64, "arm64", Verdict.OK),
        (ARM64, "x86_64", Verdict.WARNING),
        (None, "x86_64", Verdict.OK),
    ],
)
def test_a_library_of_this_machine_counts_if_it_has_the_architecture(
    library_arch: Arch | None,
    arch: str,
    verdict: Verdict,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_a_mac(monkeypatch)
    outside = tmp_path / "opt" / "libx.dylib"
    write(tmp_path, {"opt/libx.dylib": b"text" if library_arch is None else library(library_arch)})
    site = tmp_path / "site"
    install(site, "demo", {f"demo/_c{SUFFIX}": module(*BOTH, links=[str(outside)])})

    assert audited(site, arch)["demo 1.0"].judgement.verdict is verdict


def test_what_lies_here_and_cannot_be_read_is_taken_for_good(tmp_path: Path) -> None:
    assert on_this_machine._fits(tmp_path, mac())


def test_an_absolute_name_within_the_folder_is_followed(tmp_path: Path) -> None:
    inside = str(tmp_path / "lib" / "libx.dylib")
    install(tmp_path, "lib", {"lib/libx.dylib": library(ARM64)}, tag=BOTH_TAG)
    install(tmp_path, "demo", {f"demo/_c{SUFFIX}": module(*BOTH, links=[inside])}, tag=BOTH_TAG)

    found = audited(tmp_path)

    assert found["lib 1.0"].judgement.verdict is Verdict.BROKEN
    assert found["demo 1.0"].judgement.verdict is Verdict.BROKEN


def test_a_program_that_unpacks_itself_is_skipped(tmp_path: Path) -> None:
    cookie = b"MEI\014\013\012\013\016" + bytes(80)
    write(tmp_path, {"demo": program(ARM64) + cookie})

    found = audit([str(tmp_path)])

    assert [(s.path, s.reason) for s in found.skipped] == [
        (str(tmp_path / "demo"), SkipReason.ONE_FILE)
    ]


def test_the_running_environment_is_its_site_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_mac(monkeypatch)
    user = tmp_path / "user"
    site = tmp_path / "lib" / "python3.12" / "site-packages"
    install(site, "demo", {f"demo/_c{SUFFIX}": module(X86_64), "demo/__init__.py": ""})
    install(user, "other", {f"other/_c{SUFFIX}": module(ARM64)})
    monkeypatch.setattr(environment, "own_folders", lambda: (site, user))
    monkeypatch.setattr(environment, "own_archives", lambda: (tmp_path / "x.zip",))

    found = audit([])

    assert verdicts(found) == {"demo 1.0": Verdict.BROKEN, "other 1.0": Verdict.OK}
    assert all(folder.running for folder in found.folders)
    assert [p.can_be_reinstalled for p in found.packages] == [True, True]
    assert [s.path for s in found.skipped] == [str(tmp_path / "x.zip")]
    assert audit([str(site)]).packages[0].can_be_reinstalled


def test_without_folders_there_is_nothing_to_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "own_folders", tuple)
    monkeypatch.setattr(environment, "own_archives", tuple)

    assert audit([]) == Audit(packages=(), skipped=(), folders=())


@pytest.mark.parametrize("name", ["nothing", "file", "x" * 300])
def test_what_is_no_folder_is_an_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(UnreadableInputError, match=name):
        audit([str(tmp_path / name)])


@pytest.mark.parametrize("processes", [1, 2])
def test_processes_make_no_difference(processes: int, tmp_path: Path) -> None:
    for name in "abc":
        install(tmp_path, name, {f"{name}/_c{SUFFIX}": module(X86_64 if name == "b" else ARM64)})

    found = audit([str(tmp_path)], ["arm64"], processes=processes)

    assert verdicts(found) == {"a 1.0": Verdict.OK, "b 1.0": Verdict.BROKEN, "c 1.0": Verdict.OK}


def test_many_files_are_read_in_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_reading, "usable_cpus", lambda: range(64))
    job = environment.Job(
        root="/",
        name="x",
        project="x",
        release="1",
        platforms=frozenset(),
        sources=(),
        native=("x",) * audit_reading.LEAST_FOR_PROCESSES,
    )

    assert audit_reading._processes([job]) == 8
    assert audit_reading._processes([replace(job, native=("x",))]) == 1


def test_the_folders_of_this_environment_are_there_and_none_lies_in_another() -> None:
    folders = environment.own_folders()

    assert folders
    assert all(folder.is_dir() for folder in folders)
    assert len({*folders}) == len(folders)


def test_what_is_to_be_ignored_is_told_as_skipped(tmp_path: Path) -> None:
    install(tmp_path, "left-alone", {f"left/_c{SUFFIX}": module(X86_64)})
    install(tmp_path, "demo", {f"demo/_c{SUFFIX}": module(ARM64)})

    found = audit([str(tmp_path)], ["arm64"], ignored={"left-alone"})

    assert found.exit_code == 0
    assert [p.judgement.facts.project for p in found.packages] == ["demo"]
    assert [(s.path, s.reason) for s in found.skipped] == [
        (f"{tmp_path}/left-alone", SkipReason.IGNORED)
    ]
