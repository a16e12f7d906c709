"""Lock files that uv and Poetry wrote, read for several targets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pip_archguard.hosts.matrix import places_of, thin_places
from pip_archguard.locks.fields import Table
from pip_archguard.locks.markers import Wanted
from pip_archguard.locks.pins import Pinned, choose
from pip_archguard.locks.poetry import pinned_in_poetry_lock
from pip_archguard.locks.pylock import pinned_in_pylock
from pip_archguard.locks.uv import pinned_in_uv_lock
from pip_archguard.model.coverage import Cover
from pip_archguard.pipbridge.internals.toml import read_toml

Reader = Callable[[Table, Wanted], tuple[Pinned, ...] | str]
LOCKS = Path(__file__).parents[2] / "locks"
PYLOCK, UV, POETRY = "pylock.toml", "uv.lock", "poetry.lock"
READERS: dict[str, Reader] = {
    PYLOCK: pinned_in_pylock,
    UV: pinned_in_uv_lock,
    POETRY: pinned_in_poetry_lock,
}
EVERYWHERE = {"anyio", "certifi", "h11", "httpcore", "httpx", "idna", "markupsafe", "socksio"}


def pins(
    name: str,
    machine: str,
    python: str,
    *,
    extras: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
) -> dict[str, Pinned]:
    (place,) = places_of([machine], [python])
    wanted = Wanted(environment=place.markers, extras=extras, groups=groups)
    found = READERS[name](read_toml(LOCKS / name), wanted)
    assert not isinstance(found, str), found
    return {pin.project: pin for pin in found}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    ("machine", "python", "more", "release"),
    [
        ("macos-arm64", "3.12", {"appnope", "typing-extensions"}, "3.0.2"),
        ("linux-x86_64", "3.11", {"typing-extensions"}, "2.1.5"),
        ("windows-amd64", "3.10", {"colorama", "exceptiongroup", "typing-extensions"}, "2.1.5"),
    ],
    ids=["mac", "linux", "windows-3.10"],
)
def test_markers_decide_what_is_taken(
    name: str, machine: str, python: str, more: set[str], release: str
) -> None:
    found = pins(name, machine, python)

    assert set(found) == EVERYWHERE | more
    assert found["markupsafe"].release == release


@pytest.mark.parametrize("name", [UV, POETRY])
def test_who_asks_for_a_package_is_told(name: str) -> None:
    found = pins(name, "macos-arm64", "3.12")

    assert found["h11"].required_by == ("httpcore",)
    assert found["socksio"].required_by == ("httpx",)
    assert found["httpx"].required_by == ()


@pytest.mark.parametrize("name", [UV, POETRY])
def test_extras_and_groups_are_added_when_they_are_asked_for(name: str) -> None:
    mac = pins(name, "macos-arm64", "3.12", extras=("fast", "one"), groups=("docs",))
    windows = pins(name, "windows-amd64", "3.12", extras=("fast",))

    assert {"uvloop", "six", "docutils"} <= set(mac)
    assert mac["six"].release == "1.16.0"
    assert "uvloop" not in windows


def test_extras_that_exclude_each_other_lead_to_their_own_release() -> None:
    one = pins(UV, "linux-x86_64", "3.12", extras=("one",))
    two = pins(UV, "linux-x86_64", "3.12", extras=("two",))

    assert (one["six"].release, two["six"].release) == ("1.16.0", "1.17.0")


@pytest.mark.parametrize("name", READERS)
def test_a_python_that_the_lock_is_not_for_is_told(name: str) -> None:
    (place,) = places_of(["macos-arm64"], ["3.14"])

    found = READERS[name](read_toml(LOCKS / name), Wanted(environment=place.markers))

    assert isinstance(found, str)
    assert found.startswith("the lock is for Python ")


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    ("machine", "filename"),
    [
        ("macos-arm64", "MarkupSafe-3.0.2-cp312-cp312-macosx_11_0_arm64.whl"),
        ("macos-x86_64", "MarkupSafe-3.0.2-cp312-cp312-macosx_10_13_universal2.whl"),
        ("musllinux-aarch64", "MarkupSafe-3.0.2-cp312-cp312-musllinux_1_2_aarch64.whl"),
        ("windows-amd64", "MarkupSafe-3.0.2-cp312-cp312-win_amd64.whl"),
        ("windows-arm64", "markupsafe-3.0.2.tar.gz"),
    ],
)
def test_the_tags_of_the_target_choose_the_file(name: str, machine: str, filename: str) -> None:
    (place,) = places_of([machine], ["3.12"])
    pin = pins(name, machine, "3.12")["markupsafe"]

    taken = choose(pin, place.tags(), frozenset(), [t.tags() for t in thin_places(place)])

    assert taken.filename.lower() == filename.lower()  # uv tells normalised names
    assert taken.cover is (None if filename.endswith(".whl") else Cover.BUILD)
    assert bool(taken.url) is (name != POETRY)
    assert len(taken.sha256) == 64
