"""What an sdist declares, read from archives of all kinds and of bad will."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from pip_archguard.errors import UnreadableInputError
from pip_archguard.wheels import sdist
from pip_archguard.wheels.sdist import SdistTexts, is_static, read_sdist, read_source_tree

FILES = {"demo-1.0/PKG-INFO": b"Name: demo\n", "demo-1.0/pyproject.toml": b"[project]\n"}
BOTH = SdistTexts(pkg_info=b"Name: demo\n", pyproject=b"[project]\n")
STATIC = b"Metadata-Version: 2.2\nName: demo\nVersion: 1.0\nRequires-Dist: other\n"


def tar(path: Path, files: Mapping[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz", "w"])
def test_a_tar_file_is_read_however_it_is_packed(mode: str, tmp_path: Path) -> None:
    assert read_sdist(tar(tmp_path / "demo-1.0.tar.gz", FILES, mode)) == BOTH


def test_a_zip_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)

    assert read_sdist(path) == BOTH


def test_only_the_top_folder_counts_or_the_one_that_was_asked_for(tmp_path: Path) -> None:
    files = {
        "demo-1.0/demo.egg-info/PKG-INFO": b"stale",
        "demo-1.0/sub/pyproject.toml": b"[sub]",
        "PKG-INFO": b"loose",
    }
    path = tar(tmp_path / "demo.tar.gz", files)

    assert read_sdist(path) == SdistTexts()
    assert read_sdist(path, "sub") == SdistTexts(pyproject=b"[sub]")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "demo.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("demo/PKG-INFO")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)

    assert read_sdist(path) == SdistTexts()


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8bno gzip", b"\xfd7zXZ\0rubbish", b"BZh9rubbish", b"x" * 2000, b"PK"]
)
def test_what_is_no_archive_is_an_error_that_names_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0.tar.gz"
    path.write_bytes(content)

    with pytest.raises(UnreadableInputError, match=r"demo-1\.0\.tar\.gz"):
        read_sdist(path)


def test_an_archive_that_is_cut_off_is_an_error(tmp_path: Path) -> None:
    path = tar(tmp_path / "demo.tar.gz", {"demo/big": bytes(100_000), **FILES})
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(UnreadableInputError):
        read_sdist(path)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("top", ["demo-1.0", "d" * 90, "d\N{LATIN SMALL LETTER E WITH ACUTE}"])
def test_members_are_found_in_each_form_of_tar(form: int, top: str, tmp_path: Path) -> None:
    path = tmp_path / "demo.tar.gz"
    with tarfile.open(path, "w:gz", format=form) as archive:
        for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"{top}/{kind!r}")
            info.type, info.linkname, info.mtime = kind, "x" * 90, 1.5
            archive.addfile(info)
        for name, content in {"big": bytes(1000), "PKG-INFO": b"Name: demo\n"}.items():
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))

    assert read_sdist(path) == SdistTexts(pkg_info=b"Name: demo\n")


def header(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, len(content) if size is None else size
    return info.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)


PAX, MEMBER = tarfile.XHDTYPE, header(tarfile.REGTYPE, b"content")


@pytest.mark.parametrize("kind", [PAX, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_without_end_is_not_read(kind: bytes, tmp_path: Path) -> None:
    path = tmp_path / "demo.tar.gz"
    path.write_bytes(gzip.compress(header(kind, bytes(20 << 20)) + MEMBER, 1))
    tracemalloc.start()

    with pytest.raises(UnreadableInputError, match="a header has more than 1048576 bytes"):
        read_sdist(path)

    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


@pytest.mark.parametrize(
    "content",
    [
        header(PAX, b"rubbish"),
        header(PAX, b"0 path=x\n"),
        header(PAX, b"11 size=-5\n") + MEMBER,
        header(PAX, b"26 size=99999999999999999\n") + MEMBER,
        header(PAX, b"", -1),
        header(tarfile.REGTYPE, b"", -1),
        header(tarfile.REGTYPE, b"cut", 5000),
        header(tarfile.REGTYPE, b"cut", 5000).replace(b"x", b"demo/PKG-INFO", 1)[:512],
    ],
    ids=["rubbish", "no length", "below zero", "too large", "-1", "member -1", "cut", "no header"],
)
def test_headers_that_cannot_be_are_an_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "demo.tar.gz"
    path.write_bytes(content)

    with pytest.raises(UnreadableInputError, match=r"demo\.tar\.gz"):
        read_sdist(path)


def test_what_is_no_header_ends_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "demo.tar.gz"
    path.write_bytes(MEMBER + b"x" * 2000)

    assert read_sdist(path) == SdistTexts()


def test_headers_upon_headers_and_the_holes_of_sparse_files_are_passed_over(
    tmp_path: Path,
) -> None:
    """`tarfile` calls itself for each of the former, and keeps a list of the latter."""
    sparse = bytearray(header(tarfile.GNUTYPE_SPARSE, b""))
    sparse[482] = 1
    sparse[148:156] = b" " * 8
    sparse[148:156] = b"%06o\0 " % sum(sparse[:512])
    holes = (bytes(504) + b"\1" + bytes(7)) * 3 + bytes(512)
    named = tar(tmp_path / "plain.tar", FILES, "w").read_bytes()
    path = tmp_path / "demo.tar.gz"
    path.write_bytes(bytes(sparse) + holes + header(PAX, b"10 a=bcde\n") * 3000 + named)

    assert read_sdist(path) == BOTH


def test_no_more_is_unpacked_than_a_bound_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tar(tmp_path / "demo.tar.gz", {"demo/big": bytes(1_000_000), **FILES})
    monkeypatch.setattr(sdist, "MOST_UNPACKED", 500_000)

    with pytest.raises(UnreadableInputError, match="too large"):
        read_sdist(path)


def test_a_declaration_that_is_too_long_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sdist, "MOST_TEXT", 5)

    with pytest.raises(UnreadableInputError, match="too long"):
        read_sdist(tar(tmp_path / "demo.tar.gz", FILES))


def test_members_beyond_a_bound_are_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sdist, "MOST_MEMBERS", 1)
    path = tar(tmp_path / "demo.tar.gz", {"demo/first": b"", **FILES})

    assert read_sdist(path) == SdistTexts()


def test_of_a_source_tree_only_pyproject_counts(tmp_path: Path) -> None:
    tmp_path.joinpath("PKG-INFO").write_bytes(STATIC)

    assert read_source_tree(tmp_path) == SdistTexts()
    tmp_path.joinpath("pyproject.toml").write_bytes(b"[project]\n")
    assert read_source_tree(tmp_path) == SdistTexts(pyproject=b"[project]\n")


@pytest.mark.parametrize(
    ("pkg_info", "static"),
    [
        (STATIC, True),
        (STATIC.replace(b"2.2", b"2.4") + b"Dynamic: Description\n", True),
        (STATIC.replace(b"2.2", b"2.1"), False),
        (STATIC + b"Dynamic: requires-dist\n", False),
        (STATIC + b"Dynamic: Requires-Python\n", False),
        (STATIC.replace(b"Version: 1.0\n", b"Metadata: x\n"), False),
        (STATIC.replace(b"2.2", b"two"), False),
        (b"", False),
        (b"\xff\xfe\x00", False),
    ],
    ids=["2.2", "2.4", "2.1", "dynamic", "dynamic-python", "nameless", "odd", "empty", "binary"],
)
def test_pkg_info_is_relied_on_only_where_pep_643_says_so(pkg_info: bytes, static: bool) -> None:  # noqa: FBT001 - a case
    assert is_static(pkg_info) is static
