from __future__ import annotations

from pathlib import Path

import pytest

from builders.capi_names import names_in_headers, running_headers
from pip_archguard.binaries import python_api
from pip_archguard.binaries.python_api import is_python_api

LISTED = Path(python_api.__file__).with_suffix(".txt").read_text(encoding="ascii").splitlines()

HEADER = """\
#define PyAPI_FUNC(RTYPE) RTYPE
PyAPI_FUNC(PyObject *) PyList_New(Py_ssize_t);
PyAPI_FUNC(PyObject *)
    PyList_Append(
        PyObject *list, PyObject *item);
PyAPI_FUNC(void) _Py_NO_RETURN Py_Exit(int);
PyAPI_FUNC(void (*)(int)) *PyOS_getsig(int);
PyAPI_DATA(int) (*PyOS_InputHook)(void);
PyAPI_DATA(struct _longobject) _Py_FalseStruct, _Py_TrueStruct;
PyAPI_DATA(const unsigned char) _Py_ctype_table[256];
PyAPI_DATA(PyObject *) PyExc_ValueError;
/* PyAPI_FUNC(int) Py_InAComment(void); */
#define Py_MACRO(x) \\
    PyAPI_FUNC(int) Py_InAMacro(x)
extern int Py_NotMarked(void);
PyAPI_FUNC(int) pthread_create(void);
PyAPI_FUNC(PyObject *) PyInit_demo(void);
PyAPI_FUNC(
"""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"_PyList_New", id="a function"),
        pytest.param(b"_PyExc_ValueError", id="an exception"),
        pytest.param(b"__PyObject_New", id="a private function"),
        pytest.param(b"__Py_NoneStruct", id="an object behind a macro"),
        pytest.param(b"__PyArg_ParseTuple_SizeT", id="a function behind a macro"),
        pytest.param(b"_PyOS_InputHook", id="a pointer to a function"),
        pytest.param(b"___PyCodeExtraState_Get", id="two underscores of its own"),
        pytest.param(b"_Py_InitModule4_64", id="Python 2.7"),
        pytest.param(b"_PyUnicodeUCS2_FromObject", id="Python 2.7, narrow"),
        pytest.param(b"_PyUnicodeWriter_Create", id="new in 3.14"),
        pytest.param(b"_PyBytesWriter_Create", id="new in 3.15"),
        pytest.param(b"__Py_RefTotal", id="a build for debugging"),
        pytest.param(b"__Py_NegativeRefcount", id="a build for debugging, checked"),
        pytest.param(b"__Py_MergeZeroLocalRefcount", id="a free-threaded build"),
        pytest.param(b"__PyObject_XDecRefDelayed", id="a free-threaded build, later"),
    ],
)
def test_what_cpython_exports_is_pythons(name: bytes) -> None:
    assert is_python_api(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"_PyPyList_New", id="public"),
        pytest.param(b"__PyPyObject_New", id="private"),
        pytest.param(b"_PyPy_AtExit", id="public, no type"),
        pytest.param(b"__PyPy_NoneStruct", id="private, no type"),
        pytest.param(b"_PyPyFloat_Check", id="a macro in CPython"),
        pytest.param(b"__PyPyDateTime_Import", id="private, a macro in CPython"),
    ],
)
def test_what_pypy_renames_or_adds_is_pythons(name: bytes) -> None:
    assert is_python_api(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"_GraalPyFrame_SetLineNumber", id="public"),
        pytest.param(b"__GraalPyObject_GetPtr", id="private"),
        pytest.param(b"_PyTruffle_REFCNT", id="before GraalPy 25"),
    ],
)
def test_what_graalpy_adds_is_pythons(name: bytes) -> None:
    assert is_python_api(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"_PyImaging_New", id="Pillow"),
        pytest.param(b"_PyXmlSec_Init", id="xmlsec"),
        pytest.param(b"__PyXmlSec_Init", id="xmlsec, private"),
        pytest.param(b"_PyInit_demo", id="a module's own function"),
        pytest.param(b"_PyModExport_demo", id="a module's own function, 3.15"),
        pytest.param(b"_PyList_New2", id="a longer name"),
        pytest.param(b"_PyList_Ne", id="a shorter name"),
        pytest.param(b"_pylist_new", id="another case"),
        pytest.param(b"_PyPyImaging_New", id="PyPy's prefix, but not its name"),
        pytest.param(b"_PyFloat_Check", id="a macro, and no PyPy"),
        pytest.param(b"_xPyPyList_New", id="PyPy's prefix inside a name"),
        pytest.param(b"_MyGraalPy_Get", id="GraalPy's prefix inside a name"),
        pytest.param(b"PyList_New", id="without the underscore of Mach-O"),
        pytest.param(b"_", id="the underscore alone"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"_PyList_New\n_PyList_Size", id="two names"),
        pytest.param(b"_Py\xff", id="no ASCII"),
    ],
)
def test_what_only_looks_like_python_is_not(name: bytes) -> None:
    assert not is_python_api(name)


def test_every_name_in_the_headers_of_this_python_is_listed() -> None:
    declared = names_in_headers(running_headers())
    if not declared:
        pytest.skip("this Python has no headers")

    assert declared <= set(LISTED), "add its names with `nox -s capi`"


def test_the_list_is_sorted_and_says_nothing_twice() -> None:
    assert sorted(set(LISTED)) == LISTED


def test_the_list_holds_no_function_that_modules_define() -> None:
    assert not [name for name in LISTED if name.startswith(("PyInit_", "PyModExport_"))]


def test_names_are_found_however_a_header_declares_them(tmp_path: Path) -> None:
    (tmp_path / "internal").mkdir()
    (tmp_path / "internal" / "pycore_demo.h").write_text(HEADER, encoding="utf-8")
    (tmp_path / "somebody").mkdir()
    (tmp_path / "somebody" / "else.h").write_text("PyAPI_FUNC(int) PyElse_New(void);\n")

    assert names_in_headers(tmp_path) == {
        *("PyList_New", "PyList_Append", "Py_Exit", "PyOS_getsig", "PyOS_InputHook"),
        *("_Py_FalseStruct", "_Py_TrueStruct", "_Py_ctype_table", "PyExc_ValueError"),
    }
