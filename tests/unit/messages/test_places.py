"""What a path tells of the environment it leads into."""

from __future__ import annotations

import pytest

from pip_archguard.messages import has_known_project, place_of, project_of_module
from pip_archguard.model.owner import PlaceKind

PLACES = [
    ("/v/lib/python3.11/site-packages/a/b.so", PlaceKind.ENVIRONMENT, "/v", "3.11", "a"),
    ("/v/lib64/python3.11/site-packages/a/b.so", PlaceKind.ENVIRONMENT, "/v", "3.11", "a"),
    ("/usr/lib/python3.9/dist-packages/a.so", PlaceKind.ENVIRONMENT, "/usr", "3.9", "a"),
    ("/v/lib/python3.13t/site-packages/a/b.so", PlaceKind.ENVIRONMENT, "/v", "3.13", "a"),
    ("C:\\P\\Lib\\site-packages\\a\\b.pyd", PlaceKind.ENVIRONMENT, "C:\\P", "", "a"),
    (
        "/Users/me/Library/Python/3.9/lib/python/site-packages/_cffi_backend.cpython-39-darwin.so",
        PlaceKind.USER,
        "",
        "3.9",
        "cffi",
    ),
    (
        "/U/miniforge3/envs/e/lib/python3.8/site-packages/PIL/_imaging.so",
        PlaceKind.CONDA,
        "/U/miniforge3/envs/e",
        "3.8",
        "pillow",
    ),
    (
        "/opt/anaconda3/lib/python3.9/site-packages/a.so",
        PlaceKind.CONDA,
        "/opt/anaconda3",
        "3.9",
        "a",
    ),
    (
        "/U/.local/pipx/venvs/catt/lib/python3.10/site-packages/google/x.so",
        PlaceKind.PIPX,
        "/U/.local/pipx/venvs/catt",
        "3.10",
        "protobuf",
    ),
    (
        "/U/.local/share/uv/tools/black/lib/python3.12/site-packages/black/x.so",
        PlaceKind.UV_TOOL,
        "/U/.local/share/uv/tools/black",
        "3.12",
        "black",
    ),
    ("/var/folders/T/_MEIU9WfVr/cryptography/_rust.abi3.so", PlaceKind.BUNDLE, "", "", ""),
    ("/Applications/A.app/Contents/Frameworks/psutil/x.so", PlaceKind.BUNDLE, "", "", ""),
    (
        "/T/pip-build-env-x/overlay/lib/python3.13/site-packages/a.so",
        PlaceKind.BUILD,
        "/T/pip-build-env-x/overlay",
        "3.13",
        "a",
    ),
    ("/opt/homebrew/opt/libomp/lib/libomp.dylib", PlaceKind.HOMEBREW, "", "", ""),
    (
        "/opt/homebrew/lib/python3.11/site-packages/a/b.so",
        PlaceKind.ENVIRONMENT,
        "/opt/homebrew",
        "3.11",
        "a",
    ),
    (
        "/U/.pyenv/versions/3.8.12/envs/t/lib/python3.8/site-packages/a/b.so",
        PlaceKind.ENVIRONMENT,
        "/U/.pyenv/versions/3.8.12/envs/t",
        "3.8",
        "a",
    ),
    ("/v/lib/python3.11/site-packages/_own.abi3.so", PlaceKind.ENVIRONMENT, "/v", "3.11", ""),
    ("libGL.so.1", PlaceKind.ELSEWHERE, "", "", ""),
]


@pytest.mark.parametrize(
    ("path", "kind", "prefix", "python", "project"), PLACES, ids=[str(p[0]) for p in PLACES]
)
def test_a_path_tells_its_place(
    path: str, kind: PlaceKind, prefix: str, python: str, project: str
) -> None:
    place = place_of(path)

    assert (place.kind, place.prefix, place.python, place.project) == (
        kind,
        prefix,
        python,
        project,
    )


def test_an_egg_names_its_release() -> None:
    place = place_of("/v/lib/python3.8/site-packages/pyo-1.0.4-py3.8-macosx-11.1-arm64.egg/p/_p.so")

    assert (place.project, place.release) == ("pyo", "1.0.4")


@pytest.mark.parametrize("kind", ["pipx/venvs", "uv/tools"])
def test_a_tool_is_named(kind: str) -> None:
    assert place_of(f"/U/{kind}/catt/lib/python3.10/site-packages/a/b.so").name == "catt"


def test_some_modules_are_known_by_another_name() -> None:
    assert project_of_module("cv2.gapi") == "opencv-python"
    assert project_of_module("numpy.core") == "numpy"
    assert has_known_project("cv2")
    assert not has_known_project("numpy")
