"""What `fuse` says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from builders.halves import CODE, MODULE, Halves
from builders.macho_bytes import thin
from pip_archguard.fusing import fuse
from pip_archguard.model.arch import Arch
from pip_archguard.model.event import FusedForInstall, NotFused, NotFusedForInstall
from pip_archguard.model.fusing import FusedWheel, Unfit
from pip_archguard.model.result import FusedShown
from pip_archguard.model.verdict import Judgement
from pip_archguard.model.wheel import WheelFacts
from pip_archguard.reports import render
from pip_archguard.reports.fuse_text import fuse_text

ARM64, X86_64 = Arch.ARM64, Arch.X86_64


def text_of(folder: Path, arm64: dict[str, bytes], x86_64: dict[str, bytes]) -> list[str]:
    result = fuse(*Halves(folder=folder).pair(arm64, x86_64), folder / "out", take_from=ARM64)
    assert isinstance(result, FusedWheel), result
    return fuse_text(FusedShown(wheel=result)).replace(str(folder), "DIR").splitlines()


def test_a_wheel_is_told_with_its_halves_and_where_it_loads(tmp_path: Path) -> None:
    assert text_of(tmp_path, {}, {}) == [
        "fused: `DIR/out/demo-1.0-cp312-cp312-macosx_10_9_universal2.whl`",
        "  of `demo-1.0-cp312-cp312-macosx_11_0_arm64.whl`",
        "  of `demo-1.0-cp312-cp312-macosx_10_9_x86_64.whl`",
        "- loads on macOS 11.0 arm64 (cp312) and macOS 10.9 x86_64 (cp312), and newer",
        "- 1 native file fused, each slice as it was",
    ]


def test_each_difference_is_told_with_what_became_of_it(tmp_path: Path) -> None:
    info = "demo-1.0.dist-info"
    sides = [
        {
            **{f"demo/a{n:02}.json": str(arch).encode() for n in range(12)},
            "demo/b.h": str(arch).encode(),
            f"demo/{arch}\x1b.txt": b"",
            f"{info}/sboms/s": str(arch).encode(),
        }
        for arch in (ARM64, X86_64)
    ]

    lines = text_of(tmp_path, *sides)

    assert lines[5:] == [
        "- differed, and each processor has its own values in it: `demo/b.h`",
        f"- of the arm64 wheel, beside that of the other: `{info}/sboms/arm64-s`",
        f"- of the x86_64 wheel, beside that of the other: `{info}/sboms/x86_64-s`",
        "- differed, and taken from the arm64 wheel as `--take-from` says: "
        + ", ".join(f"`demo/a{n:02}.json`" for n in range(10))
        + " and 3 more",
        "- differed, and taken from the x86_64 wheel as `--take-from` says: `demo/x86_64\\x1b.txt`",
    ]


def test_fields_of_metadata_that_differ_are_named(tmp_path: Path) -> None:
    result = fuse(*Halves(folder=tmp_path).pair(), tmp_path)
    assert isinstance(result, FusedWheel)

    text = fuse_text(FusedShown(wheel=replace(result, metadata=("summary", "license-file"))))

    assert text.splitlines()[-1] == (
        "- `METADATA` differed in `summary`, `license-file`, and is that of the arm64 wheel"
    )


def test_warnings_of_the_result_are_told(tmp_path: Path) -> None:
    newer = {MODULE: thin(ARM64, minos=(14, 0, 0))}

    assert text_of(tmp_path, newer, {})[-1] == (
        f"- warning: newer-macos: `{MODULE}` is made for macOS 14.0 and newer, "
        "and may lack something here"
    )


def test_a_half_that_does_not_load_is_told_with_the_reason(tmp_path: Path) -> None:
    result = fuse(*Halves(folder=tmp_path).pair({MODULE: CODE[X86_64]}), tmp_path)

    assert isinstance(result, Unfit)
    assert render(NotFused(why=result)) == (
        "error: wrong-architecture\n"
        "`demo-1.0-cp312-cp312-macosx_11_0_arm64.whl` cannot load: "
        f"`{MODULE}` is x86_64 only, the target is arm64\n"
        "one of the two wheels does not load, so none was written"
    )


def test_in_an_installation_the_wheel_is_told_by_its_name_alone(tmp_path: Path) -> None:
    result = fuse(*Halves(folder=tmp_path).pair(), tmp_path / "out")
    assert isinstance(result, FusedWheel)

    text = render(FusedForInstall(wheel=result))

    assert text.startswith("fused: `demo-1.0-cp312-cp312-macosx_10_9_universal2.whl`\n  of `demo")


def test_why_an_installation_fuses_nothing_is_told(tmp_path: Path) -> None:
    result = fuse(*Halves(folder=tmp_path).pair({MODULE: CODE[X86_64]}), tmp_path)
    assert isinstance(result, Unfit)

    texts = [
        render(NotFusedForInstall(halves=("a.whl", "b.whl"), why="they differ")),
        render(NotFusedForInstall(halves=("a\x1b.whl",), unfit=result)),
    ]

    assert texts[0] == "not fused: `a.whl` and `b.whl`: they differ"
    assert texts[1].startswith("not fused: `a\\x1b.whl`: `demo-1.0-cp312-cp312-macosx_11_0_arm64")


def test_what_could_not_be_judged_is_told_as_that() -> None:
    facts = WheelFacts(filename="a.whl", project="a", release="1", platforms=frozenset())

    text = render(NotFused(why=Unfit(judgement=Judgement(facts=facts), whole=True)))

    assert text.endswith("what would come of the two could not be judged, so none was written")
