"""The start-up files by which `pip` itself is guarded in an environment."""

from __future__ import annotations

import site
import sys
import sysconfig
from pathlib import Path

from pip_archguard.errors import EnablingError
from pip_archguard.model.enabling import Enabling
from pip_archguard.whole_file import replace_file

_MARK = "# Written by `pip-archguard enable`; `pip-archguard disable` removes it.\n"

# Python runs an `import` line of a `.pth` file in each process. This one compares the name
# of the program (the last words of `orig_argv` are those of `argv`, but for `-m NAME`) and
# is done, unless that is pip's or, as PyCharm calls pip, `packaging_tool.py`. Nothing of
# ours may be missed if it is gone.
_LINE = (
    'import sys; "".join(sys.orig_argv[-len(sys.argv):][:1]).lower().removesuffix(".exe")'
    '.rstrip("0123456789.").endswith(("pip", "packaging_tool.py")) and exec("try: '
    'from pip_archguard.startup import start\\nexcept ImportError: pass\\nelse: start()")\n'
)

_PTH = "pip_archguard_enabled.pth"
_START = "pip_archguard_enabled.start"
_MODULE = "_pip_archguard_enabled"

# PEP 829: from here on `import` lines are passed over, and a function that a `.start` file
# names is called. That costs each process the import of `pkgutil`, so not before. The
# function must outlive pip-archguard, or Python would complain in each process.
_START_FILES_SINCE = (3, 18)


def purelib() -> Path:
    """Return the site-packages of the running environment."""
    return Path(sysconfig.get_path("purelib"))


def enable(folder: Path, python: tuple[int, int]) -> None:
    """Have pip guarded by the Python of this version that reads this site-packages.

    Raises EnablingError if that cannot be written; nothing has changed then.
    """
    wanted = _files(python)
    for name in wanted:
        path = folder / name
        if path.exists() and not _is_ours(path):
            msg = f"`{path}` is in the way, and was not written by pip-archguard"
            raise EnablingError(msg, hint="move it away")
    try:
        for name, text in wanted.items():
            replace_file(folder / name, text.encode())
        for path in _ours(folder):
            if path.name not in wanted:
                path.unlink()
    except OSError as error:
        raise _cannot_write(folder, error) from error


def disable(folder: Path) -> None:
    """Undo `enable`, whichever version did it; raises EnablingError if that is not allowed."""
    try:
        for path in _ours(folder):
            path.unlink()
    except OSError as error:
        raise _cannot_write(folder, error) from error


def enabling_of(folder: Path, python: tuple[int, int]) -> tuple[Enabling, Path]:
    """Return whether pip is guarded with this site-packages, and which one says so."""
    if _ours(folder):
        found = {path.name: path.read_text(encoding="utf-8") for path in _ours(folder)}
        return (Enabling.ENABLED if found == _files(python) else Enabling.STALE), folder
    # A virtual environment with `--system-site-packages` runs the lines of that site, too.
    for other in map(Path, site.getsitepackages()):
        if other.resolve() != folder.resolve() and _ours(other):
            return Enabling.INHERITED, other
    return Enabling.NOT_ENABLED, folder


def is_externally_managed() -> bool:
    """Whether the running environment belongs to the system's own package manager (PEP 668)."""
    stdlib = Path(sysconfig.get_path("stdlib", sysconfig.get_default_scheme()))
    return sys.prefix == sys.base_prefix and (stdlib / "EXTERNALLY-MANAGED").is_file()


def _files(python: tuple[int, int]) -> dict[str, str]:
    """Return the files to write, in this order."""
    if python < _START_FILES_SINCE:
        return {_PTH: _MARK + _LINE}
    return {
        f"{_MODULE}.py": f"{_MARK}def start():\n    {_LINE}",
        _START: f"{_MARK}{_MODULE}:start\n",
    }


def _ours(folder: Path) -> list[Path]:
    """Return what we wrote there, first that which must be removed first."""
    paths = (folder / name for name in (_PTH, _START, f"{_MODULE}.py"))
    return [path for path in paths if _is_ours(path)]


def _is_ours(path: Path) -> bool:
    try:
        return path.read_bytes().startswith(_MARK.encode())
    except OSError:
        return False


def _cannot_write(folder: Path, error: OSError) -> EnablingError:
    return EnablingError(f"`{folder}` cannot be changed ({error.strerror or error})")
