"""What delocate, the tool that repairs wheels for macOS, says of a finished wheel.

delocate asks Apple's `otool` and `lipo`; here LLVM's stand under those names. `otool -m`
(file names are no archive members) is unknown to LLVM, which never takes them for such.
The tools that change files do nothing, for the changed files are thrown away.
"""

from __future__ import annotations

import errno
import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pip_archguard.model.arch import Arch

_OTOOL = """#!/bin/sh
for word in "$@"; do
  shift
  [ "$word" = -m ] || set -- "$@" "$word"
done
exec {tool} "$@"
"""
_PLAIN = """#!/bin/sh
exec {tool} "$@"
"""
_ASKED = {"otool": _OTOOL, "lipo": _PLAIN}
_CHANGING = ("codesign", "install_name_tool")
_NOTHING = "#!/bin/sh\n"


def llvm_tool(name: str) -> str | None:
    """Return where LLVM's tool of this name is, under its own name or Debian's; or None."""
    versions = range(25, 10, -1)
    candidates = [name, *(f"{name}-{version}" for version in versions)]
    return next((found for c in candidates if (found := shutil.which(c))), None)


@contextmanager
def apple_tools() -> Iterator[None]:
    """Have LLVM's tools on PATH under the names of Apple's; FileNotFoundError without them."""
    with tempfile.TemporaryDirectory() as folder:
        for name in _CHANGING:
            _write_script(Path(folder, name), _NOTHING)
        for name, script in _ASKED.items():
            tool = llvm_tool(f"llvm-{name}")
            if tool is None:
                raise FileNotFoundError(errno.ENOENT, "not found", f"llvm-{name}")
            _write_script(Path(folder, name), script.format(tool=tool))
        before = os.environ["PATH"]
        os.environ["PATH"] = f"{folder}{os.pathsep}{before}"
        try:
            yield
        finally:
            os.environ["PATH"] = before


def _write_script(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def delocating_fails(wheel: Path, arch: Arch) -> str | None:
    """Return why `delocate-wheel --require-archs ARCH` refuses the wheel; None if it does not.

    delocate holds the content against the wheel's platform tags, so that it be asked about
    this architecture alone it gets the wheel under a tag that names no other. Libraries
    that a Mac may have and this machine has not are no fault. All that delocate checks is
    run, only the packing of the result is left out. Other errors than its own come through.
    """
    delocating: Any = importlib.import_module("delocate.delocating")
    libsana: Any = importlib.import_module("delocate.libsana")
    delocating.dir2zip = lambda *_: None
    with tempfile.TemporaryDirectory() as folder:
        prefix, _, platform = wheel.stem.rpartition("-")
        tag = platform if platform == "any" else f"macosx_14_0_{arch}"
        asked = Path(folder, f"{prefix}-{tag}.whl")
        asked.symlink_to(wheel.resolve())
        try:
            delocating.delocate_wheel(
                str(asked),
                str(Path(folder, "repaired", asked.name)),
                require_archs=[arch.value],
                ignore_missing=True,
            )
        except libsana.DelocationError as error:
            return str(error)
    return None


def linked_libraries_lack(wheel: Path, arch: Arch) -> str | None:
    """Return what delocate's `check_archs` finds in all that the wheel links inside itself.

    It is the most that delocate's own functions offer for this question: each library
    of the wheel that another one links must have the host's architecture.
    """
    delocating: Any = importlib.import_module("delocate.delocating")
    libsana: Any = importlib.import_module("delocate.libsana")
    tools: Any = importlib.import_module("delocate.tools")
    with tempfile.TemporaryDirectory() as folder:
        tools.zip2dir(str(wheel), folder)
        linked = libsana.tree_libs_from_directory(
            os.path.realpath(folder), copy_filt_func=os.path.isfile, ignore_missing=True
        )
        bad = delocating.check_archs(linked, require_archs=[arch.value])
        return delocating.bads_report(bad, folder) if bad else None
