"""Judging files on disk, beside what else is on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.facts import mac
from builders.macho_bytes import thin
from builders.wheels import make_wheel
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.reason import Reason
from pip_archguard.model.verdict import Verdict
from pip_archguard.pipbridge.judge import Judge

MODULE = "demo/_c.cpython-312-darwin.so"


def linking(folder: Path, library: str) -> Path:
    files = {MODULE: thin(Arch.ARM64, dylibs=(library,))}
    wheel = make_wheel("demo", "1.0", "cp312-cp312-macosx_11_0_arm64", files)
    path = folder / wheel.filename
    path.write_bytes(wheel.content)
    return path


def reasons(path: Path, *, named: bool = False) -> list[Reason]:
    judgement = Judge([mac()._replace(named=named)]).wheel(path, path.name)
    return [f.reason for f in judgement.findings]


@pytest.mark.parametrize("named", [True, False], ids=["another", "this"])
def test_a_library_outside_may_be_on_this_machine(tmp_path: Path, *, named: bool) -> None:
    library = tmp_path / "libz.dylib"
    library.write_bytes(b"")
    path = linking(tmp_path, str(library))

    assert reasons(path, named=named) == [Reason.UNDELOCATED] * named


@pytest.mark.parametrize(
    "library",
    [f"/opt/{'x' * 300}/libz.dylib", "/etc/passwd/libz.dylib"],
    ids=["too-long", "below-a-file"],
)
def test_a_library_of_an_impossible_name_is_not_here(library: str, tmp_path: Path) -> None:
    path = linking(tmp_path, library)

    assert reasons(path) == [Reason.UNDELOCATED]


def test_what_is_replaced_is_not_there_to_be_linked(tmp_path: Path) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs" / "libx.dylib").write_bytes(thin(Arch.ARM64, Kind.DYLIB))
    path = linking(tmp_path, "@loader_path/../libs/libx.dylib")
    judge = Judge([mac()])
    judge.installed(
        project="libs", release="1.0", root=tmp_path, files=("libs/libx.dylib",), tags=()
    )

    with_it = judge.wheel(path, path.name)
    judge.replaces({"libs"})
    without = judge.wheel(path, path.name)

    assert [f.reason for f in with_it.findings] == []
    assert [f.reason for f in without.findings] == [Reason.MISSING_LIBRARY]


def write_wheel(folder: Path, platform: str, arch: Arch) -> Path:
    tag = f"cp312-cp312-{platform}"
    archive = make_wheel("demo", "1.0", tag, {"demo/_c.cpython-312-darwin.so": thin(arch)})
    path = folder / archive.filename
    path.write_bytes(archive.content)
    return path


def test_a_rebuilt_wheel_at_the_same_path_is_read_again(tmp_path: Path) -> None:
    judge = Judge([mac()])
    path = write_wheel(tmp_path, "macosx_11_0_arm64", Arch.X86_64)
    before = judge.wheel(path, path.name)
    path.unlink()
    write_wheel(tmp_path, "macosx_11_0_arm64", Arch.ARM64)
    after = judge.wheel(path, path.name)

    assert (len(before.findings), len(after.findings)) == (1, 0)


def test_the_name_that_pip_chose_by_counts_whatever_the_file_is_called(tmp_path: Path) -> None:
    wheel_file = write_wheel(tmp_path, "macosx_11_0_arm64", Arch.X86_64)
    other = wheel_file.rename(tmp_path / "download.bin")

    judgement = Judge([mac()]).wheel(other, wheel_file.name)

    assert judgement.facts.project == "demo"
    assert judgement.verdict is Verdict.BROKEN


def test_what_cannot_be_looked_at_is_unknown() -> None:
    judgement = Judge([mac()]).unreadable("demo", "there is no wheel")

    assert judgement.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("platform", "by_tag", "broken"),
    [
        ("macosx_11_0_arm64", True, False),
        ("macosx_11_0_arm64", False, True),
        ("macosx_11_0_universal2", True, True),
    ],
)
def test_with_two_machines_named_the_tag_says_for_which_a_wheel_is(
    platform: str, tmp_path: Path, *, by_tag: bool, broken: bool
) -> None:
    judge = Judge([mac(), mac(Arch.X86_64)], by_tag=by_tag)

    path = write_wheel(tmp_path, platform, Arch.ARM64)
    judgement = judge.wheel(path, path.name)

    assert bool(judgement.findings) is broken


@pytest.mark.parametrize(
    ("tags", "broken"),
    [(["cp312-cp312-macosx_11_0_arm64"], True), (["py3-none-any"], False), ([], True)],
    ids=["platform", "any", "unknown"],
)
def test_an_installed_distribution_is_judged_by_the_tags_it_kept(
    tags: list[str], tmp_path: Path, *, broken: bool
) -> None:
    (tmp_path / "a.dylib").write_bytes(thin(Arch.ARM64))
    (tmp_path / "b.dylib").write_bytes(thin(Arch.X86_64))

    judgement = Judge([mac()]).installed(
        project="demo", release="1.0", root=tmp_path, files=("a.dylib", "b.dylib"), tags=tags
    )

    assert bool(judgement.findings) is broken
