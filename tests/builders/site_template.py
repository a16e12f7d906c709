"""What every sandbox starts with: pip, and the guard, as the running environment has them."""

from __future__ import annotations

import compileall
import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from builders import fakehost

BASE = ("pip", "pip_archguard", "macholib", "altgraph", "packaging", "rich")
"""Distributions copied where they are installed; the guard may come from the checkout."""

_GUARD = "pip_archguard"


def write_template(folder: Path, distributions: tuple[str, ...]) -> Path:
    """Fill a folder as a site-packages, byte-compiled, for sandboxes to be copied from."""
    folder.mkdir(parents=True)
    for name in distributions:
        for source in _roots_of(name):
            _copy(source, folder / source.name)
    if not (folder / _GUARD).exists():
        _copy_checkout(folder)
    compileall.compile_dir(folder, quiet=2)
    return folder


def write_fakehost(site: Path) -> None:
    """Let the Python of this site-packages be able to act as a Mac."""
    _copy(Path(fakehost.__file__), site / "fakehost.py")
    (site / "fakehost.pth").write_text(fakehost.PTH_LINE, encoding="utf-8")


def _roots_of(name: str) -> list[Path]:
    """Return the files and folders a distribution has at the top of its site-packages."""
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return []
    tops = {path.parts[0] for path in distribution.files or ()}
    # Above site-packages lie scripts, and `__pycache__` is shared with others.
    inside = sorted(tops - {"..", "__pycache__"})
    paths = [Path(str(distribution.locate_file(top))) for top in inside]
    return [path for path in paths if path.exists() and path.suffix != ".pth"]


def _copy_checkout(site: Path) -> None:
    spec = importlib.util.find_spec(_GUARD)
    if spec is not None and spec.origin is not None:
        source = Path(spec.origin).parent
        _copy(source, site / source.name)


def _copy(source: Path, target: Path) -> None:
    # The times are kept, so that byte code stays valid.
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)
