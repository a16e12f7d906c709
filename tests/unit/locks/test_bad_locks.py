"""Lock files that are broken, of another time, or meant to do harm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pip_archguard.errors import UnreadableInputError
from pip_archguard.hosts.matrix import places_of
from pip_archguard.locks.fields import Table
from pip_archguard.locks.markers import Wanted
from pip_archguard.locks.pins import LockedFile, Pinned, choose, file_of
from pip_archguard.locks.poetry import pinned_in_poetry_lock
from pip_archguard.locks.pylock import pinned_in_pylock
from pip_archguard.locks.uv import pinned_in_uv_lock
from pip_archguard.model.coverage import Cover
from pip_archguard.model.covering import Why
from pip_archguard.pipbridge.internals.toml import parse_toml

Reader = Callable[[Table, Wanted], tuple[Pinned, ...] | str]
(MAC,) = places_of(["macos-arm64"], ["3.12"])
PYLOCK = 'lock-version = "1.0"\n'
UV = 'version = 1\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n'
POETRY = '[metadata]\nlock-version = "2.1"\npython-versions = "*"\n'
A = '[[packages]]\nname = "a"\n'
TABLE = Table(file="a.lock", where="", values={})


def read(
    reader: Reader, text: str, *, extras: tuple[str, ...] = (), groups: tuple[str, ...] = ()
) -> tuple[Pinned, ...] | str:
    wanted = Wanted(environment=MAC.markers, extras=extras, groups=groups)
    return reader(parse_toml(text.encode(), "a.lock"), wanted)


def names(found: tuple[Pinned, ...] | str) -> set[str]:
    assert not isinstance(found, str), found
    return {pin.project for pin in found}


@pytest.mark.parametrize(
    ("reader", "text", "why"),
    [
        (pinned_in_pylock, "", "`lock-version` is missing"),
        (pinned_in_pylock, 'lock-version = "2.0"', "`lock-version` is not known"),
        (pinned_in_pylock, "lock-version = 1", "`lock-version` is no string"),
        (pinned_in_pylock, PYLOCK + "packages = 1", "`packages` is no list"),
        (pinned_in_pylock, PYLOCK + "packages = [1]", "`packages[0]` is no table"),
        (pinned_in_pylock, PYLOCK + "[[packages]]", "`packages[0].name` is missing"),
        (pinned_in_pylock, PYLOCK + A + "marker = 'so what'", "`packages[0].marker` holds"),
        (pinned_in_pylock, PYLOCK + A + A, "`packages[1].name` is `a` a second time"),
        (pinned_in_pylock, PYLOCK + A + "wheels = [{}]", "`packages[0].wheels[0].path` is missing"),
        (pinned_in_pylock, PYLOCK + "requires-python = 'old'", "which names no versions"),
        (pinned_in_uv_lock, "version = 2", "`version` is not known"),
        (pinned_in_uv_lock, "version = 1", "names no project of its own"),
        (pinned_in_uv_lock, UV + "dependencies = [{ name = 'b' }]", "leads to 0 packages"),
        (pinned_in_uv_lock, UV + "dependencies = [{}]", "dependencies[0].name` is missing"),
        (pinned_in_uv_lock, UV + "dependencies = [{ name = 'b', marker = 1 }]", "is no string"),
        (pinned_in_poetry_lock, "", "`metadata.lock-version` is missing"),
        (pinned_in_poetry_lock, '[metadata]\nlock-version = "9"', "is not known"),
        (pinned_in_poetry_lock, POETRY + "[[package]]", "`package[0].name` is missing"),
        (
            pinned_in_poetry_lock,
            POETRY + "[[package]]\nname = 'a'\noptional = 1\nfiles = []",
            "`package[0].optional` is neither true nor false",
        ),
        (
            pinned_in_poetry_lock,
            '[metadata]\nlock-version = "2.1"\npython-versions = "old"\n',
            "which names no versions",
        ),
        (
            pinned_in_poetry_lock,
            '[metadata]\nlock-version = "2.1"\npython-versions = "^x"\n',
            "which names no versions",
        ),
        (
            pinned_in_pylock,
            PYLOCK + f"requires-python = '>={'1' * 5000}'",
            "`requires-python` holds",
        ),
        (
            pinned_in_pylock,
            PYLOCK + A + "sdist = { url = 'https://[a' }",
            "`packages[0].sdist.url` is `https://[a`, which is no address",
        ),
        (
            pinned_in_uv_lock,
            UV + "dependencies = [{ name = 'b' }]\n[[package]]\nname = 'b'\n"
            "wheels = [{ url = '//[' }]",
            "`package[1].wheels[0].url` is `//[`, which is no address",
        ),
    ],
)
def test_what_is_wrong_is_an_error_with_file_and_key(reader: Reader, text: str, why: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        read(reader, text)

    assert str(caught.value).startswith("`a.lock` cannot be read: ")
    assert why in str(caught.value)
    assert caught.value.hint


def test_a_message_quotes_only_so_much_of_a_file() -> None:
    with pytest.raises(UnreadableInputError) as caught:
        read(pinned_in_pylock, PYLOCK + A + f"marker = '{'x' * 10_000}'")

    assert len(str(caught.value)) <= 500


@pytest.mark.parametrize(
    "marker", ["(" * 3000 + "os_name == 'nt'" + ")" * 3000, "os_name == 'nt' or " * 9000]
)
def test_a_marker_that_takes_too_much_is_an_error(marker: str) -> None:
    with pytest.raises(UnreadableInputError):
        read(pinned_in_pylock, PYLOCK + A + f'marker = "{marker}"')


@pytest.mark.parametrize(
    ("reader", "text", "why"),
    [
        (pinned_in_pylock, PYLOCK + "requires-python = '<3'", "the lock is for Python <3"),
        (
            pinned_in_pylock,
            PYLOCK + "environments = [\"sys_platform == 'linux'\"]",
            "the lock is not made for this target",
        ),
        (pinned_in_pylock, PYLOCK + A + "requires-python = '<3'", "`a` in the lock is for"),
        (pinned_in_uv_lock, "requires-python = '>=4'\n" + UV, "the lock is for Python >=4"),
        (
            pinned_in_uv_lock,
            "supported-markers = [\"sys_platform == 'linux'\"]\n" + UV,
            "the lock is not made for this target",
        ),
    ],
)
def test_a_lock_for_other_targets_says_so(reader: Reader, text: str, why: str) -> None:
    found = read(reader, text)

    assert isinstance(found, str)
    assert found.startswith(why)


def test_the_default_groups_of_a_pylock_count_where_none_is_asked_for() -> None:
    text = PYLOCK + 'default-groups = ["dev"]\n'
    for group in ("dev", "docs"):
        text += f"[[packages]]\nname = '{group}'\nmarker = \"'{group}' in dependency_groups\"\n"

    assert names(read(pinned_in_pylock, text)) == {"dev"}
    assert names(read(pinned_in_pylock, text, groups=("docs",))) == {"docs"}


@pytest.mark.parametrize(
    ("marker", "extras", "taken"),
    [
        ("'Fast_Path' in extras", ("fast-path",), True),
        ("'fast-path' in extras", (), False),
        ("'fast-path' not in extras", ("fast-path",), False),
        ("'one' in extras and ('two'  not  in extras or os_name == 'nt')", ("one",), True),
        ("'one' in dependency_groups", ("one",), False),
        ("extra == 'extra-3-app-one'", ("one",), False),
        ("extra == 'one'", ("two", "one"), True),
    ],
)
def test_extras_in_markers_are_those_that_are_wanted(
    marker: str,
    extras: tuple[str, ...],
    taken: bool,  # noqa: FBT001 - a case
) -> None:
    found = read(pinned_in_pylock, PYLOCK + A + f'marker = "{marker}"', extras=extras)

    assert names(found) == ({"a"} if taken else set())


def test_files_of_a_uv_lock_may_lie_on_this_machine() -> None:
    text = UV + "dependencies = [{ name = 'b' }, { name = 'c' }]\n"
    text += "[[package]]\nname = 'b'\nversion = '1'\nsource = { registry = 'wheels' }\n"
    text += "wheels = [{ path = 'b-1-py3-none-any.whl' }]\n"
    text += "[[package]]\nname = 'c'\nversion = '1'\nsource = { path = 'c-1-py3-none-any.whl' }\n"
    text += "wheels = [{ filename = 'c-1-py3-none-any.whl', hash = 'sha256:00' }]\n"

    found = read(pinned_in_uv_lock, text)

    assert not isinstance(found, str)
    files = {pin.project: pin.files[0] for pin in found}
    assert files["b"].url.endswith("/wheels/b-1-py3-none-any.whl")
    assert files["c"].url.endswith("/c-1-py3-none-any.whl")
    assert (files["c"].filename, files["c"].sha256) == ("c-1-py3-none-any.whl", "00")


def test_files_of_a_pylock_may_lie_beside_it() -> None:
    text = PYLOCK + A + "wheels = [{ path = 'wheels/a-1-py3-none-any.whl' }]\n"

    found = read(pinned_in_pylock, text)

    assert not isinstance(found, str)
    (file,) = found[0].files
    assert file.filename == "a-1-py3-none-any.whl"
    assert file.url.startswith("file:///")
    assert file.url.endswith("/wheels/a-1-py3-none-any.whl")


def test_a_circle_of_dependencies_is_walked_once() -> None:
    text = UV + "dependencies = [{ name = 'b' }]\n"
    for name, other in (("b", "c"), ("c", "b")):
        text += f"[[package]]\nname = '{name}'\nversion = '1'\n"
        text += f"dependencies = [{{ name = '{other}' }}]\n"

    found = read(pinned_in_uv_lock, text)

    assert not isinstance(found, str)
    assert {pin.project: pin.required_by for pin in found} == {"b": ("c",), "c": ("b",)}


def test_members_of_a_workspace_are_where_the_walk_begins() -> None:
    text = 'version = 1\n[manifest]\nmembers = ["app", "lib"]\n'
    for name, source in (("app", "editable = '.'"), ("lib", "editable = 'lib'")):
        text += f"[[package]]\nname = '{name}'\nversion = '1'\nsource = {{ {source} }}\n"
        text += f"dependencies = [{{ name = 'of-{name}' }}]\n"
    for name in ("of-app", "of-lib"):
        text += f"[[package]]\nname = '{name}'\nversion = '1'\n"

    assert names(read(pinned_in_uv_lock, text)) == {"of-app", "of-lib"}


def test_a_source_tree_in_a_lock_has_to_be_built() -> None:
    text = UV + "dependencies = [{ name = 'b' }]\n"
    text += "[[package]]\nname = 'b'\nversion = '1'\nsource = { git = 'https://index.example/b' }\n"

    found = read(pinned_in_uv_lock, text)

    assert not isinstance(found, str)
    taken = choose(found[0], MAC.tags(), frozenset(), ())
    assert (taken.cover, taken.why) == (Cover.BUILD, (Why.SOURCE_TREE,))


OLD = """
[[package]]
name = "top"
version = "1"
optional = false
python-versions = "^3.8 || >=4"
[package.dependencies]
mac = {version = "*", markers = "sys_platform == 'darwin'"}
win = {version = "*", markers = "sys_platform == 'win32'"}
more = {version = "*", optional = true, markers = "extra == 'more'"}
[package.extras]
more = ["more"]
[[package]]
name = "mac"
version = "1"
optional = false
python-versions = "~3.12"
[[package]]
name = "win"
version = "1"
optional = false
python-versions = "3.12.*"
[[package]]
name = "more"
version = "1"
optional = true
python-versions = "*"
[[package]]
name = "old"
version = "1"
optional = false
python-versions = "<3.8"
[[package]]
name = "tests"
version = "1"
category = "dev"
optional = false
python-versions = "*"
[extras]
plus = ["more"]
[metadata]
lock-version = "1.1"
python-versions = ">= 3.8 <4"
"""


def test_an_older_poetry_lock_is_read_by_its_dependencies() -> None:
    assert names(read(pinned_in_poetry_lock, OLD)) == {"top", "mac"}
    assert names(read(pinned_in_poetry_lock, OLD, extras=("plus",))) == {"top", "mac", "more"}
    assert names(read(pinned_in_poetry_lock, OLD, groups=("dev",))) == {"top", "mac", "tests"}


def test_markers_of_a_poetry_lock_may_differ_by_group() -> None:
    text = (
        POETRY
        + """
[[package]]
name = "a"
version = "1"
optional = false
python-versions = "*"
groups = ["main", "dev"]
files = []
[package.markers]
main = "sys_platform == 'win32'"
dev = "sys_platform == 'darwin'"
"""
    )

    assert names(read(pinned_in_poetry_lock, text)) == set()
    assert names(read(pinned_in_poetry_lock, text, groups=("dev",))) == {"a"}


def pin(*filenames: str) -> Pinned:
    files = tuple(file_of(TABLE, f"https://index.example/f/{name}") for name in filenames)
    return Pinned(project="a", release="1", files=files)


@pytest.mark.parametrize(
    ("filenames", "taken"),
    [
        (("a-1-py3-none-any.whl", "a-1-cp312-abi3-macosx_11_0_arm64.whl"), 1),
        (("a-1-1-py3-none-any.whl", "a-1-12-py3-none-any.whl", "a-1-py3-none-any.whl"), 1),
        (("a-1-cp312-cp312-macosx_11_0_x86_64.whl", "a-1.tar.gz"), 1),
        (("a-1.whl", "a-1-b-c-d-e-f.whl", "a-1.zip"), 2),
    ],
    ids=["tags", "build-number", "source", "odd-names"],
)
def test_of_the_files_the_best_is_taken(filenames: tuple[str, ...], taken: int) -> None:
    found = choose(pin(*filenames), MAC.tags(), frozenset(), ())

    assert found.filename == filenames[taken]


def test_what_is_refused_is_passed_over_by_its_address_or_its_name() -> None:
    pinned = pin("a-1-py3-none-any.whl", "a-1.tar.gz")
    refused = frozenset({"https://mirror.example/x/a-1-py3-none-any.whl"})

    assert choose(pinned, MAC.tags(), refused, ()).filename == "a-1.tar.gz"
    assert choose(pin("a-1-py3-none-any.whl"), MAC.tags(), refused, ()).cover is Cover.NOTHING


def test_two_thin_wheels_can_be_fused_and_one_cannot() -> None:
    (both,) = places_of(["macos-universal2"], ["3.12"])
    thin = [p.tags() for p in places_of(["macos-arm64", "macos-x86_64"], ["3.12"])]
    arm64, intel = (f"a-1-cp312-cp312-macosx_11_0_{arch}.whl" for arch in ("arm64", "x86_64"))

    pair = choose(pin(arm64, intel), both.tags(), frozenset(), thin)
    one = choose(pin(arm64), both.tags(), frozenset(), thin)

    assert (pair.cover, pair.why) == (Cover.NOTHING, (Why.NOT_IN_LOCK, Why.FUSABLE))
    assert one.why == (Why.NOT_IN_LOCK,)


@pytest.mark.parametrize("tag", ["p!3-none-any", "py3--any", "py3..py2-none-any"])
def test_a_tag_that_is_none_fits_nowhere(tag: str) -> None:
    taken = choose(pin(f"a-1-{tag}.whl"), MAC.tags(), frozenset(), ())

    assert taken.cover is Cover.NOTHING


def test_a_name_that_no_file_can_have_fits_nowhere() -> None:
    """Each tag of the one is combined with each of the others: that would take minutes."""
    parts = "-".join([".".join(f"x{n}" for n in range(400))] * 2)

    taken = choose(pin(f"a-1-{parts}-any.whl"), MAC.tags(), frozenset(), ())

    assert taken.cover is Cover.NOTHING


def test_a_file_without_an_address_keeps_its_name() -> None:
    assert file_of(TABLE, "", "", "a.whl") == LockedFile(filename="a.whl")
    assert file_of(TABLE, "https://index.example/a%2B1.whl?x=1#y").filename == "a+1.whl"
