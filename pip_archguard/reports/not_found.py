"""What was looked for and was not there, in plain words."""

from __future__ import annotations

from pip_archguard.model.explanation import Explanation
from pip_archguard.model.load_error import LoadError
from pip_archguard.model.owner import PlaceKind
from pip_archguard.model.target import System
from pip_archguard.reports.wording import tick, visible


def missing_library_text(each: Explanation) -> str:
    """Say which library is nowhere."""
    error = each.error
    who = "the file needs" if error.referenced_from else "what was imported needs"
    if error.system is System.WINDOWS:
        if error.module:
            needs = f"a DLL that {tick(error.module)} needs is nowhere"
        else:
            needs = "the DLL, or one that it needs, is nowhere"
        return f"{needs}: often the Visual C++ runtime"
    if "/" in error.library and not error.library.startswith("@"):
        absent = f"{who} {tick(error.library)}, and there is no such file on the machine"
        if error.system is System.LINUX and each.looked is None:
            absent += (
                ", or it is made for another processor: the loader of Linux says the same of both"
            )
        return absent
    return f"{who} {tick(error.library)}, which is in none of the places that were searched"


def missing_symbol_text(error: LoadError) -> str:
    """Say which function a library does not have."""
    if error.system is System.WINDOWS:
        return (
            "a DLL is there, but lacks a function: it is of another version, or Python is too old"
        )
    return (
        f"the file takes {tick(error.symbol)} from {tick(error.library)}, which is of another "
        "version and does not have it"
    )


def missing_module_text(each: Explanation) -> str:
    """Say which module Python does not find."""
    module = tick(each.error.module)
    if each.looked is not None and each.looked.for_other_python:
        return f"the file that has {module} is made for another Python or system than this one"
    if each.place is not None and each.place.kind is not PlaceKind.ELSEWHERE and each.looked:
        return (
            f"Python found no file for {module} that it can import; here there is one, which may "
            "be for another Python or another architecture"
        )
    if each.owner is not None and each.owner.here:
        name = visible(each.owner.project)
        return f"{name} is installed here, but without its compiled part {module}"
    return (
        f"Python finds no compiled module {module}; the package that brings it is missing, "
        "or is broken"
    )
