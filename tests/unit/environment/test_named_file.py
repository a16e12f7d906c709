"""Whose a file is, by RECORD or by conda's lists."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from builders.elf_bytes import elf_file
from builders.facts import mac
from builders.macho_bytes import thin
from pip_archguard.environment.loadable_file import file_that_links, look_at
from pip_archguard.environment.named_file import (
    file_of_module,
    installed_release,
    is_here,
    owner_of,
)
from pip_archguard.model.arch import Arch
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.owner import Owner
from pip_archguard.model.target import System, Target

LINUX = Target(system=System.LINUX, arch=Arch.X86_64)
MODULE = "_cffi_backend.cpython-312-darwin.so"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site-packages with a compiled module that nobody owns yet."""
    folder = tmp_path / "env" / "lib" / "python3.12" / "site-packages"
    folder.mkdir(parents=True)
    (folder / MODULE).write_bytes(thin(Arch.X86_64))
    return folder


def refused(*need: str, system: System = System.MACOS) -> LoadError:
    return LoadError(cause=Cause.WRONG_ARCHITECTURE, system=system, need=need)


def record(site: Path, *, metadata: str = "Name: cffi\nVersion: 1.15.1\n", entry: str = "") -> None:
    info = site / "cffi-1.15.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(metadata)
    (info / "RECORD").write_text(f"{entry or MODULE},,\n")
    (info / "INSTALLER").write_text("pip\n")


def conda(site: Path, name: str, content: object) -> None:
    folder = site.parents[2] / "conda-meta"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))


def test_the_record_tells(site: Path) -> None:
    record(site)

    assert owner_of(str(site / MODULE)) == Owner(
        project="cffi", release="1.15.1", known=True, installer="pip"
    )


def test_what_python_imports_from_is_here(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(site)
    monkeypatch.syspath_prepend(str(site))

    owner = owner_of(str(site / MODULE))

    assert owner is not None
    assert owner.here
    assert installed_release("cffi") == "1.15.1"
    assert file_of_module("_cffi_backend") == str(site / MODULE)


def test_a_link_to_the_environment_leads_to_it(site: Path, tmp_path: Path) -> None:
    record(site)
    (tmp_path / "link").symlink_to(tmp_path / "env")

    path = tmp_path / "link" / "lib" / "python3.12" / "site-packages" / MODULE

    assert owner_of(str(path)) is not None


def test_the_lists_of_conda_tell(site: Path) -> None:
    entry = f"lib/python3.12/site-packages/{MODULE}"
    conda(site, "a.json", "{")
    conda(site, "b.json", ["nothing"])
    conda(site, "c.json", "[" * 100_000)
    conda(site, "cffi.json", {"name": "cffi", "version": "1.15.1", "files": [entry]})

    assert owner_of(str(site / MODULE)) == Owner(
        project="cffi", release="1.15.1", known=True, installer="conda"
    )


@pytest.mark.parametrize(
    "metadata", ["", "Name: cffi\n", "\0", "Name:\nVersion: 1\n"], ids=["none", "half", "0", "bare"]
)
def test_broken_metadata_are_no_error(site: Path, metadata: str) -> None:
    record(site, metadata=metadata)

    owner = owner_of(str(site / MODULE))

    assert owner is None or owner.project == "cffi"


def test_nobody_owns_what_no_record_lists(site: Path) -> None:
    record(site, entry="other.so")

    assert owner_of(str(site / MODULE)) is None
    assert owner_of(str(site.parent / "x.so")) is None


def test_what_is_not_installed_has_no_release() -> None:
    assert installed_release("no-such-project-at-all") == ""
    assert file_of_module("no_such_module_at_all") == ""
    assert file_of_module("a\0b") == ""


@pytest.mark.parametrize(
    ("needed", "running", "arch"),
    [
        (("arm64e", "arm64"), LINUX, Arch.ARM64),
        (("x86_64h",), mac(), Arch.X86_64),
        ((), mac(), Arch.ARM64),
        ((), LINUX, None),
    ],
    ids=["by the message", "against the process", "by the process", "neither"],
)
def test_it_is_judged_for_the_process_that_the_message_speaks_of(
    needed: tuple[str, ...], running: Target, arch: Arch | None, site: Path
) -> None:
    looked = look_at(str(site / MODULE), refused(*needed), running)

    assert (looked.target and looked.target.arch) == arch
    assert looked.archs == ("x86_64",)
    assert bool(looked.findings) is (arch is Arch.ARM64)


def test_the_distribution_is_read_with_its_file(site: Path) -> None:
    record(site)
    (site / MODULE).write_bytes(thin(Arch.ARM64, dylibs=["@loader_path/libgone.dylib"]))

    looked = look_at(str(site / MODULE), refused("arm64"), LINUX)

    assert [f.reason.value for f in looked.findings] == ["missing-library"]


def test_a_file_that_cannot_be_read_is_no_error(site: Path) -> None:
    (site / "cut.so").write_bytes(thin(Arch.ARM64)[:40])

    assert look_at(str(site / "gone.so"), refused(), LINUX).problem
    assert look_at(str(site / "cut.so"), refused(), mac()).problem


def test_only_a_plain_file_is_here(site: Path) -> None:
    assert is_here(str(site / MODULE))
    assert not is_here(str(site))
    assert not is_here(MODULE)
    assert not is_here("/" + "x" * 100_000)
    assert sys.executable


LINUX_MODULE = "_c.cpython-312-x86_64-linux-gnu.so"


def test_a_message_of_linux_is_judged_for_this_process_of_linux(site: Path) -> None:
    (site / LINUX_MODULE).write_bytes(elf_file(Arch.ARM64))

    looked = look_at(str(site / LINUX_MODULE), refused(system=System.LINUX), LINUX)

    assert (looked.target and looked.target.system) is System.LINUX
    assert [f.reason.value for f in looked.findings] == ["wrong-architecture"]
    assert not looked.fits


@pytest.mark.parametrize("running", [mac(), LINUX._replace(system=System.WINDOWS)], ids=str)
def test_a_message_of_linux_is_not_judged_for_another_system(running: Target, site: Path) -> None:
    (site / LINUX_MODULE).write_bytes(elf_file())

    looked = look_at(str(site / LINUX_MODULE), refused(system=System.LINUX), running)

    assert looked.target is None
    assert looked.archs == ("x86_64",)


def test_the_file_that_links_a_library_is_found_by_whose_import_failed(site: Path) -> None:
    record(site, entry=f"{LINUX_MODULE},,\ncffi.py")
    (site / "cffi.py").write_text("import _c\n")
    (site / LINUX_MODULE).write_bytes(elf_file(needed=["libgone.so.1"]))

    found = file_that_links("libgone.so.1", str(site / "cffi.py"))

    assert found == str(site / LINUX_MODULE)
    assert file_that_links("libother.so.1", str(site / "cffi.py")) == ""
    assert file_that_links("libgone.so.1", str(site / "gone.py")) == ""
    assert file_that_links("libgone.so.1", "/a.py") == ""


def test_a_module_is_found_beside_the_python_file_that_asked_for_it(site: Path) -> None:
    (site / "cffi.py").write_text("import _cffi_backend\n")

    assert file_of_module("_cffi_backend", str(site / "cffi.py")) == str(site / MODULE)


def test_a_record_with_a_field_beyond_all_bounds_is_no_error(site: Path) -> None:
    record(site, entry="x" * 200_000)

    assert owner_of(str(site / MODULE)) is None
