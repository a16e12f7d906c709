"""The programs found first on PATH: compilers, and `sysctl` and `arch`, which know Rosetta."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_TESTS = Path(__file__).resolve().parent.parent

_COMPILER = """\
#!{python} -ES
import sys
sys.path.insert(0, {tests!r})
from builders.compiler import main
sys.exit(main({name!r}, sys.argv[1:]))
"""
_ARCH = """\
#!{python} -ES
import sys
sys.path.insert(0, {tests!r})
from builders.arch_program import main
sys.exit(main(sys.argv[1:]))
"""

# Answers `sysctl -n sysctl.proc_translated` and `sysctl -n hw.optional.arm64`.
_SYSCTL = """\
#!/bin/sh
for key; do :; done
case "$key" in
  sysctl.proc_translated) echo "${FAKEHOST_TRANSLATED:-0}" ;;
  hw.optional.arm64)
    if [ "$FAKEHOST" = arm64 ] || [ "$FAKEHOST_TRANSLATED" = 1 ]; then echo 1; else exit 1; fi ;;
  *) exit 1 ;;
esac
"""


def write_toolchain(folder: Path) -> Path:
    """Write the programs into a folder, which is to stand first on PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("zcc", "zc++", "zar"):
        text = _COMPILER.format(python=sys.executable, tests=str(_TESTS), name=name)
        _write_program(folder / name, text)
    _write_program(folder / "sysctl", _SYSCTL)
    _write_program(folder / "arch", _ARCH.format(python=sys.executable, tests=str(_TESTS)))
    return folder


def zig_cache(environ: Mapping[str, str] = os.environ) -> str:
    """Return where zig keeps what it built once per target: sandboxes share it.

    That is zig's own default; a sandbox has another HOME, and would wait for it anew.
    """
    if named := environ.get("ZIG_GLOBAL_CACHE_DIR"):
        return named
    return str(Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zig")


def _write_program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
