"""The direction of the imports, as the table of layers says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pip_archguard

ROOT = Path(pip_archguard.__file__).parent
RUNNER = "__archguard_runner__.py"
"""A program of its own, which starts `cli` in another interpreter; nobody imports it."""

MODULES = sorted(p for p in ROOT.rglob("*.py") if p.name != RUNNER)

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "whole_file": set(),
    "model": {"model"},
    "binaries": {"binaries", "errors", "model"},
    "hosts": {"hosts", "errors", "model"},
    "rules": {"rules", "model"},
    "sources": {"sources", "errors", "model"},
    "messages": {"messages", "model"},
    "locks": {"locks", "errors", "model"},
    "wheels": {"wheels", "binaries", "errors", "hosts", "model", "rules", "sources", "whole_file"},
    "environment": {
        *("environment", "binaries", "errors", "hosts"),
        *("model", "rules", "sources", "whole_file"),
    },
    "remedies": {"remedies", "binaries", "errors", "hosts", "model", "rules"},
    "fusing": {
        *("fusing", "binaries", "errors", "hosts"),
        *("model", "rules", "sources", "wheels", "whole_file"),
    },
    "pipbridge": {
        *("pipbridge", "wheels", "environment", "remedies", "messages", "fusing", "locks"),
        *("binaries", "errors", "hosts", "model", "rules", "sources", "whole_file"),
    },
    "reports": {"reports", "errors", "model"},
}
MAY_IMPORT["cli"] = {*MAY_IMPORT, "cli", "pip_archguard"}
MAY_IMPORT["__main__"] = {"cli"}
MAY_IMPORT["startup"] = {"cli"}
MAY_IMPORT["__init__"] = MAY_IMPORT["lazily"] = set()
ALL_MAY_IMPORT = {"__version__", "lazily"}


def imports_of(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(names if node.module == "pip_archguard" else {str(node.module)})
    return found


def part_of(module: Path) -> str:
    return module.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_a_module_imports_only_from_its_own_layer_and_below(module: Path) -> None:
    ours = {name for name in imports_of(module) if name.startswith("pip_archguard.")}

    parts = {name.split(".")[1] for name in ours} - ALL_MAY_IMPORT

    assert parts <= MAY_IMPORT[part_of(module)]


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_only_the_internals_import_pip_and_only_macho_imports_macholib(module: Path) -> None:
    roots = {name.split(".")[0] for name in imports_of(module)}
    relative = module.relative_to(ROOT).as_posix()

    strangers = {
        name
        for name, home in (("pip", "pipbridge/internals/"), ("macholib", "binaries/macho/"))
        if name in roots and not relative.startswith(home)
    }

    assert not strangers


def test_every_part_has_its_place_in_the_table() -> None:
    parts = {part_of(module) for module in MODULES}

    assert parts == set(MAY_IMPORT)


@pytest.mark.parametrize("part", ["model", "rules", "sources", "messages"])
def test_the_pure_layers_touch_no_file_network_environment_or_clock(part: str) -> None:
    impure = {"os", "sys", "io", "time", "socket", "subprocess", "platform", "shutil", "zipfile"}

    used = {n.split(".")[0] for m in MODULES if part_of(m) == part for n in imports_of(m)}

    assert not used & impure
