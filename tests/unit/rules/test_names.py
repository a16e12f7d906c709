"""What names of files and tags say, however odd they are."""

from __future__ import annotations

import pytest

from builders.facts import linux, mac, thin, wheel
from pip_archguard.hosts.claimed import claimed_machines
from pip_archguard.model.arch import Arch
from pip_archguard.model.target import System, Target
from pip_archguard.model.verdict import Verdict
from pip_archguard.reports.contents import claims
from pip_archguard.rules import judge
from pip_archguard.rules.names import is_tagged, module_of
from pip_archguard.rules.site import SITE_PACKAGES, place_of

ANY_PYTHON = mac()._replace(suffixes=())


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("demo/_c.cpython-312-darwin.so", "demo/_c"),
        ("demo/_c.pypy310-pp73-darwin.so", "demo/_c"),
        ("demo/_c.graalpy-38-native-x86_64-darwin.so", "demo/_c"),
        ("demo/_c.cpython-312-darwin.pyd", None),
        ("demo/_c.abi3.so", "demo/_c"),
        ("a.b/_c.cpython-312-darwin.so", "a.b/_c"),
    ],
)
def test_a_name_with_a_tag_is_that_of_a_module(path: str, module: str | None) -> None:
    assert is_tagged(path)
    assert module_of(path, ANY_PYTHON) == module


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("demo/_c.so", "demo/_c"),
        ("cpython-312-darwin.so", "cpython-312-darwin"),
        ("demo/_c.cpython.so", "demo/_c.cpython"),
        ("demo/_c.cpython--3.so", "demo/_c.cpython--3"),
        ("demo/_c.jython-27.so", "demo/_c.jython-27"),
        ("demo/_c.cpython-312-darwin.dylib", None),
        ("demo/cpython-3", None),
    ],
)
def test_a_name_without_a_tag_is_all_of_it_the_modules(path: str, module: str | None) -> None:
    assert not is_tagged(path)
    assert module_of(path, ANY_PYTHON) == module


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("demo/_c.so", f"{SITE_PACKAGES}/demo/_c.so"),
        ("demo-1.0.data/platlib/demo/_c.so", f"{SITE_PACKAGES}/demo/_c.so"),
        ("demo-1.0.data/scripts/tool", "bin/tool"),
        ("demo-1.0.data/data/lib/liba.dylib", "lib/liba.dylib"),
        ("demo-1.0.data/other/x.so", f"{SITE_PACKAGES}/demo-1.0.data/other/x.so"),
        ("demo-1.0.data/scripts", f"{SITE_PACKAGES}/demo-1.0.data/scripts"),
        ("demo/x.data/scripts/tool", f"{SITE_PACKAGES}/demo/x.data/scripts/tool"),
    ],
)
def test_a_member_is_installed_where_its_folder_says(path: str, place: str) -> None:
    assert place_of(path) == place


@pytest.mark.parametrize(
    ("tag", "target"),
    [
        (f"macosx_{'1' * 5000}_0_arm64", mac()),
        (f"macosx_11_{'1' * 5000}_arm64", mac()),
        (f"manylinux_{'2' * 5000}_17_x86_64", linux()),
        (f"manylinux_2_{'2' * 5000}_x86_64", linux()),
    ],
    ids=["major", "minor", "major of glibc", "minor of glibc"],
)
def test_a_version_longer_than_python_takes_for_a_number_promises_nothing(
    tag: str, target: Target
) -> None:
    facts = wheel(thin("demo/x.so", Arch.ARM64), platforms=(tag,))

    assert judge(facts, [target]).verdict is Verdict.OK
    assert [machine.system for machine in claimed_machines(target, [tag])] == [System.OTHER]
    assert claims(facts) == tag
