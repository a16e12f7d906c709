"""`--arch` of the architecture that this process is not: the run begins again as that."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builders.index import Index
from builders.packages import ARM64, MODULE, UNIVERSAL2, X86_64, native
from builders.sandbox import Host, NewHost, Sandbox
from builders.universal import join_slices
from builders.zig import Machine, Zig

SWITCHES = "as x86_64 under Rosetta: `"


@pytest.fixture
def thin(index: Index, zig: Zig) -> Index:
    """A thin wheel for each architecture."""
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    index.add_wheel("demo", "1.0", X86_64, native("demo", zig.extension("_c", "x86_64")))
    return index


@pytest.fixture
def interpreter(zig: Zig, tmp_path: Path) -> Path:
    """What passes for the binary of a Python that has both slices."""
    path = tmp_path / "python-both"
    path.write_bytes(join_slices(zig.executable("x86_64"), zig.executable("arm64")))
    return path


@pytest.fixture
def universal(new_host: NewHost, interpreter: Path) -> Sandbox:
    """Apple silicon with such a Python."""
    return new_host(Host(machine="arm64", universal2=True, interpreter=interpreter))


@pytest.mark.usefixtures("thin")
@pytest.mark.parametrize(
    ("words", "env"),
    [(("--arch", "x86_64"), {}), ((), {"PIP_ARCH": "x86_64"})],
    ids=["option", "variable"],
)
def test_the_other_architecture_is_what_pip_then_chooses_for(
    words: tuple[str, ...], env: dict[str, str], universal: Sandbox
) -> None:
    result = universal.run("install", *words, "demo", env=env)

    assert result.code == 0, result
    assert universal.native_arch(f"demo/{MODULE}") == ("x86_64",)
    assert result.stderr.count(SWITCHES) == 1
    assert "translated-process" not in result.stderr
    assert "fit for macOS 14 x86_64" in result.stderr
    assert result.stdout.count("Successfully installed demo-1.0") == 1


def test_a_rescue_builds_for_it_and_plain_pip_is_told_how_to_start(
    universal: Sandbox, new_host: NewHost, interpreter: Path, index: Index, zig: Zig
) -> None:
    index.add_wheel("demo", "1.0", X86_64, native("demo", zig.extension("_c", "arm64")))
    index.add_sdist("demo", "1.0")

    result = universal.run("install", "--arch", "x86_64", "demo")

    assert result.code == 0, result
    assert universal.native_arch(f"demo/{MODULE}") == ("x86_64",)
    (line,) = (s for s in result.stderr.splitlines() if s.startswith("plain pip: "))
    plain = new_host(Host(machine="arm64", universal2=True, interpreter=interpreter))
    words = [w.replace("python", str(plain.python)) for w in shlex.split(line)[2:]]
    flags = dict(w.split("=", 1) for w in words if "=" in w and not w.startswith("demo"))
    again = subprocess.run(
        words[len(flags) :],
        env=plain.environment() | flags,
        cwd=plain.work,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again
    assert plain.native_arch(f"demo/{MODULE}") == ("x86_64",)


@pytest.mark.usefixtures("thin")
def test_from_rosetta_the_way_back_is_open_too(new_host: NewHost, interpreter: Path) -> None:
    host = Host(machine="x86_64", translated=True, universal2=True, interpreter=interpreter)
    terminal = new_host(host)

    result = terminal.run("install", "--arch", "arm64", "demo")

    assert result.code == 0, result
    assert terminal.native_arch(f"demo/{MODULE}") == ("arm64",)


@pytest.mark.usefixtures("thin")
@pytest.mark.parametrize("arch", ["arm64", "universal2"])
def test_what_this_process_can_do_itself_does_not_begin_again(
    arch: str, universal: Sandbox
) -> None:
    result = universal.run("install", "--arch", arch, "demo")

    assert "Rosetta" not in result.stderr.partition("refused")[0]


def test_exit_codes_and_options_pass_through(universal: Sandbox, index: Index, zig: Zig) -> None:
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    index.add_wheel("bad", "1.0", X86_64, native("bad", zig.extension("_c", "arm64")))
    before = universal.files()

    absent = universal.run("-v", "install", "--arch", "x86_64", "demo")
    refused = universal.run("-q", "install", "--arch", "x86_64", "bad")
    usage = universal.run("install", "--arch", "x86_64")

    assert (absent.code, refused.code, usage.code) == (1, 40, universal.run_pip("install").code)
    assert SWITCHES in absent.stderr
    assert SWITCHES not in refused.stderr
    assert universal.files() == before


@pytest.mark.usefixtures("thin")
def test_another_interpreter_begins_again_itself(
    universal: Sandbox, new_host: NewHost, interpreter: Path
) -> None:
    host = Host(machine="arm64", universal2=True, interpreter=interpreter)
    other = new_host(host, bare=True)

    result = universal.run("--python", other.python, "install", "--arch", "x86_64", "demo")

    assert result.code == 0, result
    assert other.native_arch(f"demo/{MODULE}") == ("x86_64",)
    assert "demo" not in universal.installed()


@pytest.mark.usefixtures("thin")
@pytest.mark.parametrize(
    ("slices", "host", "arch", "said"),
    [
        (("arm64",), Host(machine="arm64"), "x86_64", "` is arm64 only, so it cannot run as"),
        (
            ("arm64", "x86_64"),
            Host(machine="arm64", rosetta=False),
            "x86_64",
            "softwareupdate --install-rosetta",
        ),
        (("arm64", "x86_64"), Host(machine="x86_64"), "arm64", "has an Intel processor"),
    ],
    ids=["one slice", "no Rosetta", "Intel"],
)
def test_what_cannot_be_is_said_before_anything_is_done(
    slices: tuple[Machine, ...],
    host: Host,
    arch: str,
    said: str,
    new_host: NewHost,
    zig: Zig,
    tmp_path: Path,
) -> None:
    binary = tmp_path / "python-of-the-host"
    parts = [zig.executable(machine) for machine in slices]
    binary.write_bytes(join_slices(*parts) if len(parts) > 1 else parts[0])
    sandbox = new_host(replace(host, interpreter=binary))
    before = sandbox.files()

    result = sandbox.run("install", "--arch", arch, "demo")

    assert result.code == 42, result
    assert "error: cannot-run-as" in result.stderr
    assert said in result.stderr
    assert result.stdout == ""
    assert sandbox.files() == before


def test_for_another_place_arch_narrows_what_is_accepted(
    arm64: Sandbox, index: Index, zig: Zig
) -> None:
    index.add_wheel("thin", "1.0", ARM64, native("thin", zig.extension("_c", "arm64")))
    index.add_wheel("both", "1.0", UNIVERSAL2, native("both", zig.fat_extension("_c")))

    taken = arm64.run("install", "--arch", "x86_64", "--target", "t", "both")
    refused = arm64.run("install", "--arch", "x86_64", "--target", "t", "thin")

    assert (taken.code, refused.code) == (0, 40), (taken, refused)
