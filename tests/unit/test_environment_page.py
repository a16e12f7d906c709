"""The page on environment variables names each of them."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import pip_archguard
from pip_archguard.model.policy import Mode, Policy
from pip_archguard.pipbridge.options import environment_for_children
from pip_archguard.pipbridge.runner import runner_environment

ROOT = Path(pip_archguard.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "environment.md"
VARIABLE = re.compile(r"_?[A-Z][A-Z0-9]+(_[A-Z0-9]+)*")

USERS = {
    "environment/conda_setup.py",
    "environment/interpreter.py",
    "environment/loadable_file.py",
    "hosts/building.py",
    "cli/output.py",
    "cli/telling.py",
    "pipbridge/__archguard_runner__.py",
    "pipbridge/checkup.py",
    "pipbridge/mending.py",
    "pipbridge/options.py",
    "pipbridge/preflight.py",
    "pipbridge/processes.py",
    "pipbridge/report_files.py",
    "pipbridge/session.py",
    "pipbridge/switching.py",
    "pipbridge/internals/alternatives.py",
    "pipbridge/internals/commands.py",
    "pipbridge/internals/doctor.py",
    "pipbridge/internals/opening.py",
    "pipbridge/internals/start.py",
}
"""Where the environment is read or set, or handed on. A new one belongs on the page, too."""

NO_VARIABLES = {"ENVIRONMENT", "_OSX_SUPPORT_INITIAL_CFLAGS"}
"""A word for a place in a hint, and a variable of `sysconfig`."""


@cache
def modules() -> dict[str, ast.Module]:
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(text)
        for path in ROOT.rglob("*.py")
        if "env" in (text := path.read_text(encoding="utf-8"))
    }


def named(tree: ast.Module) -> set[str]:
    """Return the words of a module that may be names of variables."""
    texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return {t for t in texts if isinstance(t, str) and VARIABLE.fullmatch(t)}


def uses(tree: ast.Module) -> bool:
    return any(
        (isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv", "environb"))
        or (isinstance(n, ast.arg) and n.arg == "environ")
        for n in ast.walk(tree)
    )


def test_the_places_that_use_the_environment_are_known() -> None:
    assert {name for name, tree in modules().items() if uses(tree)} == USERS


@pytest.mark.parametrize("module", sorted(USERS))
def test_each_variable_that_a_module_names_is_on_the_page(module: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    tree = modules()[module]

    missing = {name for name in named(tree) - NO_VARIABLES if f"`{name}`" not in page}

    assert not missing


def test_each_variable_that_is_set_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    policy = Policy(mode=Mode.FIX)

    for name in (*environment_for_children(policy), *runner_environment()):
        assert f"`{name}`" in page
