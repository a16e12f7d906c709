"""Which two wheels go together, by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from pip_archguard.errors import UnfusableError, UnreadableInputError
from pip_archguard.fusing.halves import pair_of
from pip_archguard.model.arch import Arch

PYTHON = "cp312-cp312"


def touched(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.write_bytes(b"")
    return paths


@pytest.mark.parametrize("order", [1, -1])
def test_the_architectures_are_told_by_the_tags_in_any_order(tmp_path: Path, order: int) -> None:
    arm64, x86_64 = touched(
        tmp_path,
        "Demo-1.0-1-cp38-abi3-macosx_11_0_arm64.macosx_12_0_arm64.whl",
        "demo-1.0-1-cp38-abi3-macosx_10_12_x86_64.whl",
    )

    pair = pair_of(*[arm64, x86_64][::order])

    assert (pair.arm64.path, pair.x86_64.path) == (arm64, x86_64)
    assert (pair.arm64.oldest, pair.x86_64.oldest) == ((11, 0), (10, 12))
    assert pair.filename == "Demo-1.0-1-cp38-abi3-macosx_10_12_universal2.whl"
    assert pair.tags == ("cp38-abi3-macosx_10_12_universal2",)
    (target,) = pair.x86_64.targets
    assert (target.arch, target.os_version, target.python) == (Arch.X86_64, (10, 12), "cp38")


def test_a_wheel_for_both_may_give_one_of_them(tmp_path: Path) -> None:
    both, thin = touched(
        tmp_path,
        f"demo-1.0-{PYTHON}-macosx_10_15_universal2.whl",
        f"demo-1.0-{PYTHON}-macosx_15_0_arm64.whl",
    )

    pair = pair_of(both, thin)

    assert (pair.arm64.path, pair.x86_64.path) == (thin, both)
    assert pair.platform == "macosx_15_0_universal2"


def test_each_python_of_the_name_gets_a_tag_and_a_target(tmp_path: Path) -> None:
    pair = pair_of(
        *touched(
            tmp_path,
            "demo-1.0-cp311.cp312-none-macosx_11_0_arm64.whl",
            "demo-1.0-cp312.cp311-none-macosx_10_9_x86_64.whl",
        )
    )

    assert [tag.split("-")[0] for tag in pair.tags] == ["cp311", "cp312"]
    assert [target.python for target in pair.arm64.targets] == ["cp311", "cp312"]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("a-1-{}-macosx_11_0_arm64", "b-1-{}-macosx_11_0_x86_64", "different projects"),
        ("a-1-{}-macosx_11_0_arm64", "a-2-{}-macosx_11_0_x86_64", "different releases, 1 and 2"),
        ("a-1-1-{}-macosx_11_0_arm64", "a-1-{}-macosx_11_0_x86_64", "build number"),
        ("a-1-{}-macosx_11_0_arm64", "a-1-cp313-cp313-macosx_11_0_x86_64", "different Pythons"),
        ("a-1-{}-macosx_11_0_arm64", "a-1-cp312-abi3-macosx_11_0_x86_64", "different Pythons"),
        ("a-1-{}-macosx_11_0_arm64", "a-1-{}-macosx_12_0_arm64", "both wheels are for arm64"),
        ("a-1-{}-macosx_10_9_intel", "a-1-{}-macosx_12_0_x86_64", "both wheels are for x86_64"),
        ("a-1-{}-macosx_11_0_arm64", "a-1-{}-win_amd64", "are for arm64; one for each"),
        ("a-1-{}-any", "a-1-{}-any", "both wheels are for no Mac"),
        (
            "a-1-{}-macosx_10_9_universal2",
            "a-1-{}-macosx_10_9_x86_64.macosx_11_0_arm64",
            "nothing to fuse: `a-1-cp312-cp312-macosx_10_9_universal2.whl` is for both",
        ),
    ],
    ids=[
        *("project", "release", "build", "python", "abi", "arm64", "x86_64", "windows", "any"),
        "both",
    ],
)
def test_names_that_do_not_go_together_are_refused(
    tmp_path: Path, one: str, other: str, words: str
) -> None:
    paths = touched(tmp_path, *(f"{name.format(PYTHON)}.whl" for name in (one, other)))

    for pair in (paths, paths[::-1]):
        with pytest.raises(UnfusableError):
            pair_of(*pair)
    with pytest.raises(UnfusableError, match=words):
        pair_of(*paths)


def test_a_file_that_is_not_there_or_is_no_wheel_is_named(tmp_path: Path) -> None:
    (wheel,) = touched(tmp_path, "a-1-cp312-cp312-macosx_11_0_arm64.whl")
    (other,) = touched(tmp_path, "a.zip")

    with pytest.raises(UnreadableInputError, match=r"`a\.zip` is not the file name of a wheel"):
        pair_of(wheel, other)
    with pytest.raises(UnreadableInputError, match="is no file"):
        pair_of(wheel, tmp_path / "a-1-cp312-cp312-macosx_11_0_x86_64.whl")
