"""Facts of distributions that are installed, and of source trees they point to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pip_archguard.binaries import FileSource, identify, read_binary
from pip_archguard.errors import ArchGuardError
from pip_archguard.model.binary import Binary
from pip_archguard.model.wheel import WheelFacts

_HEAD = 16

# Python reads these itself, so nothing in them reaches the system's loader.
_SOURCE = (".py", ".pyi", ".pyc")

# Folders of a source tree whose content is not what `import` sees.
_SKIPPED_FOLDERS = frozenset({"build", "dist", "node_modules", "__pycache__"})


def read_installed(
    *, project: str, release: str, root: Path, files: Iterable[str], platforms: Iterable[str]
) -> WheelFacts:
    """Read the native files of an installed distribution.

    `files` are relative to `root`, as in RECORD; `platforms` are the platform tags of
    its WHEEL file, for an installed distribution has no file name to claim any. Files
    that are gone are passed over; what cannot be read is named in `problems`.
    """
    binaries: list[Binary] = []
    problems: list[str] = []
    for name in files:
        if name.endswith(_SOURCE):
            continue
        try:
            binary = _read_file(name, root / name)
        except FileNotFoundError:
            continue
        except (ArchGuardError, OSError) as error:
            problems.append(f"`{name}` cannot be read ({error})")
        else:
            if binary is not None:
                binaries.append(binary)
    return WheelFacts(
        filename=f"{project} {release}",
        project=project,
        release=release,
        platforms=frozenset(platforms),
        binaries=tuple(binaries),
        problems=tuple(problems),
    )


def files_built_since(root: Path, since: float, suffixes: tuple[str, ...]) -> Iterator[str]:
    """Yield the extension modules below a source tree that are newer than `since`.

    `since` is in seconds as `st_mtime`. Hidden folders, build folders and virtual
    environments are left out: Python imports from none of them.
    """
    for folder in (root, *_folders(root)):
        for path in sorted(folder.iterdir()):
            fresh = path.name.endswith(suffixes) and path.is_file()
            if fresh and path.stat().st_mtime >= since:
                yield str(path.relative_to(root))


def _folders(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        skipped = path.name.startswith(".") or path.name in _SKIPPED_FOLDERS
        if skipped or path.is_symlink() or not path.is_dir() or (path / "pyvenv.cfg").exists():
            continue
        yield path
        yield from _folders(path)


def _read_file(name: str, path: Path) -> Binary | None:
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        if identify(stream.read(_HEAD)) is None:
            return None
        return read_binary(name, FileSource(stream))
