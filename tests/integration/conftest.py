"""Hosts, each a fresh virtual environment, and the index they install from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.backends import find_backends
from builders.index import Index, open_index
from builders.sandbox import Host, NewHost, Sandbox, make_sandbox
from builders.site_template import BASE, write_template
from builders.toolchain import write_toolchain

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def toolchain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("ziglang")
    return write_toolchain(tmp_path_factory.mktemp("toolchain"))


@pytest.fixture(scope="session")
def backends(session_cache: Path) -> Path:
    """A folder with the wheels of setuptools and what else builds need."""
    return find_backends(session_cache)


@pytest.fixture
def index(backends: Path) -> Iterator[Index]:
    """An index with the build backends and nothing else."""
    with open_index() as served:
        served.add_folder(backends)
        yield served


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "site", BASE)


@pytest.fixture(scope="session")
def setuptools_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = (*BASE, "setuptools", "wheel")
    return write_template(tmp_path_factory.mktemp("template") / "site", names)


@pytest.fixture
def new_host(
    tmp_path: Path, index: Index, toolchain: Path, request: pytest.FixtureRequest
) -> NewHost:
    """Make any host; a test may have several, all with the same index."""
    made: list[Sandbox] = []

    def make(host: Host, *, with_setuptools: bool = False, bare: bool = False) -> Sandbox:
        fixture = "setuptools_template" if with_setuptools else "template"
        sandbox = make_sandbox(
            tmp_path / f"host-{len(made)}",
            host,
            template=None if bare else request.getfixturevalue(fixture),
            toolchain=toolchain,
            index_url=index.url,
        )
        made.append(sandbox)
        return sandbox

    return make


@pytest.fixture
def arm64(new_host: NewHost) -> Sandbox:
    """macOS 14 on Apple silicon."""
    return new_host(Host(machine="arm64"))


@pytest.fixture
def intel(new_host: NewHost) -> Sandbox:
    """macOS 14 on an Intel Mac."""
    return new_host(Host(machine="x86_64"))


@pytest.fixture
def rosetta(new_host: NewHost) -> Sandbox:
    """An x86_64 Python that Rosetta translates on Apple silicon."""
    return new_host(Host(machine="x86_64", translated=True))


@pytest.fixture
def universal2(new_host: NewHost) -> Sandbox:
    """Apple silicon with a Python that was built for both architectures."""
    return new_host(Host(machine="arm64", universal2=True))


@pytest.fixture
def linux(new_host: NewHost) -> Sandbox:
    """The machine the tests run on, as it is."""
    return new_host(Host())
