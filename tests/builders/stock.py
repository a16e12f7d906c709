"""An index with something of everything that pip installs, all of it sound."""

from __future__ import annotations

import importlib.metadata
import random
from pathlib import Path

from builders.index import Index
from builders.packages import ANY, ARM64, native, pure, wheel_name
from builders.sdists import Recipe
from builders.wheels import Archive, make_wheel
from builders.zig import Zig

NEXT_PIP = "99.0"
"""Version of the wheel that upgrades pip; it holds the pip under test."""

THIN = wheel_name("thin", "1.0", ARM64)
PURE = wheel_name("pure", "1.0", ANY)

_SHOWS_PROGRESS = 600_000
"""Bytes of a wheel for which every pip draws a bar."""


def add_stock(index: Index, zig: Zig) -> None:
    """Fill an index: native, pure, depending, large, failing, pip itself."""
    for version in ("1.0", "2.0"):
        index.add_wheel("thin", version, ARM64, native("thin", zig.extension("_c", "arm64")))
    for version in ("1.0", "1.5", "2.0"):
        index.add(pure_wheel(version))
    needed = ["pure>=1", "thin; python_version>'3'", "absent; python_version<'3'"]
    index.add_wheel("app", "1.0", ANY, pure("app"), requires=needed)
    index.add_wheel("older", "1.0", ANY, pure("older"), requires=["pure<2"])
    index.add_wheel("newer", "1.0", ANY, pure("newer"), requires=["pure>=2"])
    index.add_wheel("stray", "1.0", ANY, pure("stray"), requires=["absent"])
    index.add_wheel("gone", "1.0", ANY, pure("gone"), yanked="a mistake")
    index.add_wheel("early", "1.0rc1", ANY, pure("early"))
    noise = random.Random(0).randbytes(_SHOWS_PROGRESS)  # noqa: S311 - it shall not compress
    index.add_wheel("large", "1.0", ANY, pure("large") | {"large/noise": noise})
    index.add(make_wheel("future", "1.0", ANY, pure("future")), requires_python=">=9")
    index.add_sdist("made", "1.0", Recipe.PURE, requires=["pure"])
    binary = {"built/lib.dylib": zig.dylib("arm64")}  # what compilers make is not always the same
    index.add_sdist("built", "1.0", Recipe.PREBUILT, files=binary)
    index.add_sdist("needy", "1.0", Recipe.PURE, build_requires=["absent"])
    index.add_sdist("hopeless", "1.0", Recipe.FAILS_IN_METADATA)
    index.add_sdist("failing", "1.0", Recipe.FAILS_TO_COMPILE)
    index.add_wheel("pip", NEXT_PIP, ANY, _pip_itself())


def pure_wheel(version: str) -> Archive:
    """Return a wheel that is made without a compiler, so that a table can tell its hash."""
    files = _with_a_script("pure", version)
    return make_wheel("pure", version, ANY, files, extras={"more": ["thin"]})


def _with_a_script(name: str, version: str) -> dict[str, bytes]:
    """Return the files of a package with scripts of both kinds, and a page of a manual."""
    stem = f"{name}-{version}"
    return pure(name) | {
        f"{name}/__init__.py": f"def main():\n    print('{version}')\n".encode(),
        f"{stem}.dist-info/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n".encode(),
        f"{stem}.data/scripts/{name}-old": b"#!python\nprint()\n",
        f"{stem}.data/data/share/man/man1/{name}.1": b".TH\n",
    }


def _pip_itself() -> dict[str, bytes]:
    installed = importlib.metadata.distribution("pip")
    # The list may name byte code that is not there: virtualenv writes it so.
    files = {
        path.as_posix(): path.read_binary()
        for path in installed.files or ()
        if path.parts[0] == "pip" and path.suffix != ".pyc" and Path(path.locate()).is_file()
    }
    begin = files["pip/__init__.py"].decode()
    later = begin.replace(f'"{installed.version}"', f'"{NEXT_PIP}"')
    return files | {"pip/__init__.py": later.encode()}
