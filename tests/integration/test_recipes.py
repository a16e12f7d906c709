"""The recipes for tools that make environments, run by these tools as the guide has them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

from builders import fakehost
from builders.index import Index
from builders.packages import ARM64, MODULE, native
from builders.sandbox import Sandbox
from builders.universal import archs_of
from builders.wheels import native_tag
from builders.zig import Zig

pytestmark = pytest.mark.network

REPOSITORY = Path(__file__).parents[2]
GUIDE = REPOSITORY / "docs" / "how-to" / "fresh-environments.md"
TOOLS = ("tox", "nox", "pre-commit")
OURSELVES = ("flit_core>=3.10,<5", "macholib", "packaging", "rich")
"""What installing pip-archguard from a clone takes."""
BAD = native_tag("macosx_14_0_universal2")
PLUGIN = f"""
import shutil
from virtualenv.activation.activator import Activator

class FakeHost(Activator):
    def generate(self, creator):
        shutil.copy({fakehost.__file__!r}, creator.purelib / "fakehost.py")
        (creator.purelib / "fakehost.pth").write_text({fakehost.PTH_LINE!r})
        return []
"""
"""Lets what virtualenv makes pass for a Mac, too."""
_SECONDS = 600


def recipe(tool: str, language: str) -> str:
    """Return the one block of this language in the section of a tool."""
    section = re.split(r"^## ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (text,) = (part for part in section if part.startswith(f"{tool}\n"))
    (block,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(block)


def download(folder: Path, *requirements: str) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "-d", str(folder)]
    subprocess.run([*command, *requirements], check=True, timeout=_SECONDS)
    return folder


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the tools, and a plug-in of virtualenv's."""
    folder = tmp_path_factory.mktemp("tools")
    venv.EnvBuilder(symlinks=True, with_pip=True).create(folder)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", *TOOLS]
    subprocess.run(install, check=True, timeout=_SECONDS)
    (site,) = folder.glob("lib/*/site-packages")
    (site / "fakehost_plugin.py").write_text(PLUGIN)
    info = site / "fakehost_plugin-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fakehost-plugin\nVersion: 1\n")
    entry = "fakehost = fakehost_plugin:FakeHost"
    (info / "entry_points.txt").write_text(f"[virtualenv.activate]\n{entry}\n")
    return folder


@pytest.fixture(scope="session")
def ourselves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return download(tmp_path_factory.mktemp("ourselves"), *OURSELVES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """A folder with a project, the tools, and pip-archguard of an environment of its own."""

    host: Sandbox
    tools: Path

    def run(
        self, *command: str | Path, **variables: str | Path
    ) -> subprocess.CompletedProcess[str]:
        """Run a tool, or a program of an environment that is activated by `PATH`."""
        search = (self.host.folder / "programs", self.tools / "bin", os.environ["PATH"])
        environment = {
            **self.host.environment(),
            "PATH": os.pathsep.join(map(str, search)),
            "TOX_OVERRIDE": "testenv.pass_env=FAKEHOST*;pkgenv.pass_env=FAKEHOST*",
            "PRE_COMMIT_HOME": str(self.host.folder / "pre-commit"),
            "VIRTUALENV_OVERRIDE_APP_DATA": str(self.host.folder / "virtualenv"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{name: str(value) for name, value in variables.items()},
        }
        return subprocess.run(
            list(map(str, command)),
            cwd=self.host.work,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )

    def write(self, name: str, text: str) -> None:
        (self.host.work / name).write_text(text, encoding="utf-8")

    def demo(self) -> tuple[str, ...]:
        """Return what architecture the module has that a tool installed into its environment."""
        (path,) = self.host.folder.rglob(f"lib/*/site-packages/demo/{MODULE}")
        return archs_of(path.read_bytes())


@pytest.fixture
def workplace(arm64: Sandbox, tools: Path, index: Index, zig: Zig) -> Workplace:
    """A Mac with Apple silicon, and a package whose first wheel cannot load there."""
    index.add_wheel("demo", "1.0", BAD, native("demo", zig.extension("_c", "x86_64")))
    index.add_wheel("demo", "1.0", ARM64, native("demo", zig.extension("_c", "arm64")))
    program = arm64.folder / "programs" / "pip-archguard"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{arm64.python}" -m pip_archguard "$@"\n')
    program.chmod(0o755)
    return Workplace(host=arm64, tools=tools)


TOX = "[tox]\nno_package = true\n{}deps = demo\ncommands = python --version\n"


@pytest.mark.parametrize(
    ("testenv", "arch"),
    [(recipe("tox", "ini"), "arm64"), ("[testenv]\n", "x86_64")],
    ids=["recipe", "plain"],
)
def test_tox_installs_what_loads(testenv: str, arch: str, workplace: Workplace) -> None:
    workplace.write("tox.ini", TOX.format(testenv))

    done = workplace.run("tox", "run", "-e", "py")

    assert done.returncode == 0, done.stdout
    assert workplace.demo() == (arch,)


def test_tox_builds_with_what_loads(workplace: Workplace) -> None:
    testenv = recipe("tox", "ini")
    workplace.write("tox.ini", testenv + testenv.replace("[testenv]", "[pkgenv]"))
    workplace.write("setup.py", "import demo, setuptools\nsetuptools.setup(name='project')\n")
    build = 'requires = ["setuptools", "demo"]\nbuild-backend = "setuptools.build_meta"\n'
    workplace.write("pyproject.toml", f"[build-system]\n{build}")

    done = workplace.run("tox", "run", "-e", "py", "--notest")

    assert done.returncode == 0, done.stdout
    assert workplace.demo() == ("arm64",)


NOX = "import nox\n\n{}\n@nox.session\ndef tests(session):\n    {}(session, 'demo')\n"


@pytest.mark.parametrize(
    ("call", "arch"),
    [("install", "arm64"), ("nox.Session.install", "x86_64")],
    ids=["recipe", "plain"],
)
def test_nox_installs_what_loads(call: str, arch: str, workplace: Workplace) -> None:
    workplace.write("noxfile.py", NOX.format(recipe("nox", "python"), call))

    done = workplace.run("nox", "--error-on-external-run")

    assert done.returncode == 0, done.stdout
    assert workplace.demo() == (arch,)


HOOK = """
repos:
  - repo: local
    hooks:
      - id: demo
        name: demo
        entry: python --version
        language: python
        additional_dependencies: [demo]
"""


@pytest.mark.parametrize("which", ["recipe", "plain"])
def test_pre_commit_installs_what_loads(which: str, workplace: Workplace) -> None:
    workplace.write(".pre-commit-config.yaml", HOOK)
    workplace.run("git", "init")
    lines = recipe("pre-commit", "console").replace("numpy", "demo").splitlines()
    commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    if which == "plain":
        commands = ["pre-commit install-hooks"]

    done = [workplace.run("sh", "-c", command) for command in commands]

    assert [each.returncode for each in done] == [0] * len(commands), done[-1].stdout
    assert workplace.demo() == (("arm64",) if which == "recipe" else ("x86_64",))


@pytest.mark.parametrize("which", ["recipe", "plain"])
def test_cibuildwheel_would_test_with_what_loads(
    which: str, workplace: Workplace, index: Index, ourselves: Path, zig: Zig
) -> None:
    """As its source has it: virtualenv, `before-test`, the wheel, then `test-requires`."""
    index.add_folder(ourselves)
    own = index.add_wheel("own", "1.0", BAD, native("own", zig.extension("_c", "x86_64")))
    workplace.write(own, "")
    workplace.host.work.joinpath(own).write_bytes(index.content(own))
    made = workplace.run("virtualenv", "testing")
    path = os.pathsep.join((str(workplace.host.work / "testing" / "bin"), os.environ["PATH"]))
    found = re.search(r'^before-test = "(.*)"$', recipe("cibuildwheel", "toml"), re.MULTILINE)
    assert found is not None
    line = found[1].replace("{project}/path/to/clone", str(REPOSITORY))

    before = workplace.run("/bin/sh", "-c", line if which == "recipe" else "true", PATH=path)
    wheel = workplace.run("python", "-m", "pip", "install", own, PATH=path)
    requires = workplace.run("python", "-m", "pip", "install", "demo", PATH=path)

    assert (made.returncode, before.returncode) == (0, 0), before.stdout
    assert wheel.returncode == (40 if which == "recipe" else 0), wheel.stdout
    assert requires.returncode == 0, requires.stdout
    assert workplace.demo() == (("arm64",) if which == "recipe" else ("x86_64",))
