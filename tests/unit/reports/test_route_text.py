"""A route as its reader sees it; whole outputs lie in `tests/golden/routes`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from builders.route_cases import every_route
from pip_archguard.model.result import RouteShown
from pip_archguard.model.route import RouteFile
from pip_archguard.reports.route_text import route_text

GOLDEN = Path(__file__).parents[2] / "golden" / "routes"
ROUTES = every_route()
SHOWN = [name for name in ROUTES if "-nothing-" not in name]


def text(name: str) -> str:
    return route_text(RouteShown(route=ROUTES[name], written=name.endswith("written")))


@pytest.mark.parametrize("name", SHOWN)
def test_a_route_reads_as_its_golden_file_says(name: str) -> None:
    golden = GOLDEN / f"{name}.txt"

    assert text(name) + "\n" == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    expected = {f"{name}.txt" for name in SHOWN}
    expected |= {
        f"{name}--{f.name}" for name in SHOWN if "written" in name for f in ROUTES[name].files
    }

    assert {path.name for path in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize("name", [name for name in SHOWN if "written" in name])
def test_a_written_file_reads_as_its_golden_file_says(name: str) -> None:
    for file in ROUTES[name].files:
        golden = GOLDEN / f"{name}--{file.name}"

        assert file.content == golden.read_text(encoding="utf-8")


def test_control_characters_are_made_visible() -> None:
    route = replace(
        ROUTES["conda-one-shown"],
        files=(RouteFile(name="x", content="a\x1b[31m\nb\n"),),
        commands=("cp 'a\x1b' .",),
        left_out=("-r \x1b",),
    )

    shown = route_text(RouteShown(route=route))

    assert "\x1b" not in shown
    assert "# x\na\\x1b[31m\nb\n" in shown
