"""What the processes of a source build are given, seen from within."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import UNIVERSAL2, native
from builders.sandbox import Host, NewHost
from builders.zig import Zig

pytestmark = pytest.mark.integration

DUMP = """
import json, os, sys
with open(os.path.join(os.environ["TRACE"], "{name}.json"), "w") as stream:
    json.dump([dict(os.environ), sys.path], stream)
"""
OURS = {"_PIP_ARCHGUARD_BUILD": "1", "PIP_ARCH_POLICY": "fix", "PIP_ARCH_IGNORE": "a,other"}
FOR_THE_BUILD = {"ARCHFLAGS": "-arch arm64", "_PYTHON_HOST_PLATFORM": "macosx-11.0-arm64"}
"""As docs/reference/environment.md says."""


def test_a_build_is_given_what_the_documentation_lists_and_nothing_is_taken_away(
    new_host: NewHost, index: Index, zig: Zig, tmp_path: Path
) -> None:
    """`top` is built by the user's run, `demo` is rescued by the pip that fills its environment."""
    host = new_host(Host(machine="arm64", universal2=True))
    index.add_wheel("demo", "1.0", UNIVERSAL2, native("demo", zig.extension("_c", "x86_64")))
    index.add_sdist("demo", "1.0", preamble=DUMP.format(name="demo"))
    index.add_sdist("top", "1.0", build_requires=["demo"], preamble=DUMP.format(name="top"))
    host.work.joinpath("json.py").write_text("raise SystemExit('from the current folder')\n")
    users = {"TRACE": str(tmp_path), "MY_OWN": "\u00e9", "PIP_ARCH_IGNORE": "other,a"}

    result = host.run("install", "--no-deps", "top", env=users)

    assert result.code == 0, result
    before = host.environment() | users
    for name, expected in (("top", {}), ("demo", OURS | FOR_THE_BUILD)):
        given, path = json.loads(tmp_path.joinpath(f"{name}.json").read_text())
        added = {k: v for k, v in given.items() if before.get(k) != v and not is_pips(k)}
        roots = added.pop("_PIP_ARCHGUARD_PATHS", "{}")
        assert added == expected
        assert bool(json.loads(roots)) is (name == "demo")
        assert set(before) <= set(given)
        assert str(host.work) not in path


def is_pips(name: str) -> bool:
    """Whether pip itself sets a variable for what it starts, or Python does."""
    known = ("PATH", "PYTHONPATH", "PYTHONNOUSERSITE", "VIRTUAL_ENV", "LC_CTYPE")
    begins = (
        "PEP517_",
        "_PYPROJECT_HOOKS_",
        "PIP_BUILD_TRACKER",
        "_PIP_IN_BUILD",
        "_PIP_STANDALONE",
    )
    return name in known or name.startswith(begins)
