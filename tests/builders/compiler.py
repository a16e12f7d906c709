"""`zcc`, `zc++` and `zar`: Apple's compiler driver on top of `python -m ziglang`.

    ZCC_PYTHON       the Python that has the package `ziglang`
    ZCC_FORCE_ARCH   arm64|x86_64: a build that ignores the host
    ZCC_FORMAT=elf   a build that yields code for Linux

Several `-arch` are built one by one and joined. Zig writes MH_DYLIB where Apple's
`-bundle` writes MH_BUNDLE.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from builders.universal import join_slices, split_slices

ZIG_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
DEPLOYMENT_TARGET = "11.0"

_TIMEOUT = 300
_DROPPED = ("-fPIC", "-I/usr/include", "-I/usr/local/include", "-mmacosx-version-min=")
_DROPPED_WITH_VALUE = ("-isysroot", "-bundle_loader")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One call of the compiler, in zig's words and without its targets."""

    archs: tuple[str, ...]
    arguments: tuple[str, ...]
    output: int | None


def read_job(arguments: list[str], environ: dict[str, str]) -> Job:
    """Translate Apple's options."""
    elf = environ.get("ZCC_FORMAT") == "elf"
    archs: list[str] = []
    out: list[str] = ["-fPIC"] if elf else []
    output = None
    words = iter(arguments)
    for word in words:
        if word == "-arch":
            archs.append(next(words))
        elif word in _DROPPED_WITH_VALUE or (elf and word == "-undefined"):
            next(words)
        elif word == "-bundle":
            out.append("-shared")
        elif word == "-o":
            out += [word, next(words)]
            output = len(out) - 1
        elif not word.startswith(_DROPPED):
            out.append(word)
    forced = "elf" if elf else environ.get("ZCC_FORCE_ARCH")
    host = environ.get("FAKEHOST") or "arm64"
    chosen = (forced,) if forced else tuple(dict.fromkeys(archs)) or (host,)
    return Job(archs=chosen, arguments=tuple(out), output=output)


def zig_target(arch: str, environ: dict[str, str]) -> str:
    """Return zig's name of a target."""
    if arch == "elf":
        return "x86_64-linux-gnu"
    version = environ.get("MACOSX_DEPLOYMENT_TARGET") or environ.get("FAKEHOST_TARGET")
    return f"{ZIG_MACHINES[arch]}-macos.{version or DEPLOYMENT_TARGET}"


def run_zig(tool: str, *arguments: str, quiet: bool = False) -> int:
    """Run a tool of zig, in a process that is no fake host."""
    python = os.environ.get("ZCC_PYTHON") or sys.executable
    strange = ("FAKEHOST", "PYTHON", "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(strange)}
    command = [python, "-m", "ziglang", tool, *arguments]
    done = subprocess.run(command, env=environ, timeout=_TIMEOUT, check=False, capture_output=quiet)
    return done.returncode


def compile_job(tool: str, job: Job, folder: Path) -> int:
    """Build every architecture, then join them if there are several."""
    outputs = []
    for arch in job.archs:
        arguments = [_thin_input(word, arch, folder) for word in job.arguments]
        if job.output is not None and len(job.archs) > 1:
            arguments[job.output] = str(folder / f"{arch}.out")
            outputs.append(folder / f"{arch}.out")
        code = run_zig(tool, "-target", zig_target(arch, dict(os.environ)), *arguments)
        if code:
            return code
    if job.output is not None and outputs:
        Path(job.arguments[job.output]).write_bytes(join_slices(*(p.read_bytes() for p in outputs)))
    return 0


def _thin_input(word: str, arch: str, folder: Path) -> str:
    """Zig's linker takes thin objects: give it our slice of a universal one."""
    if not word.endswith(".o") or not Path(word).is_file():
        return word
    slices = split_slices(Path(word).read_bytes())
    if len(slices) < 2:  # thin as it is
        return word
    thin = folder / f"{arch}-{Path(word).name}"
    thin.write_bytes(slices[arch])
    return str(thin)


def main(program: str, arguments: list[str]) -> int:
    """Be the compiler or the archiver of this name."""
    if program == "zar":
        return run_zig("ar", *arguments)
    job = read_job(arguments, dict(os.environ))
    with tempfile.TemporaryDirectory() as folder:
        return compile_job("c++" if program.endswith("++") else "cc", job, Path(folder))
