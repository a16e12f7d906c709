"""Which native file of a folder belongs to which package, and what is left out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from builders.environments import (
    ARM64,
    SUFFIX,
    conda_package,
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
from builders.macho_bytes import fat
from pip_archguard.environment import Survey, survey_of, unpacks_itself
from pip_archguard.environment.folders import walk
from pip_archguard.model.arch import Arch
from pip_archguard.model.audit import FolderKind, Note, Owner, SkipReason

MODULE = f"_c{SUFFIX}"
CODE = module(ARM64)


def names(of: Survey) -> dict[str, tuple[str, ...]]:
    return {package.name: package.native for package in of.packages}


def skipped(of: Survey) -> dict[str, SkipReason]:
    return {os.path.relpath(s.path, of.root): s.reason for s in of.skipped}


def notes(of: Survey, name: str) -> dict[Note, tuple[str, ...]]:
    (package,) = (p for p in of.packages if p.name == name)
    return {remark.note: remark.paths for remark in package.remarks}


def test_a_native_file_belongs_to_whom_record_says_and_others_to_nobody(tmp_path: Path) -> None:
    install(tmp_path, "demo", {f"demo/{MODULE}": CODE, "demo/__init__.py": "", "demo/n.txt": "x"})
    write(tmp_path, {"stray.so": CODE, "notes.so": "no code"})

    found = survey_of(tmp_path)

    assert names(found) == {"demo": (f"demo/{MODULE}",), tmp_path.name: ("stray.so",)}
    assert [p.origins.owner for p in found.packages] == [Owner.INDEX, Owner.NOBODY]
    assert found.kind is FolderKind.SITE


def test_files_of_two_packages_belong_to_the_first(tmp_path: Path) -> None:
    install(tmp_path, "a", {"shared.so": CODE})
    install(tmp_path, "b", {"shared.so": CODE})

    assert names(survey_of(tmp_path)) == {"a": ("shared.so",), "b": ()}


def test_a_package_without_record_leaves_its_files_to_nobody(tmp_path: Path) -> None:
    metadata = install(tmp_path, "demo", {MODULE: CODE})
    (metadata / "RECORD").unlink()

    found = survey_of(tmp_path)

    assert names(found) == {"demo": (), tmp_path.name: (MODULE,)}
    assert Note.NO_RECORD in notes(found, "demo")


@pytest.mark.parametrize(
    "record",
    [b"\xff\xfe,,\n", b'"unclosed,,\n', b"/absolute/x.so,,\na\0b,,\n" + b"_c.so,,\n", b",,\n"],
    ids=["no text", "open quote", "absolute", "no name"],
)
def test_a_broken_record_is_told(record: bytes, tmp_path: Path) -> None:
    metadata = install(tmp_path, "demo", {MODULE: CODE})
    (metadata / "RECORD").write_bytes(record)

    found = survey_of(tmp_path)

    assert {"demo", tmp_path.name} >= set(names(found))
    assert {Note.BROKEN_RECORD, Note.MISSING_FILES} & notes(found, "demo").keys()


@pytest.mark.parametrize("content", [None, b"", b"Name: \nVersion: 1\n", b"\xff\xfe"], ids=str)
def test_without_metadata_the_folder_names_the_package(
    content: bytes | None, tmp_path: Path
) -> None:
    metadata = install(tmp_path, "demo", {MODULE: CODE})
    if content is None:
        (metadata / "METADATA").unlink()
    else:
        (metadata / "METADATA").write_bytes(content)

    found = survey_of(tmp_path)

    assert [(p.project, p.release, p.native) for p in found.packages] == [
        ("demo", "1" if content and b"Version" in content else "1.0", (MODULE,))
    ]
    assert Note.NO_METADATA in notes(found, "demo")


def test_files_that_are_gone_are_told_and_libraries_are_missed(tmp_path: Path) -> None:
    install(tmp_path, "demo", {}, named=["gone.so", "gone.py", "__pycache__/x.pyc"])

    (package,) = survey_of(tmp_path).packages

    assert package.missing == ("gone.so",)
    assert package.remarks[0].paths == ("gone.so", "gone.py")


def test_what_a_package_brings_along_is_no_package_of_the_environment(tmp_path: Path) -> None:
    install(tmp_path, "setuptools", {"setuptools/__init__.py": ""})
    install(tmp_path / "setuptools" / "_vendor", "wheel", {"wheel/__init__.py": ""})

    assert list(names(survey_of(tmp_path))) == ["setuptools"]


def test_egg_info_names_files_from_its_own_folder(tmp_path: Path) -> None:
    write(tmp_path, {MODULE: CODE, "demo-2.0.egg-info/PKG-INFO": "Name: demo\nVersion: 2.0\n"})
    write(tmp_path, {"demo-2.0.egg-info/installed-files.txt": f"../{MODULE}\nPKG-INFO\n"})

    assert names(survey_of(tmp_path)) == {"demo": (MODULE,)}


def test_distutils_left_one_file_and_named_nothing(tmp_path: Path) -> None:
    write(tmp_path, {MODULE: CODE, "demo-2.0-py3.12.egg-info": "Name: demo\nVersion: 2.0\n"})

    found = survey_of(tmp_path)

    assert names(found) == {"demo": (), tmp_path.name: (MODULE,)}


def test_an_egg_owns_what_lies_in_it_and_a_zipped_one_is_skipped(tmp_path: Path) -> None:
    egg = "demo-1.0-py3.12.egg"
    write(tmp_path, {f"{egg}/EGG-INFO/PKG-INFO": "Name: demo\nVersion: 1.0\n"})
    write(tmp_path, {f"{egg}/demo/{MODULE}": CODE, "zipped-1.0.egg": b"PK\x03\x04"})

    found = survey_of(tmp_path)

    assert names(found) == {"demo": (f"{egg}/demo/{MODULE}",)}
    assert skipped(found) == {"zipped-1.0.egg": SkipReason.ZIPPED}


def test_links_are_followed_within_the_folder_and_each_file_is_found_once(tmp_path: Path) -> None:
    root = tmp_path / "site"
    write(tmp_path, {"away/lib.so": CODE, "away/more/x.so": CODE})
    write(root, {"real/_c.so": CODE, "linked": "->real", "one.so": "->real/_c.so"})
    write(root, {"loop": "->loop", "up": "->..", "lib.so": "->../away/lib.so", "dead.so": "->no"})

    found = survey_of(root)

    assert names(found) == {"site": ("real/_c.so",)}
    assert found.links == {"linked": "real", "one.so": "real/_c.so"}
    assert skipped(found) == {
        "loop": SkipReason.LINK_LOOP,
        "up": SkipReason.LINK_OUTSIDE,
        "lib.so": SkipReason.LINK_OUTSIDE,
    }


def test_a_link_that_a_package_names_is_the_name_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"store/x1": CODE})
    install(tmp_path, "demo", {MODULE: "->store/x1"})

    found = survey_of(tmp_path)

    assert names(found) == {"demo": (MODULE,)}
    assert found.links == {"store/x1": MODULE}


def test_a_link_out_of_the_folder_is_followed_where_a_package_names_it(tmp_path: Path) -> None:
    """So `uv pip install --link-mode symlink` fills an environment."""
    root = tmp_path / "site"
    write(tmp_path, {"cache/x.so": CODE})
    install(root, "demo", {MODULE: "->../cache/x.so"})

    found = survey_of(root)

    assert names(found) == {"demo": (MODULE,)}
    assert not found.skipped


def test_a_folder_that_nobody_may_read_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"closed/x.so": CODE, "y.so": CODE})
    really = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)

    found = survey_of(tmp_path)

    assert skipped(found) == {"closed": SkipReason.UNREADABLE}
    assert names(found) == {tmp_path.name: ("y.so",)}


def test_a_file_that_nobody_may_read_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"x.so": CODE})

    def closed(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", closed)

    assert skipped(survey_of(tmp_path)) == {"x.so": SkipReason.UNREADABLE}


def test_other_environments_in_the_folder_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"venv/pyvenv.cfg": "", "venv/x.so": CODE})

    found = survey_of(tmp_path)

    assert not found.packages
    assert skipped(found) == {"venv": SkipReason.OTHER_ENVIRONMENT}


def test_an_endless_folder_is_left_at_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pip_archguard.environment.folders.MOST_FILES", 1)
    write(tmp_path, {"a.so": CODE, "b.so": CODE})

    tree = walk(tmp_path)

    assert [s.reason for s in tree.skipped] == [SkipReason.TOO_MUCH]


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.so")

    assert not survey_of(tmp_path).packages


@pytest.mark.parametrize(
    ("make", "program_path", "zips"),
    [
        (pyinstaller_folder, "demo", ["_internal/base_library.zip"]),
        (pyinstaller_app, "Contents/MacOS/demo", ["Contents/Resources/base_library.zip"]),
        (nuitka_folder, "demo.bin", []),
        (py2app_app, "Contents/MacOS/Demo", ["Contents/Resources/lib/python312.zip"]),
    ],
)
def test_an_app_is_known_by_its_program(
    make: object, program_path: str, zips: list[str], tmp_path: Path
) -> None:
    found = survey_of(make(tmp_path, ARM64))  # type: ignore[operator]

    assert (found.kind, found.program) == (FolderKind.APP, program_path)
    assert [p.origins.owner for p in found.packages] == [Owner.APP]
    assert skipped(found) == dict.fromkeys(zips, SkipReason.ZIPPED)


@pytest.mark.parametrize(
    "plist",
    [b"", b"<plist>", b"bplist00" + bytes(40), b"<plist><string>x</string></plist>"],
    ids=["empty", "cut", "binary", "no table"],
)
def test_without_a_plist_the_only_program_counts(plist: bytes, tmp_path: Path) -> None:
    app = pyinstaller_app(tmp_path, ARM64)
    (app / "Contents" / "Info.plist").write_bytes(plist)

    assert survey_of(app).program == "Contents/MacOS/demo"


def test_of_two_programs_the_one_with_the_name_of_the_folder_counts(tmp_path: Path) -> None:
    folder = pyinstaller_folder(tmp_path, ARM64)
    write(folder, {"helper": program(ARM64)})

    assert survey_of(folder).program == "demo"


def test_conda_owns_what_its_metadata_names(tmp_path: Path) -> None:
    prefix = conda_prefix(tmp_path)
    write(prefix, {"lib/stray.dylib": library(ARM64), "pkgs/x/y.dylib": library(ARM64)})
    write(prefix, {"conda-meta/broken-1-0.json": "{", "conda-meta/list-1-0.json": "[]"})
    conda_package(prefix, "nul", {}, named=["a\0b"])

    found = survey_of(prefix)

    assert (found.kind, found.program) == (FolderKind.CONDA, "bin/python3.12")
    assert {p.name: (p.origins.owner, p.native) for p in found.packages} == {
        "zstd": (Owner.CONDA, (f"lib/python3.12/site-packages/zstd/_z{SUFFIX}",)),
        "python": (Owner.CONDA, ("bin/python3.12",)),
        "libz": (Owner.CONDA, ("lib/libz.1.3.dylib",)),
        "demo": (Owner.NOBODY, ("lib/stray.dylib",)),
    }
    assert skipped(found) == {
        "pkgs": SkipReason.OTHER_ENVIRONMENT,
        "conda-meta/broken-1-0.json": SkipReason.UNREADABLE,
        "conda-meta/list-1-0.json": SkipReason.UNREADABLE,
        "conda-meta/nul-1.0-0.json": SkipReason.UNREADABLE,
    }


def test_what_pip_put_over_a_package_of_condas_is_pips(tmp_path: Path) -> None:
    prefix = conda_prefix(tmp_path)
    site = prefix / "lib" / "python3.12" / "site-packages"
    (site / "zstd-1.0.dist-info" / "INSTALLER").write_text("pip\n")

    owners = {p.name: p.origins.owner for p in survey_of(prefix).packages}

    assert owners["zstd"] is Owner.INDEX


def test_an_editable_install_is_looked_for_in_its_source_tree(tmp_path: Path) -> None:
    site, source = tmp_path / "site", tmp_path / "project"
    write(source, {f"src/demo/{MODULE}": CODE, ".venv/pyvenv.cfg": "", "dist/x.so": CODE})
    url = {"url": source.as_uri(), "dir_info": {"editable": True}}
    install(site, "demo", {"__editable__.demo-1.0.pth": f"{source}/src\n"}, direct_url=url)

    found = survey_of(site)

    assert names(found) == {"demo": (f"../project/src/demo/{MODULE}",)}
    assert notes(found, "demo") == {Note.EDITABLE: (f"{source}/src",)}
    assert found.packages[0].origins.owner is Owner.EDITABLE


@pytest.mark.parametrize(
    "finder", ["MAPPING = {{'demo': '{}'}}\n", "MAPPING: dict[str, str] = {{'demo': '{}'}}\n"]
)
def test_the_table_of_setuptools_finder_is_read_and_not_run(finder: str, tmp_path: Path) -> None:
    site, source = tmp_path / "site", tmp_path / "project" / "demo"
    write(source, {MODULE: CODE})
    name = "__editable___demo_1_0_finder.py"
    files = {name: finder.format(source) + "raise SystemExit\n"}
    url = {"url": tmp_path.as_uri(), "dir_info": {"editable": True}}
    install(site, "demo", files, direct_url=url)

    assert names(survey_of(site)) == {"demo": (f"../project/demo/{MODULE}",)}


def test_an_editable_install_of_another_machine_is_told(tmp_path: Path) -> None:
    url = {"url": "file:///Users/x/demo", "dir_info": {"editable": True}}
    install(tmp_path, "demo", {"__editable__.demo.pth": "/Users/x/demo\n"}, direct_url=url)

    assert notes(survey_of(tmp_path), "demo") == {
        Note.EDITABLE_NOT_FOUND: ("file:///Users/x/demo",)
    }


def test_a_development_egg_is_looked_for_where_its_link_leads(tmp_path: Path) -> None:
    site, source = tmp_path / "site", tmp_path / "project"
    write(source, {MODULE: CODE, "demo.egg-info/PKG-INFO": "Name: demo\nVersion: 3.0\n"})
    write(
        site, {"demo.egg-link": f"{source}\n.\n", "gone.egg-link": "/no/where\n", "e.egg-link": ""}
    )

    found = survey_of(site)

    assert {p.name: (p.release, p.native) for p in found.packages} == {
        "demo": ("3.0", (f"../project/{MODULE}",)),
        "gone": ("", ()),
    }


@pytest.mark.parametrize(
    ("content", "url"),
    [
        ({"url": "https://x/d.whl", "archive_info": {}}, "https://x/d.whl"),
        (
            {"url": "https://x/d", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "git+https://x/d@abc",
        ),
        ({"url": 3}, ""),
        ({"url": "x", "dir_info": 3}, ""),
    ],
    ids=["archive", "vcs", "no text", "no table"],
)
def test_a_package_from_a_url_is_known_as_such(
    content: dict[str, object], url: str, tmp_path: Path
) -> None:
    install(tmp_path, "demo", {}, direct_url=content)

    (package,) = survey_of(tmp_path).packages

    assert package.origins.url == url
    assert package.origins.owner is (Owner.URL if url else Owner.INDEX)


def test_zips_on_the_path_are_told(tmp_path: Path) -> None:
    found = survey_of(tmp_path, zips=[Path("/x/python312.zip")])

    assert [(s.path, s.reason) for s in found.skipped] == [("/x/python312.zip", SkipReason.ZIPPED)]


def test_a_zip_file_beside_packages_is_on_the_path_and_one_within_is_data(tmp_path: Path) -> None:
    zipped = b"PK\x03\x04"
    write(
        tmp_path,
        {"extra.zip": zipped, "demo/data.zip": zipped, "tool.pyz": b"#!x\n", "no.zip": "x"},
    )

    assert set(skipped(survey_of(tmp_path))) == {"extra.zip", "tool.pyz"}


PAYLOAD = b"KAY" + bytes(50)
SECTION = b"payload".ljust(16, b"\0") * 2 + bytes(16)


def in_section(size: int) -> bytes:
    """A program whose load commands have a section for the payload at this offset."""
    code = program(ARM64)
    head = code + SECTION + size.to_bytes(4, "little") + bytes(20)
    return head.ljust(size, b"\0") + PAYLOAD + bytes(64)


@pytest.mark.parametrize(
    ("content", "carries"),
    [
        (program(ARM64) + b"x" * 99 + b"MEI\014\013\012\013\016" + bytes(5000), True),
        (program(ARM64) + PAYLOAD + len(PAYLOAD).to_bytes(8, "little"), True),
        (in_section(1024), True),
        (fat([in_section(1024), program(Arch.X86_64)]), True),
        (program(ARM64), False),
        (program(ARM64) + b"\xff" * 8, False),
        (b"\xca\xfe\xba\xbe\0\0\0\x02", False),
        (program(ARM64) + SECTION + b"\xff\xff\xff\xff" + bytes(99), False),
    ],
    ids=["PyInstaller", "Nuitka", "section", "universal", "plain", "size", "cut", "beyond"],
)
def test_programs_that_unpack_themselves_are_known(
    content: bytes, carries: object, tmp_path: Path
) -> None:
    path = tmp_path / "demo"
    path.write_bytes(content)

    assert unpacks_itself(path) is carries


def test_json_that_is_too_deep_is_no_crash(tmp_path: Path) -> None:
    deep = "[" * 200_000
    metadata = install(tmp_path, "demo", {})
    (metadata / "direct_url.json").write_text(deep)
    write(tmp_path, {"conda-meta/deep.json": deep, "conda-meta/ok.json": json.dumps({})})

    assert [p.name for p in survey_of(tmp_path).packages] == ["demo"]


@pytest.mark.parametrize("name", ["METADATA", "RECORD", "direct_url.json", "INSTALLER", "WHEEL"])
def test_a_pipe_in_the_place_of_metadata_stops_nothing(name: str, tmp_path: Path) -> None:
    metadata = install(tmp_path, "demo", {MODULE: CODE})
    (metadata / name).unlink(missing_ok=True)
    os.mkfifo(metadata / name)

    assert [p.project for p in survey_of(tmp_path).packages if p.project] == ["demo"]


def test_pipes_elsewhere_stop_nothing_either(tmp_path: Path) -> None:
    write(tmp_path, {"conda-meta/x": "", "Contents/MacOS/demo": program(ARM64), "a.egg-link": ""})
    for name in ("conda-meta/pipe-1-0.json", "Contents/Info.plist", "b.egg-link"):
        os.mkfifo(tmp_path / name)

    found = survey_of(tmp_path)

    assert SkipReason.UNREADABLE in skipped(found).values()


def test_names_that_are_no_text_are_kept_as_they_are(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\n.so")
    (tmp_path / name).write_bytes(CODE)

    assert names(survey_of(tmp_path)) == {tmp_path.name: (name,)}


def test_record_may_lead_out_of_the_folder_to_a_script_and_nowhere_else(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "site"
    write(tmp_path, {"bin/tool": program(ARM64)})
    install(site, "demo", {}, named=["../../bin/tool", "../../../../../../../dev/zero", "../.."])

    assert names(survey_of(site)) == {"demo": ("../../bin/tool",)}
