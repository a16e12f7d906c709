"""A virtual environment of its own for each test, on a host that may pass for a Mac."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from builders.site_template import write_fakehost
from builders.toolchain import zig_cache
from builders.universal import archs_of
from builders.wheels import normalise

_SECONDS = 300
_KEPT = ("LANG", "LD_LIBRARY_PATH", "TZ")
_SITE = Path("lib", f"python{sys.version_info.major}.{sys.version_info.minor}", "site-packages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The machine and system a sandbox passes for; without `machine`, the real one."""

    machine: str | None = None
    macver: str = "14.0"
    target: str = "11.0"
    universal2: bool = False
    translated: bool = False
    rosetta: bool = True
    interpreter: Path | None = None

    def environment(self) -> dict[str, str]:
        """Return the variables that make it so."""
        if self.machine is None:
            return {}
        variables = {
            "FAKEHOST": self.machine,
            "FAKEHOST_MACVER": self.macver,
            "FAKEHOST_TARGET": self.target,
        }
        if self.universal2:
            variables["FAKEHOST_UNIVERSAL2"] = "1"
        if self.translated:
            variables["FAKEHOST_TRANSLATED"] = "1"
        if not self.rosetta:
            variables["FAKEHOST_ROSETTA"] = "0"
        if self.interpreter is not None:
            variables["FAKEHOST_INTERPRETER"] = str(self.interpreter)
        return variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command did."""

    args: tuple[str, ...]
    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A virtual environment, a home folder and a host."""

    folder: Path
    host: Host
    index_url: str
    toolchain: Path

    @property
    def python(self) -> Path:
        """The interpreter of the environment."""
        return self.folder / "venv" / "bin" / "python"

    @property
    def site(self) -> Path:
        """Its site-packages."""
        return self.folder / "venv" / _SITE

    @property
    def work(self) -> Path:
        """The folder that commands run in, empty at first."""
        return self.folder / "work"

    def run(self, *args: str | Path, env: Mapping[str, str] | None = None) -> Result:
        """Run the guard."""
        return self.run_python("-m", "pip_archguard", *args, env=env)

    def run_pip(self, *args: str | Path, env: Mapping[str, str] | None = None) -> Result:
        """Run plain pip."""
        return self.run_python("-m", "pip", *args, env=env)

    def run_python(self, *args: str | Path, env: Mapping[str, str] | None = None) -> Result:
        """Run the interpreter."""
        words = tuple(map(str, args))
        done = subprocess.run(
            [str(self.python), *words],
            cwd=self.work,
            env=self.environment() | dict(env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
        return Result(args=words, code=done.returncode, stdout=done.stdout, stderr=done.stderr)

    def environment(self) -> dict[str, str]:
        """Return the variables that commands see: nothing of the caller's configuration."""
        home = self.folder / "home"
        search = (str(self.toolchain), str(self.python.parent), os.environ.get("PATH", os.defpath))
        return {
            **{key: os.environ[key] for key in _KEPT if key in os.environ},
            **self.host.environment(),
            "PATH": os.pathsep.join(search),
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "TMPDIR": str(self.folder / "tmp"),
            "COLUMNS": "400",  # pip wraps what it prints at the width of the terminal
            "PIP_CACHE_DIR": str(home / "pip-cache"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_INDEX_URL": self.index_url,
            "PIP_NO_INPUT": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
            "ZCC_PYTHON": sys.executable,
            "ZIG_GLOBAL_CACHE_DIR": zig_cache(),
        }

    def installed(self) -> dict[str, str]:
        """Return the version of every installed distribution, by normalised name."""
        found = importlib.metadata.distributions(path=[str(self.site)])
        return {normalise(each.metadata["Name"]): each.version for each in found}

    def files(self) -> dict[str, str]:
        """Return the hash of every file of the environment, byte code aside."""
        root = self.folder / "venv"
        return {
            path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(root.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }

    def native_arch(self, pattern: str) -> tuple[str, ...]:
        """Return the architectures of the one file in site-packages that the pattern names."""
        (path,) = self.site.glob(pattern)
        return archs_of(path.read_bytes())


class NewHost(Protocol):
    """Makes a sandbox; `with_setuptools` adds that, `bare` leaves out everything, even pip."""

    def __call__(self, host: Host, *, with_setuptools: bool = False, bare: bool = False) -> Sandbox:
        """Return a fresh sandbox on this host."""


def make_sandbox(
    folder: Path, host: Host, *, template: Path | None, toolchain: Path, index_url: str
) -> Sandbox:
    """Make an environment with what the template holds, or a bare one."""
    sandbox = Sandbox(folder=folder, host=host, index_url=index_url, toolchain=toolchain)
    for name in ("home", "tmp", "work"):
        (folder / name).mkdir(parents=True)
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder / "venv")
    if template is not None:
        # Hard links, for speed: replace such a file, never write into it.
        shutil.copytree(template, sandbox.site, copy_function=os.link, dirs_exist_ok=True)
    write_fakehost(sandbox.site)
    return sandbox
