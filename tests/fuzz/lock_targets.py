"""Lock files, `pyproject.toml` and the metadata of sdists."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator

from builders.sdists import Recipe, make_sdist
from fuzz import scratch
from fuzz.target import FuzzTarget
from pip_archguard.errors import UnreadableInputError
from pip_archguard.hosts.matrix import places_of
from pip_archguard.locks.fields import Table
from pip_archguard.locks.markers import Wanted
from pip_archguard.locks.pins import Pinned, choose
from pip_archguard.locks.poetry import pinned_in_poetry_lock
from pip_archguard.locks.project import core_metadata, requirements_of
from pip_archguard.locks.pylock import pinned_in_pylock
from pip_archguard.locks.uv import pinned_in_uv_lock
from pip_archguard.pipbridge.internals.toml import parse_toml
from pip_archguard.wheels.sdist import is_static, read_sdist

Reader = Callable[[Table, Wanted], tuple[Pinned, ...] | str]
(_MAC,) = places_of(["macos-arm64"], ["3.12"])
_TAGS = _MAC.tags()
_WANTED = Wanted(environment=_MAC.markers, extras=("fast", "all"), groups=("dev",))
_FILE = 'name = "a-1-py3-none-any.whl", url = "https://index.example/a-1-py3-none-any.whl"'
_HASH = 'hashes = { sha256 = "00" }'
_PYLOCK = f"""lock-version = "1.0"
requires-python = ">=3.9"
environments = ["sys_platform == 'darwin'"]
extras = ["fast"]
default-groups = ["dev"]
[[packages]]
name = "a"
version = "1"
marker = "'fast' in extras and python_version > '3'"
wheels = [{{ {_FILE}, {_HASH} }}]
dependencies = [{{ name = "b" }}]
[[packages]]
name = "b"
sdist = {{ path = "b-1.tar.gz", {_HASH} }}
[[packages]]
name = "c"
vcs = {{ type = "git", url = "https://index.example/c", commit-id = "0" }}
"""
_UV = """version = 1
requires-python = ">=3.9"
supported-markers = ["sys_platform == 'darwin'"]
[manifest]
members = ["app"]
[[package]]
name = "app"
version = "1"
source = { editable = "." }
dependencies = [{ name = "b", extra = ["x"], marker = "extra == 'extra-3-app-fast'" }]
[package.optional-dependencies]
fast = [{ name = "c", version = "2", source = { registry = "https://index.example" } }]
[package.dev-dependencies]
dev = [{ name = "b" }]
[[package]]
name = "b"
version = "1"
source = { registry = "wheels" }
resolution-markers = ["os_name == 'posix'"]
wheels = [{ path = "b-1-py3-none-any.whl", hash = "sha256:00" }, { filename = "b.whl" }]
sdist = { url = "https://index.example/b-1.tar.gz" }
[package.optional-dependencies]
x = [{ name = "b" }]
"""
_POETRY = """[[package]]
name = "a"
version = "1"
optional = true
python-versions = ">=3.8,<4 || ^3.9 || ~3.8"
groups = ["main", "dev"]
markers = { main = "extra == 'fast'", dev = "os_name == 'posix'" }
files = [{ file = "a-1-py3-none-any.whl", hash = "sha256:00" }]
[package.dependencies]
b = { version = "*", markers = "os_name == 'posix'", optional = true }
c = [">=1", { version = "2" }]
[package.source]
type = "url"
url = "https://index.example/a-1-py3-none-any.whl"
[extras]
fast = ["a"]
[metadata]
lock-version = "2.1"
python-versions = "*"
"""
_PYPROJECT = """[project]
name = "My.App"
version = "1"
requires-python = ">=3.9"
dynamic = ["readme"]
dependencies = ["one>=1 ; sys_platform == 'darwin'", "two[x]", "three @ https://index.example/t"]
[project.optional-dependencies]
fast = ["four ; python_version < '4'"]
all = ["my-app[fast]", "my-app[all]"]
[dependency-groups]
dev = ["five", { include-group = "Lint" }]
lint = ["six", { include-group = "dev" }]
"""


def reads(reader: Reader) -> Callable[[bytes], None]:
    """Return a check: any text is read for a target, or is an error of ours."""

    def check(data: bytes) -> None:
        try:
            found = reader(parse_toml(data, "a.lock"), _WANTED)
        except UnreadableInputError:
            return
        if not isinstance(found, str):
            assert reader(parse_toml(data, "a.lock"), _WANTED) == found
            for pinned in found:
                choose(pinned, _TAGS, frozenset(), [_TAGS])

    return check


def check_pyproject(data: bytes) -> None:
    """Any text says what is required, or is an error of ours; METADATA made of it is static."""
    for extras, groups in (((), ()), (("fast", "all"), ("dev",))):
        try:
            requirements_of(parse_toml(data, "a"), extras=extras, groups=groups)
        except UnreadableInputError:
            continue
    try:
        made = core_metadata(parse_toml(data, "a"))
    except UnreadableInputError:
        return
    assert made is None or b"\n\n" not in made


def check_sdist(data: bytes) -> None:
    """Any bytes are an sdist, or an error of ours; what is in it is static or not."""
    path = scratch.file("demo-1.0.tar.gz", data)
    for below in ("", "sub"):
        try:
            texts = read_sdist(path, below)
        except UnreadableInputError:
            continue
        assert read_sdist(path, below) == texts
        if texts.pkg_info is not None:
            is_static(texts.pkg_info)


def check_pkg_info(data: bytes) -> None:
    """Any PKG-INFO is static or not, and the same twice."""
    assert is_static(data) is is_static(data)


def sdists() -> Iterator[bytes]:
    """Yield archives of each form."""
    yield make_sdist("demo", "1.0", Recipe.PURE).content
    info = b"Metadata-Version: 2.2\nName: demo\nVersion: 1.0\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("demo-1.0/PKG-INFO", info)
        archive.writestr("demo-1.0/sub/pyproject.toml", "")
    yield buffer.getvalue()
    for mode in ("w", "w:bz2", "w:xz"):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode=mode) as tar:
            entry = tarfile.TarInfo("demo-1.0/PKG-INFO")
            entry.size = len(info)
            tar.addfile(entry, io.BytesIO(info))
            link = tarfile.TarInfo("demo-1.0/" + "x" * 120 + "/pyproject.toml")
            link.type = tarfile.SYMTYPE
            link.linkname = "PKG-INFO"
            tar.addfile(link)
        yield buffer.getvalue().rstrip(b"\0") + bytes(1024) if mode == "w" else buffer.getvalue()


_WORDS = tuple(
    sorted({word for text in (_PYLOCK, _UV, _POETRY, _PYPROJECT) for word in text.split()})
)

LOCKS = (
    FuzzTarget(
        name="pylock",
        promise="any text is read for a target, or is an error of ours",
        check=reads(pinned_in_pylock),
        words=_WORDS,
        seeds=lambda: [_PYLOCK.encode()],
        longest=2048,
    ),
    FuzzTarget(
        name="uv-lock",
        promise="any text is read for a target, or is an error of ours",
        check=reads(pinned_in_uv_lock),
        words=_WORDS,
        seeds=lambda: [_UV.encode()],
        longest=2048,
    ),
    FuzzTarget(
        name="poetry-lock",
        promise="any text is read for a target, or is an error of ours",
        check=reads(pinned_in_poetry_lock),
        words=_WORDS,
        seeds=lambda: [
            _POETRY.encode(),
            _POETRY.replace('groups = ["main", "dev"]', 'category = "dev"').encode(),
        ],
        longest=2048,
    ),
    FuzzTarget(
        name="pyproject",
        promise="any text says what is required, or is an error of ours",
        check=check_pyproject,
        words=_WORDS,
        seeds=lambda: [_PYPROJECT.encode()],
        longest=2048,
    ),
    FuzzTarget(
        name="sdist",
        promise="any bytes are an sdist, or an error of ours",
        check=check_sdist,
        seeds=sdists,
    ),
    FuzzTarget(
        name="pkg-info",
        promise="any PKG-INFO is static or not",
        check=check_pkg_info,
        seeds=lambda: [
            b"Metadata-Version: 2.2\nName: a\nVersion: 1\nDynamic: Requires-Dist\n\nx",
            b"Metadata-Version: 2.4\nName: a\nVersion: 1\nDynamic: \xff\n",
        ],
        longest=512,
    ),
)
"""The targets of what is read before a wheel is there."""
