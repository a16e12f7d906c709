"""What a build put into the source tree of an editable install."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

# Folders of a source tree whose content is not what `import` sees.
_SKIPPED_FOLDERS = frozenset({"build", "dist", "node_modules", "__pycache__"})


def files_built_since(root: Path, since: float, suffixes: tuple[str, ...]) -> Iterator[str]:
    """Yield the extension modules below a source tree that are newer than `since`.

    `since` is in seconds as `st_mtime`. Hidden folders, build folders and virtual
    environments are left out: Python imports from none of them.
    """
    for folder in (root, *_folders(root)):
        for path in _entries(folder):
            fresh = path.name.endswith(suffixes) and path.is_file()
            if fresh and path.stat().st_mtime >= since:
                yield str(path.relative_to(root))


def _folders(root: Path) -> Iterator[Path]:
    for path in _entries(root):
        skipped = path.name.startswith(".") or path.name in _SKIPPED_FOLDERS
        if skipped or path.is_symlink() or not path.is_dir() or (path / "pyvenv.cfg").exists():
            continue
        yield path
        yield from _folders(path)


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder; nothing where we may not look, as Python would not."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
