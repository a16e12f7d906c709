"""What keeps the house easy to read: short files, short functions, no circle of imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import pip_archguard
from pip_archguard.binaries import native
from pip_archguard.locks.kinds import READERS, FileKind
from pip_archguard.model import beginnings
from pip_archguard.model.coverage import BEGINNINGS, CoverForm
from pip_archguard.model.format import Format
from pip_archguard.model.outcome import ReportForm
from pip_archguard.pipbridge.internals.seams import NEWEST_TRIED, OLDEST

ROOT = Path(pip_archguard.__file__).parent
REPOSITORY = Path(__file__).parents[2]
PATHS = sorted(ROOT.rglob("*.py"))
MODULES = {p.relative_to(ROOT).as_posix(): p for p in PATHS}
MOST_LINES = 250
MOST_LINES_OF_A_FUNCTION = 40
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core"}


def text(module: Path) -> str:
    return module.read_text(encoding="utf-8")


def name_of(module: Path) -> str:
    parts = module.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


NAMES = set(map(name_of, PATHS))


@pytest.mark.parametrize("name", MODULES)
def test_a_file_is_read_at_one_sitting(name: str) -> None:
    assert len(text(MODULES[name]).splitlines()) <= MOST_LINES


@pytest.mark.parametrize("name", MODULES)
def test_a_function_fits_on_a_screen(name: str) -> None:
    lengths = dict(functions_of(MODULES[name]))

    assert {f: n for f, n in lengths.items() if n > MOST_LINES_OF_A_FUNCTION} == {}


def functions_of(module: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text(module))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_names_of_files_say_what_is_in_them() -> None:
    parts = {part for name in MODULES for part in name.removesuffix(".py").split("/")}

    assert not parts & VAGUE


def test_no_import_leads_back_to_where_it_came_from() -> None:
    """Not even one inside a function, or for types alone."""
    imports = {name_of(path): set(imported(ast.parse(text(path)))) for path in PATHS}

    order = list(TopologicalSorter(imports).static_order())

    assert set(imports) <= set(order)


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (n if n in NAMES else str(node.module) for n in names)


def test_the_pips_that_are_tested_are_those_that_are_told() -> None:
    noxfile = text(REPOSITORY / "noxfile.py")
    tested = re.findall(
        r'"(\d+\.\d+)[^"]*"', noxfile.partition("\nPIPS = (")[2].partition("\n)")[0]
    )
    page = text(REPOSITORY / "docs" / "reference" / "command-line.md")
    told = re.findall(r"\d+\.\d+", " ".join(re.findall(r"\n\| (2\d\.\d.*?) \|", page)))

    assert tested == told
    assert (tested[0], tested[-1]) == (OLDEST, NEWEST_TRIED)


def test_each_form_and_format_and_each_lock_is_known_in_full() -> None:
    assert set(native.READERS) == set(Format)
    assert set(beginnings.REPORT) == set(ReportForm)
    assert set(BEGINNINGS) == set(CoverForm)
    assert {*READERS, FileKind.PROJECT} == set(FileKind)


def test_what_the_page_for_contributors_names_is_there() -> None:
    named = re.findall(r"`([\w./-]+(?:\.\w+|/))`", text(REPOSITORY / "CONTRIBUTING.md"))
    roots = (REPOSITORY, ROOT, ROOT / "pipbridge")

    named = [name for name in named if "NAME" not in name]

    assert named
    assert {n for n in named if not any((root / n).exists() for root in roots)} == set()
