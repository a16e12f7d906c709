"""Real packages from the registry, on a simulated macOS 14 arm64 with CPython 3.10."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders.sandbox import Host, Sandbox, make_sandbox
from builders.universal import archs_of
from builders.wheels import native_tag

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(sys.version_info[:2] != (3, 10), reason="the wheels are those of 3.10"),
]

_CONNECTION = ("PIP_CERT", "SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
_DEFAULT_INDEX = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"


@pytest.fixture(scope="session")
def registry() -> str:
    """The index that pip uses when it is told of none, or the caller's own."""
    default = subprocess.run(
        [sys.executable, "-c", _DEFAULT_INDEX], capture_output=True, text=True, check=True
    )
    return os.environ.get("PIP_INDEX_URL") or default.stdout.strip()


@pytest.fixture
def mac(request: pytest.FixtureRequest, tmp_path: Path, registry: str) -> Sandbox:
    """A Mac whose version the test may choose: `@pytest.mark.parametrize(..., indirect=True)`."""
    return make_sandbox(
        tmp_path / "host",
        Host(machine="arm64", macver=getattr(request, "param", "14.0")),
        template=request.getfixturevalue("template"),
        toolchain=request.getfixturevalue("toolchain"),
        index_url=registry,
    )


@pytest.fixture
def connection() -> dict[str, str]:
    """What the network of this machine asks for."""
    return {name: os.environ[name] for name in _CONNECTION if name in os.environ}


@pytest.mark.parametrize(
    ("arguments", "wheel", "reason"),
    [
        (
            ("azure-eventhub==5.10.1", "--only-binary=:all:"),
            "uamqp-1.6.1-cp310-cp310-macosx_10_9_universal2.whl",
            "hollow-slice",
        ),
        (
            ("uamqp==1.5.3", "--only-binary=:all:"),
            "uamqp-1.5.3-cp310-cp310-macosx_10_9_universal2.whl",
            "wrong-architecture",
        ),
        (
            ("capstone==5.0.1", "--only-binary=:all:"),
            "capstone-5.0.1-py3-none-macosx_10_9_universal2.whl",
            "wrong-architecture",
        ),
    ],
    ids=["azure-eventhub", "uamqp", "capstone"],
)
def test_a_wheel_that_cannot_load_is_refused(
    arguments: tuple[str, ...],
    wheel: str,
    reason: str,
    mac: Sandbox,
    connection: dict[str, str],
) -> None:
    before = mac.files()

    result = mac.run("install", *arguments, env=connection)

    assert result.code == 40, result
    assert f"refused: {reason}\n`{wheel}` cannot load" in result.stderr
    assert f"- refused: `{wheel}` ({reason})" in result.stderr
    assert mac.files() == before


def test_uamqp_goes_to_its_sdist_whose_build_cannot_succeed_here(
    mac: Sandbox, connection: dict[str, str]
) -> None:
    before = mac.files()

    result = mac.run("install", "uamqp==1.5.3", env=connection)

    assert result.code == 40, result
    assert "- tried instead: `uamqp-1.5.3.tar.gz`, built from source" in result.stderr
    assert "- then pip failed with the error above" in result.stderr
    assert mac.files() == before


def test_on_macos_14_ruamel_has_another_wheel_of_the_same_version(
    mac: Sandbox, connection: dict[str, str]
) -> None:
    result = mac.run("install", "ruamel.yaml.clib==0.2.8", env=connection)

    assert result.code == 0, result
    assert "macosx_13_0_arm64.whl" in result.stdout
    assert mac.native_arch("_ruamel_yaml*.so") == ("arm64",)
    assert "refused" not in result.stderr


@pytest.mark.parametrize("mac", ["12.0"], indirect=True)
def test_on_macos_12_ruamel_is_built_from_its_sdist(
    mac: Sandbox, connection: dict[str, str]
) -> None:
    flags = {"CFLAGS": "-Wno-error=incompatible-function-pointer-types"}

    plain = mac.run_pip("install", "--target", "plain", "ruamel.yaml.clib==0.2.8", env=connection)
    result = mac.run("install", "ruamel.yaml.clib==0.2.8", env=connection | flags)

    assert native_tag("macosx_10_9_universal2") in plain.stdout
    assert result.code == 0, result
    assert "instead: `ruamel.yaml.clib-0.2.8.tar.gz`, built from source" in result.stderr
    assert mac.native_arch("_ruamel_yaml*.so") == ("arm64",)


def test_an_arm64_tag_over_x86_64_code_is_refused_for_a_named_platform(
    mac: Sandbox, connection: dict[str, str]
) -> None:
    options = ("--platform", "macosx_14_0_arm64", "--python-version", "3.9", "--no-deps")

    result = mac.run(
        "download", *options, "--only-binary=:all:", "datasketches==3.5.0", env=connection
    )

    assert result.code == 40, result
    assert "`datasketches-3.5.0-cp39-cp39-macosx_11_0_arm64.whl` cannot load" in result.stderr
    assert not list(mac.work.iterdir())


@pytest.mark.parametrize("name", ["cffi==1.17.1", "numpy==2.1.3", "markupsafe==3.0.3"])
def test_thin_pairs_are_fused_for_both_architectures(
    name: str,
    tmp_path: Path,
    registry: str,
    connection: dict[str, str],
    request: pytest.FixtureRequest,
) -> None:
    host = make_sandbox(
        tmp_path / "host",
        Host(machine="arm64", universal2=True),
        template=request.getfixturevalue("template"),
        toolchain=request.getfixturevalue("toolchain"),
        index_url=registry,
    )

    result = host.run("install", "--arch", "universal2", name, env=connection)

    assert result.code == 0, result
    assert "_universal2.whl`, fused of `" in result.stderr
    for path in host.site.rglob("*.cpython-310-darwin.so"):
        assert archs_of(path.read_bytes()) == ("arm64", "x86_64"), path
    assert f"{name}\n" in host.run_pip("freeze").stdout.lower()


@pytest.mark.parametrize("name", ["azure-eventhub", "numpy", "cryptography", "pandas"])
def test_what_is_sound_passes_untouched(
    name: str, mac: Sandbox, connection: dict[str, str]
) -> None:
    result = mac.run("install", name, env=connection)

    assert result.code == 0, result
    assert "refused" not in result.stderr
    assert "warning:" not in result.stderr
