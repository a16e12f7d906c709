"""Where the files of editable installs are looked for, and what is not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders.environments import install, write
from pip_archguard.environment import editable
from pip_archguard.environment.distributions import read_distribution


def folders(site: Path, files: dict[str, bytes | str], url: str) -> tuple[Path, ...]:
    direct = {"url": url, "dir_info": {"editable": True}}
    metadata = install(site, "demo", files, direct_url=direct)
    return editable.source_folders(read_distribution(metadata))


@pytest.mark.parametrize(
    "files",
    [
        {"x.pth": "import sys; sys.exit()\nrelative/path\n# comment\n"},
        {"__editable___demo_finder.py": "def broken(:\n"},
        {"__editable___demo_finder.py": "MAPPING = dict(a='/x')\nOTHER = {'a': '/x'}\n"},
        {"__editable___demo_finder.py": "MAPPING = {'a': 3}\na.b = {}\nimport os\n"},
        {"sub/x.pth": "/\n", "plain.py": "MAPPING = {'a': '/'}\n"},
    ],
    ids=["no path", "no Python", "no literal", "no text", "elsewhere"],
)
def test_what_names_no_folder_leaves_the_project_itself(
    files: dict[str, bytes | str], tmp_path: Path
) -> None:
    project = tmp_path / "my project"
    project.mkdir()

    found = folders(tmp_path / "site", files, project.as_uri())

    assert found == (project,)


def test_a_url_that_is_no_path_names_no_folder(tmp_path: Path) -> None:
    assert folders(tmp_path, {}, "https://x/demo") == ()


def test_hidden_folders_links_and_environments_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.so": "", ".git/y.so": "", "dist/z.so": "", "link": "->a"})
    write(tmp_path, {"env/pyvenv.cfg": "", "env/w.so": ""})

    assert list(editable.files_below(tmp_path)) == [tmp_path / "a" / "x.so"]


def test_an_endless_tree_is_left_at_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editable, "_MOST_FILES", 1)
    write(tmp_path, {"a.so": "", "b.so": ""})

    assert list(editable.files_below(tmp_path)) == [tmp_path / "a.so"]


def test_a_folder_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    assert list(editable.files_below(tmp_path / "gone")) == []
    assert list(editable.egg_links(tmp_path / "gone")) == []


@pytest.mark.parametrize("url", ["http://[a", "file://[/a", "//]"], ids=repr)
def test_an_address_that_is_none_names_no_folder(url: str, tmp_path: Path) -> None:
    assert folders(tmp_path / "site", {}, url) == ()


def test_a_path_that_is_too_long_names_no_folder(tmp_path: Path) -> None:
    assert folders(tmp_path / "site", {"x.pth": f"/{'x' * 300}\n"}, "") == ()
