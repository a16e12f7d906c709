"""`doctor` on simulated hosts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import UNIVERSAL2
from builders.sandbox import Host, NewHost, Sandbox
from builders.universal import join_slices
from builders.zig import Zig

PARTS = ("machine", "python", "pip", "tools", "variables", "conda", "cache")


def poison(sandbox: Sandbox, index: Index, zig: Zig) -> Path:
    """Put a wheel that cannot load on arm64 into the place of one that pip built and kept."""
    name = f"demo-1.0-{UNIVERSAL2}.whl"
    index.add_wheel("demo", "1.0", UNIVERSAL2, {"demo/_c.abi3.so": zig.extension("_c", "x86_64")})
    kept = sandbox.folder / "home" / "pip-cache" / "wheels" / "a" / "b" / name
    kept.parent.mkdir(parents=True)
    kept.write_bytes(index.content(name))
    return kept


def plain(text: str) -> str:
    """Return the text with one space between its words."""
    return " ".join(text.split())


def test_a_sound_mac_has_no_problem(arm64: Sandbox) -> None:
    result = arm64.run("doctor")

    assert result.code == 0, result
    assert "system macOS 14.0" in plain(result.stdout)
    assert "this process arm64" in plain(result.stdout)
    assert "can be guarded yes" in plain(result.stdout)
    assert "PIP_INDEX_URL" in result.stdout
    assert arm64.index_url not in result.stdout
    assert result.stdout.rstrip().endswith("no problem found")


def test_a_universal_python_under_rosetta_is_a_problem(new_host: NewHost, zig: Zig) -> None:
    both = join_slices(zig.executable("x86_64"), zig.executable("arm64"))
    sandbox = new_host(Host(machine="x86_64", translated=True))
    interpreter = sandbox.folder / "python-of-both"
    interpreter.write_bytes(both)

    result = sandbox.run("doctor", env={"FAKEHOST_INTERPRETER": str(interpreter)})

    assert result.code == 1, result
    assert "this process x86_64, under Rosetta" in plain(result.stdout)
    assert "its binary arm64 and x86_64" in plain(result.stdout)
    assert "problem: translated-process" in result.stdout
    assert f"arch -arm64 {sandbox.python} …" in result.stdout


def test_rosetta_is_there_if_arch_says_so(arm64: Sandbox) -> None:
    without = {"FAKEHOST_ROSETTA": "0"}

    assert "Rosetta not there" in plain(arm64.run("doctor", env=without).stdout)
    assert "Rosetta there" in plain(arm64.run("doctor").stdout)


def test_a_poisoned_cache_is_told_with_what_cleans_it(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    kept = poison(arm64, index, zig)

    result = arm64.run("doctor")

    assert result.code == 1, result
    assert f"problem: poisoned-cache\npip built `{kept.name}`" in result.stdout
    (command,) = (line for line in result.stdout.splitlines() if "  pip cache remove" in line)
    assert arm64.run_pip(*command.split()[1:]).code == 0
    assert not kept.exists()
    assert arm64.run("doctor").code == 0


def test_the_cache_is_sound_for_the_other_architecture(
    intel: Sandbox, index: Index, zig: Zig
) -> None:
    poison(intel, index, zig)

    assert "cannot load 0" in plain(intel.run("doctor").stdout)


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"ARCHFLAGS": "-arch x86_64"}, "problem: other-arch-set"),
        ({"CONDA_PREFIX": "/nowhere"}, "no problem found"),
        ({"PIP_NO_CACHE_DIR": "1"}, "switched off"),
        ({"PIP_ARCH_POLICY": "warn"}, "PIP_ARCH_POLICY"),
        ({"PATH": ""}, "none"),
        ({"HOME": "/nowhere"}, "no problem found"),
    ],
    ids=["archflags", "conda", "no-cache", "policy", "no-path", "no-home"],
)
def test_odd_surroundings_are_told_and_never_a_crash(
    env: dict[str, str], told: str, arm64: Sandbox
) -> None:
    result = arm64.run("doctor", env=env)

    assert told in result.stdout, result
    assert result.code == ("problem:" in result.stdout)
    assert "Traceback" not in result.stderr


def test_the_document_is_one_on_standard_output(rosetta: Sandbox) -> None:
    result = rosetta.run("doctor", "--format", "json")

    document = json.loads(result.stdout)
    assert document["version"] == "1"
    assert all(document[part] is not None for part in PARTS)
    assert document["machine"]["translated"] is True
    assert result.code == bool(document["problems"])


def test_it_works_on_linux(linux: Sandbox) -> None:
    result = linux.run("doctor")

    assert result.code == 0, result
    assert "Rosetta" not in result.stdout


def test_it_takes_no_arguments(arm64: Sandbox) -> None:
    result = arm64.run("doctor", "x")

    assert result.code == 2
    assert "error: unreadable-input" in result.stderr
