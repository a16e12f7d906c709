"""Source distributions made in code; all they need to build is setuptools."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from collections.abc import Iterable, Mapping
from enum import Enum

from builders.wheels import Archive, make_metadata


class Recipe(Enum):
    """What building the sdist does."""

    EXTENSION = "compiles `NAME/_c.c` for the host"
    PURE = "has no native code"
    PREBUILT = "copies a binary that lies in the sdist"
    FAILS_IN_METADATA = "ends with an error before there is metadata"
    FAILS_TO_COMPILE = "has metadata, and C code no compiler takes"


MODULE = "_c"
"""Name of the extension module inside the package."""

_C_SOURCE = """\
#include <Python.h>
static PyObject *answer(PyObject *self, PyObject *none) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, 0}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_c", 0, -1, methods};
PyMODINIT_FUNC PyInit__c(void) { return PyModule_Create(&module); }
"""

_SETUP = """\
{preamble}
from setuptools import Distribution, Extension, setup

class Native(Distribution):
    def has_ext_modules(self):
        return True

setup(
    name={name!r},
    version={version!r},
    packages=[{package!r}],
    install_requires={requires!r},
    {more}
)
"""


def make_sdist(
    name: str,
    version: str,
    recipe: Recipe = Recipe.EXTENSION,
    *,
    requires: Iterable[str] = (),
    build_requires: Iterable[str] = (),
    pyproject: bool = True,
    preamble: str = "",
    files: Mapping[str, bytes] | None = None,
) -> Archive:
    """Return an sdist.

    `preamble` is Python that setup.py runs first; `files` are further members, by path
    below the sdist's root: for a prebuilt binary, `PACKAGE/anything`.
    """
    package = re.sub(r"[-_.]+", "_", name)
    setup = _SETUP.format(
        preamble=preamble,
        name=name,
        version=version,
        package=package,
        requires=list(requires),
        more=_options(recipe, package),
    )
    members = {
        "PKG-INFO": make_metadata(name, version, requires=requires),
        "setup.py": setup.encode(),
        "MANIFEST.in": b"graft *\n",
        f"{package}/__init__.py": b"",
        f"{package}/{MODULE}.c": _c_source(recipe).encode(),
        **(files or {}),
    }
    if pyproject:
        needed = ["setuptools", *build_requires]
        text = f'[build-system]\nrequires = {needed!r}\nbuild-backend = "setuptools.build_meta"\n'
        members["pyproject.toml"] = text.encode()
    stem = f"{package}-{version}"
    return Archive(filename=f"{stem}.tar.gz", content=tar_of(stem, members))


def _options(recipe: Recipe, package: str) -> str:
    match recipe:
        case Recipe.EXTENSION | Recipe.FAILS_TO_COMPILE:
            source = f"{package}/{MODULE}.c"
            return f"ext_modules=[Extension('{package}.{MODULE}', ['{source}'])],"
        case Recipe.PURE:
            return ""
        case Recipe.PREBUILT:
            return f"distclass=Native, package_data={{{package!r}: ['*']}},"
        case Recipe.FAILS_IN_METADATA:
            return "**{}['this build needs what is not here'],"


def _c_source(recipe: Recipe) -> str:
    broken = recipe is Recipe.FAILS_TO_COMPILE
    return "#error this code does not compile\n" if broken else _C_SOURCE


def tar_of(stem: str, members: Mapping[str, bytes]) -> bytes:
    """Return an archive with these files below one folder, always the same for the same."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for path, content in members.items():
            info = tarfile.TarInfo(f"{stem}/{path}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
