"""Two wheels made one, from end to end."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from builders.halves import ARM64_TAG, CODE, FUSED, MODULE, X86_64_TAG, Halves, code
from builders.macho_bytes import fat, thin
from builders.packages import beyond_bounds
from builders.universal import split_slices
from pip_archguard import __version__
from pip_archguard.errors import UnfusableError, UnreadableInputError, UnwritableFileError
from pip_archguard.fusing import fuse
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind
from pip_archguard.model.fusing import FusedFile, FusedWheel, Share, Unfit
from pip_archguard.model.verdict import Verdict

ARM64, X86_64 = Arch.ARM64, Arch.X86_64
BOTH = {"arm64": CODE[ARM64], "x86_64": CODE[X86_64]}
INFO = "demo-1.0.dist-info/"


def fused(paths: tuple[Path, ...], out: Path, take_from: Arch | None = None) -> FusedWheel:
    one, other = paths
    result = fuse(one, other, out, take_from=take_from)
    assert isinstance(result, FusedWheel), result
    return result


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def told(wheel: FusedWheel) -> dict[str, Share]:
    return {file.path: file.share for file in wheel.files}


@pytest.mark.parametrize("order", [1, -1], ids=["arm64 first", "x86_64 first"])
def test_two_wheels_make_one_for_both_architectures(halves: Halves, out: Path, order: int) -> None:
    result = fused(halves.pair()[::order], out)

    found = members(out / FUSED)
    assert result.path == str(out / FUSED)
    assert result.judgement.verdict is Verdict.OK
    assert result.files == (FusedFile(path=MODULE, share=Share.FUSED),)
    assert split_slices(found[MODULE]) == BOTH
    assert found[INFO + "WHEEL"].decode().splitlines() == [
        "Wheel-Version: 1.0",
        f"Generator: pip-archguard {__version__}",
        "Root-Is-Purelib: false",
        "Tag: cp312-cp312-macosx_10_9_universal2",
    ]
    assert names_in(out) == [FUSED]


def test_the_record_tells_each_file_and_stands_last(halves: Halves, out: Path) -> None:
    odd = 'demo/a "name", with\tsigns.txt'
    fused(halves.pair({odd: b"x"}, {odd: b"x"}), out)

    found = members(out / FUSED)
    rows = list(csv.reader(io.StringIO(found[INFO + "RECORD"].decode())))
    assert [row[0] for row in rows] == list(found)
    assert list(found)[-3:] == [INFO + name for name in ("METADATA", "WHEEL", "RECORD")]
    assert rows[-1] == [INFO + "RECORD", "", ""]
    for path, digest, size in rows[:-1]:
        encoded = base64.urlsafe_b64encode(hashlib.sha256(found[path]).digest())
        assert (digest, size) == (
            "sha256=" + encoded.rstrip(b"=").decode(),
            str(len(found[path])),
        )


def test_the_same_wheels_make_the_same_bytes_and_may_do_so_again(
    halves: Halves, tmp_path: Path
) -> None:
    pair = halves.pair()

    for folder in ("one", "two", "two"):
        fused(pair, tmp_path / folder)

    one, two = (tmp_path / name / FUSED for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_a_file_of_that_name_with_other_content_stays(halves: Halves, out: Path) -> None:
    out.mkdir()
    (out / FUSED).write_bytes(b"mine")

    with pytest.raises(UnwritableFileError, match="is there already, with other content"):
        fuse(*halves.pair(), out)

    assert (out / FUSED).read_bytes() == b"mine"
    assert names_in(out) == [FUSED]


def test_a_folder_that_cannot_be_made_is_told(halves: Halves, out: Path) -> None:
    out.write_bytes(b"")

    with pytest.raises(UnwritableFileError, match="cannot be written"):
        fuse(*halves.pair(), out)


def test_a_program_may_be_executed_if_it_may_in_either_wheel(halves: Halves, out: Path) -> None:
    pair = halves.pair()
    script = "demo-1.0.data/scripts/demo"
    for path, mode in zip(pair, (0o644, 0o755), strict=True):
        with zipfile.ZipFile(path, "a") as archive:
            info = zipfile.ZipInfo(script, (2025, 1, 2, 3, 4, 6))
            info.external_attr = mode << 16
            archive.writestr(info, "#!python\n")
            archive.writestr("demo-1.0.data/", "")

    fused(pair, out)

    with zipfile.ZipFile(out / FUSED) as archive:
        info = archive.getinfo(script)
        assert info.external_attr >> 16 == 0o100755
        assert info.date_time == (2025, 1, 2, 3, 4, 6)
        assert "demo-1.0.data/" not in archive.namelist()


def test_a_file_that_is_universal_and_equal_in_both_is_copied(halves: Halves, out: Path) -> None:
    library = fat([thin(X86_64, Kind.DYLIB), thin(ARM64, Kind.DYLIB)])
    extra = {"demo/libx.dylib": library}

    result = fused(halves.pair(extra, extra), out)

    assert members(out / FUSED)["demo/libx.dylib"] == library
    assert told(result)["demo/libx.dylib"] is Share.UNIVERSAL


def test_of_a_file_for_both_each_wheel_gives_the_code_of_its_own_architecture(
    halves: Halves, out: Path
) -> None:
    both = fat([thin(X86_64, body=b"another"), CODE[ARM64]])

    result = fused(
        (
            halves.wheel("cp312-cp312-macosx_10_9_universal2", {MODULE: both}),
            halves.wheel(X86_64_TAG, {MODULE: CODE[X86_64]}),
        ),
        out,
    )

    assert split_slices(members(out / FUSED)[MODULE]) == BOTH
    assert result.halves == (FUSED, f"demo-1.0-{X86_64_TAG}.whl")


def test_libraries_under_names_of_their_own_are_both_kept(halves: Halves, out: Path) -> None:
    """delocate names what it copies by its content, so that the names differ."""
    sides: list[dict[str, bytes]] = []
    for arch in (ARM64, X86_64):
        name = f"@loader_path/.dylibs/libx-{arch.value[:3]}.dylib"
        sides.append(
            {
                MODULE: code(arch, dylibs=(name,)),
                f"demo/.dylibs/libx-{arch.value[:3]}.dylib": code(arch, Kind.DYLIB),
            }
        )

    result = fused(halves.pair(*sides), out)

    assert told(result) == {
        MODULE: Share.FUSED,
        "demo/.dylibs/libx-arm.dylib": Share.ONE_SIDED,
        "demo/.dylibs/libx-x86.dylib": Share.ONE_SIDED,
    }
    assert result.judgement.verdict is Verdict.OK


def test_text_that_differs_where_it_may_is_joined_or_kept_twice(halves: Halves, out: Path) -> None:
    names = ("demo/__config__.py", "demo/config.h", INFO + "licenses/LICENSE")
    sbom = INFO + "sboms/x.cdx.json"
    sides = [
        {name: f"x = '{arch}'\n".encode() for name in (*names, sbom)} for arch in (ARM64, X86_64)
    ]

    result = fused(halves.pair(*sides), out)

    found = members(out / FUSED)
    assert [told(result)[name] for name in names] == [Share.JOINED] * 3
    assert found[names[0]] == (
        b"x = ('arm64' if __import__(\"os\").uname().machine == \"arm64\" else 'x86_64')\n"
    )
    assert b"#if defined(__arm64__)" in found[names[1]]
    assert b"for x86_64 comes with this text:\n\nx = 'x86_64'\n" in found[names[2]]
    assert found[INFO + "sboms/arm64-x.cdx.json"] == sides[0][sbom]
    assert found[INFO + "sboms/x86_64-x.cdx.json"] == sides[1][sbom]
    assert sbom not in found


def test_text_that_differs_in_the_ends_of_lines_is_the_same(halves: Halves, out: Path) -> None:
    result = fused(halves.pair({"demo/a.txt": b"a\nb\n"}, {"demo/a.txt": b"a\r\nb\r\n"}), out)

    assert members(out / FUSED)["demo/a.txt"] == b"a\nb\n"
    assert "demo/a.txt" not in told(result)


def test_documents_that_only_one_wheel_has_are_kept(halves: Halves, out: Path) -> None:
    fused(halves.pair({INFO + "licenses/L": b"x"}, {INFO + "sboms/s.json": b"y"}), out)

    assert {INFO + "licenses/L", INFO + "sboms/s.json"} <= members(out / FUSED).keys()


def test_byte_code_of_a_source_that_is_there_is_left_out(halves: Halves, out: Path) -> None:
    """numpy 2.1.3 for Python 3.10 has one such file, and it differs."""
    kept = {"demo/__pycache__/gone.cpython-312.pyc": b"code"}
    sides = [
        {**kept, "demo/x.py": b"", "demo/__pycache__/x.cpython-312.pyc": name.encode()}
        for name in ("arm64", "x86_64")
    ]

    fused(halves.pair(*sides), out)

    found = members(out / FUSED)
    assert [name for name in found if name.endswith(".pyc")] == [*kept]


def test_what_is_for_an_installer_or_one_file_only_is_left_out(halves: Halves, out: Path) -> None:
    names = ("RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json")
    extra = {INFO + name: b"x" for name in names}

    fused(halves.pair(extra, {}), out)

    assert not extra.keys() & members(out / FUSED).keys()


@pytest.mark.parametrize("arch", [ARM64, X86_64], ids=str)
def test_the_user_may_say_which_wheel_decides(halves: Halves, out: Path, arch: Arch) -> None:
    sides = {
        side: {"demo/a.json": f"{side}".encode(), f"demo/{side}.txt": b""}
        for side in (ARM64, X86_64)
    }

    result = fused(halves.pair(sides[ARM64], sides[X86_64]), out, take_from=arch)

    found = members(out / FUSED)
    assert found["demo/a.json"] == str(arch).encode()
    assert {"demo/arm64.txt", "demo/x86_64.txt"} <= found.keys()
    assert FusedFile(path="demo/a.json", share=Share.TAKEN, arch=arch) in result.files


@pytest.mark.parametrize(
    ("arm64", "x86_64", "words"),
    [
        ({"demo/a.py": b"x = 1\n"}, {"demo/a.py": b"y = 2\n"}, "`demo/a.py`: it differs"),
        ({"demo/a.json": b"1"}, {"demo/a.json": b"2"}, "`demo/a.json`: it differs"),
        ({"demo/a.bin": b"\0\n"}, {"demo/a.bin": b"\0\r\n"}, "`demo/a.bin`: it differs"),
        ({"demo/a.py": b""}, {}, "`demo/a.py`: it is in the wheel for arm64 only"),
        ({}, {INFO + "entry_points.txt": b""}, "it is in the wheel for x86_64 only"),
        ({"demo/_d.abi3.so": thin()}, {}, "an extension module that only the wheel for arm64 has"),
        ({"demo/_d.so": thin()}, {}, "an extension module that only the wheel for arm64 has"),
        ({"demo/run": thin(kind=Kind.EXECUTABLE)}, {}, "it is in the wheel for arm64 only"),
        ({"demo/t": thin(body=b"1")}, {"demo/t": b"#!"}, "`demo/t`: it differs"),
        (
            {"demo/t": thin(kind=Kind.EXECUTABLE)},
            {"demo/t": thin(kind=Kind.EXECUTABLE, body=b"1")},
            "`demo/t`: that for x86_64 holds no code for it",
        ),
        ({"demo/x": b""}, {"demo/X": b""}, "it is in the wheel for"),
        ({"demo/a": b"!<arch>\n"}, {"demo/a": b"!<arch>\nx"}, "not for just one processor"),
    ],
    ids=[
        *("python", "data", "line ends in data", "one-sided source", "entry points", "extension"),
        *("bare extension", "program", "program and text", "no slice", "case", "library"),
    ],
)
def test_files_that_do_not_go_together_are_named(
    halves: Halves, out: Path, arm64: dict[str, bytes], x86_64: dict[str, bytes], words: str
) -> None:
    with pytest.raises(UnfusableError, match=words):
        fuse(*halves.pair(arm64, x86_64), out)

    assert not out.exists()


def test_of_many_such_files_some_are_named(halves: Halves, out: Path) -> None:
    sides = ({f"demo/{n:02}": str(n + k).encode() for n in range(30)} for k in (0, 100))

    with pytest.raises(UnfusableError, match=r"09`: it differs\n  and 20 more$"):
        fuse(*halves.pair(*sides), out)


@pytest.mark.parametrize(
    ("arm64", "x86_64", "words"),
    [
        ({"demo/x": b""}, {"demo/X": b""}, "would be one file on a Mac"),
        ({"demo/x": b""}, {"demo/x/y": b""}, "would be a file and a folder"),
        ({"demo/\u00e9": b""}, {"demo/e\u0301": b""}, "would be one file on a Mac"),
        (
            {INFO + "sboms/a": b"1"},
            {INFO + "sboms/a": b"2", INFO + "sboms/arm64-a": b""},
            "there would be two files",
        ),
    ],
    ids=["case", "folder", "form", "twice"],
)
def test_what_a_mac_cannot_hold_side_by_side_is_refused_whatever_the_user_says(
    halves: Halves, out: Path, arm64: dict[str, bytes], x86_64: dict[str, bytes], words: str
) -> None:
    with pytest.raises(UnfusableError, match=words):
        fuse(*halves.pair(arm64, x86_64), out, take_from=ARM64)


def test_names_that_one_wheel_has_side_by_side_already_stay(halves: Halves, out: Path) -> None:
    extra = {"demo/x": b"", "demo/X": b""}

    fused(halves.pair(extra, extra), out)

    assert extra.keys() <= members(out / FUSED).keys()


def test_a_native_file_is_never_taken_from_one_wheel(halves: Halves, out: Path) -> None:
    with pytest.raises(UnfusableError, match="extension module") as caught:
        fuse(*halves.pair({"demo/_d.so": thin()}, {}), out, take_from=ARM64)

    assert caught.value.hint is None


def test_different_requirements_are_refused(halves: Halves, out: Path) -> None:
    arm64 = halves.wheel(ARM64_TAG, {MODULE: CODE[ARM64]}, requires=("numpy",))
    x86_64 = halves.wheel(X86_64_TAG, {MODULE: CODE[X86_64]})

    with pytest.raises(UnfusableError, match="`METADATA` of the two differs in `requires-dist`"):
        fuse(arm64, x86_64, out)


def test_a_half_that_does_not_load_is_told(halves: Halves, out: Path) -> None:
    arm64 = halves.wheel(ARM64_TAG, {MODULE: CODE[X86_64]})
    x86_64 = halves.wheel(X86_64_TAG, {MODULE: CODE[X86_64]})

    result = fuse(arm64, x86_64, out)

    assert isinstance(result, Unfit)
    assert (result.whole, result.judgement.verdict) == (False, Verdict.BROKEN)
    assert result.judgement.facts.filename == arm64.name
    assert not out.exists()


def test_a_result_that_does_not_load_is_not_kept(halves: Halves, out: Path) -> None:
    """A library that Python code opens by one name is not there for the other machine."""
    extra = {"demo/libx.dylib": thin(ARM64, Kind.DYLIB)}

    result = fuse(*halves.pair(extra), out)

    assert isinstance(result, Unfit)
    assert (result.whole, result.judgement.verdict) == (True, Verdict.BROKEN)
    assert not out.exists()


def test_a_wheel_that_is_cut_short_is_named(halves: Halves, out: Path) -> None:
    arm64, x86_64 = halves.pair()
    arm64.write_bytes(arm64.read_bytes()[:500])

    with pytest.raises(UnreadableInputError, match=f"{arm64.name}` cannot be read: it cannot be"):
        fuse(arm64, x86_64, out)


def test_a_half_of_which_nobody_can_tell_is_not_fused(halves: Halves, out: Path) -> None:
    unknown = halves.wheel(ARM64_TAG, {MODULE: beyond_bounds()})

    result = fuse(unknown, halves.wheel(X86_64_TAG, {MODULE: CODE[X86_64]}), out)

    assert isinstance(result, Unfit)
    assert result.judgement.verdict is Verdict.UNKNOWN


def test_a_member_with_a_wrong_checksum_is_named(halves: Halves, out: Path) -> None:
    text = b"unique text that is stored"
    arm64, x86_64 = halves.pair()
    for path in (arm64, x86_64):
        with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
            archive.writestr("demo/a.txt", text)
    arm64.write_bytes(arm64.read_bytes().replace(text, text.swapcase()))

    with pytest.raises(UnreadableInputError, match=f"{arm64.name}` cannot be read: Bad CRC"):
        fuse(arm64, x86_64, out)

    assert not out.exists()
