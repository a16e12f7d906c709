"""What a route reads and writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pip_archguard.errors import UnreadableInputError, UnwritableFileError
from pip_archguard.model.route import Requirements, RequirementsFile, Route, RouteFile, RouteKind
from pip_archguard.pipbridge.route_files import read_requirements, write_route

TEXT = "\ufeffnumpy\r\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("r.txt").write_text(TEXT, encoding="utf-8", newline="")
    return tmp_path


def route(folder: Path, *files: RouteFile) -> Route:
    return Route(
        kind=RouteKind.CONDA,
        python="3.12",
        commands=(),
        files=(RouteFile(name="environment.yml", content="name: x\n"),),
        copies=files or (RouteFile(name="r.txt", content=TEXT),),
        folder=str(folder),
    )


@pytest.mark.usefixtures("here")
def test_arguments_are_files_or_specifiers() -> None:
    read = read_requirements(["numpy>=2", "r.txt"], ["r.txt"])

    file = RequirementsFile(path="r.txt", content=TEXT)
    assert read == Requirements(specifiers=("numpy>=2",), files=(file,))


def test_a_folder_of_the_name_of_a_project_is_no_file(here: Path) -> None:
    here.joinpath("numpy").mkdir()

    assert read_requirements(["numpy"], []).specifiers == ("numpy",)


@pytest.mark.parametrize(
    "name", ["requirements.txt", "a.in", "x/numpy.txt", "demo.whl", "folder.in"]
)
def test_a_file_that_cannot_be_read_is_named(here: Path, name: str) -> None:
    here.joinpath("folder.in").mkdir()

    with pytest.raises(UnreadableInputError, match=f"`{name}` cannot be read"):
        read_requirements([name], [])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"PK\0", b"#" * (1 << 20) + b"#"], ids=len)
def test_a_file_that_holds_no_requirements_is_refused(here: Path, content: bytes) -> None:
    here.joinpath("r.txt").write_bytes(content)

    with pytest.raises(UnreadableInputError, match=r"`r\.txt` is "):
        read_requirements([], ["r.txt"])


@pytest.mark.parametrize("files", [[], ["https://u:hunter2@files.invalid/r.txt"]], ids=len)
def test_a_url_with_a_password_is_not_shown(files: list[str]) -> None:
    with pytest.raises(UnreadableInputError, match="password") as caught:
        read_requirements(["git+https://u:hunter2@files.invalid/r.txt"][len(files) :], files)

    assert "hunter2" not in str(caught.value)


def test_a_url_longer_than_any_name_of_a_file_is_a_specifier() -> None:
    text = f"a @ https://files.invalid/a.whl?{'x' * 5000}"

    assert read_requirements([text], []).specifiers == (text,)


def test_all_files_are_written_as_they_are_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"

    write_route(route(folder))

    assert {path.name for path in folder.iterdir()} == {"environment.yml", "r.txt"}
    assert folder.joinpath("r.txt").read_bytes() == TEXT.encode()


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    write_route(route(tmp_path))
    tmp_path.joinpath("environment.yml").unlink()

    write_route(route(tmp_path))

    assert {path.name for path in tmp_path.iterdir()} == {"environment.yml", "r.txt"}


def test_a_file_of_other_content_is_kept_and_nothing_is_written(tmp_path: Path) -> None:
    tmp_path.joinpath("r.txt").write_text("mine\n", encoding="utf-8")

    with pytest.raises(UnwritableFileError, match=r"r\.txt` is there already"):
        write_route(route(tmp_path))

    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["mine\n"]


def test_a_link_that_leads_nowhere_is_not_followed(tmp_path: Path) -> None:
    tmp_path.joinpath("r.txt").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UnwritableFileError, match="is there already"):
        write_route(route(tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["r.txt"]


@pytest.mark.parametrize("place", ["file", "file/below", "folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    tmp_path.joinpath("file").touch()
    tmp_path.joinpath("folder", "r.txt").mkdir(parents=True)

    with pytest.raises(UnwritableFileError, match="cannot be written"):
        write_route(route(tmp_path / place))
