"""Where the files of an editable install lie: in its source tree, which site-packages names."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from pip_archguard.environment.distributions import Distribution, local_path
from pip_archguard.environment.folders import content_of
from pip_archguard.model.projects import normal_name

_MOST_BYTES = 1024 * 1024
_SKIPPED = frozenset({"dist", "node_modules", "__pycache__"})
_MOST_FILES = 200_000


def source_folders(dist: Distribution) -> tuple[Path, ...]:
    """Return the folders from which Python imports an editable install.

    They are what its `.pth` or `.egg-link` file names, or the table in the finder that
    setuptools writes; only if none of these is there, the project itself.
    """
    site = dist.metadata.parent
    found: dict[Path, None] = {}
    for name in dist.files:
        path = site / name
        if "/" in name or ".." in name:
            continue
        if name.endswith(".pth"):
            found.update(dict.fromkeys(_in_pth(path)))
        elif name.startswith("__editable__") and name.endswith("_finder.py"):
            found.update(dict.fromkeys(_in_finder(path)))
    project = local_path(dist.url) if dist.url else None
    if not found and project is not None:
        found[project] = None
    # Unlike `Path`, this raises nothing for a path that is too long or not to be looked at.
    return tuple(path for path in found if os.path.isdir(path))  # noqa: PTH112


def egg_links(site: Path) -> Iterator[tuple[str, Path]]:
    """Yield the project and the folder of each `NAME.egg-link` (`setup.py develop`)."""
    try:
        links = sorted(site.glob("*.egg-link"))
    except OSError:
        return
    for link in links:
        lines = _read(link).splitlines()
        if lines and lines[0].strip():
            yield normal_name(link.stem), Path(lines[0].strip())


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files of a source tree that Python may import.

    Hidden folders, `dist` and virtual environments are left out, and links are not followed.
    """
    waiting = [folder]
    left = _MOST_FILES
    while waiting:
        try:
            entries = sorted(waiting.pop().iterdir())
        except OSError:
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            left -= 1
            if left < 0:
                return
            if entry.name.startswith(".") or entry.name in _SKIPPED or os.path.islink(entry):  # noqa: PTH114
                continue
            if os.path.isdir(entry):  # noqa: PTH112
                waiting.append(entry)
            elif os.path.isfile(entry):  # noqa: PTH113
                yield entry


def _in_pth(path: Path) -> Iterator[Path]:
    for line in _read(path).splitlines():
        named = line.strip()
        if named.startswith("/"):  # an `import` line is code, and is not run here
            yield Path(named)


def _in_finder(path: Path) -> Iterator[Path]:
    """Yield the folders of `MAPPING: dict[str, str] = {'package': '/path/package'}`."""
    try:
        tree = ast.parse(_read(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        named = any(isinstance(t, ast.Name) and t.id == "MAPPING" for t in targets)
        if named and isinstance(node.value, ast.Dict):
            for each in node.value.values:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield Path(each.value)


def _read(path: Path) -> str:
    try:
        return content_of(path, _MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
