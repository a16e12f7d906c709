"""Real Mach-O and ELF files, compiled from a few lines of C."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builders.compiler import DEPLOYMENT_TARGET, ZIG_MACHINES
from builders.toolchain import zig_cache
from builders.universal import join_slices

Machine = Literal["arm64", "x86_64"]

_SECONDS = 300  # the first build for a target compiles zig's own libraries, too
_FLAT = ("-undefined", "dynamic_lookup")
_ELF_TARGET = "x86_64-linux-gnu"

# PyModuleDef of the stable ABI, by hand: the file serves every Python, and needs no headers.
_MODULE = """\
extern void *PyModuleDef_Init(void *definition);
static struct {{ long refcount; void *type, *init; long index; void *copy; const char *name;
  void *rest[7]; }} definition = {{ .refcount = 1, .name = "{name}" }};
"""

_EXTENSION = (
    _MODULE
    + """\
void *PyInit_{name}(void) {{ return PyModuleDef_Init(&definition); }}
"""
)

_LINKING = (
    _MODULE
    + """\
extern int answer(void);
void *PyInit_{name}(void) {{ return answer() ? PyModuleDef_Init(&definition) : 0; }}
"""
)

_HOLLOW = (
    _MODULE
    + """\
{helpers}
void *PyInit_{name}(void) {{ return {calls} ? PyModuleDef_Init(&definition) : 0; }}
"""
)

_HELPER = """\
#ifdef __x86_64__
int {name}(void) {{ return 1; }}
#else
extern int {name}(void);
#endif"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zig:
    """A compiler whose output is kept in a folder, by what went in."""

    cache: Path

    def extension(self, name: str, arch: Machine) -> bytes:
        """Return a thin extension module that defines `PyInit_<name>`."""
        return self.build(_EXTENSION.format(name=name), _mac(arch), "-shared", *_FLAT)

    def fat_extension(self, name: str) -> bytes:
        """Return an extension module that loads as either architecture."""
        return join_slices(self.extension(name, "x86_64"), self.extension(name, "arm64"))

    def hollow_extension(
        self, name: str, helpers: tuple[str, ...] = ("helper_one", "helper_two", "helper_three")
    ) -> bytes:
        """Return a universal module whose arm64 slice lacks the helpers the other one has."""
        source = _hollow(name, helpers)
        intel = self.build(source, _mac("x86_64"), "-shared", *_FLAT)
        return join_slices(intel, self.thin_hollow_extension(name, helpers))

    def thin_hollow_extension(self, name: str, helpers: tuple[str, ...]) -> bytes:
        """Return an arm64 module that calls helpers which nobody has."""
        return self.build(_hollow(name, helpers), _mac("arm64"), "-shared", *_FLAT)

    def dylib(self, arch: Machine, function: str = "answer", name: str = "libanswer") -> bytes:
        """Return a library without Python, which is to lie beside what links it."""
        source = f"int {function}(void) {{ return 42; }}\n"
        install_name = f"-Wl,-install_name,@loader_path/{name}.dylib"
        return self.build(source, _mac(arch), "-shared", install_name)

    def linking_extension(self, name: str, arch: Machine, library: str = "libanswer") -> bytes:
        """Return a module that takes `answer` from a library beside it."""
        source = _LINKING.format(name=name)
        needed = {f"{library}.dylib": self.dylib(arch, name=library)}
        flags = ("-shared", *_FLAT, f"{library}.dylib")
        return self.build(source, _mac(arch), *flags, needed=needed)

    def executable(self, arch: Machine) -> bytes:
        """Return a program."""
        return self.build("int main(void) { return 0; }\n", _mac(arch))

    def elf_extension(self, name: str, target: str = _ELF_TARGET) -> bytes:
        """Return an extension module for Linux, which is real code where tests run on x86_64.

        `target` is zig's name of a machine, which may end with the version of glibc.
        """
        return self.build(_EXTENSION.format(name=name), target, "-shared", "-fPIC")

    def elf_linking_extension(
        self, name: str, library: str, target: str = _ELF_TARGET
    ) -> tuple[bytes, bytes]:
        """Return a module that takes `answer` from a library in `$ORIGIN/libs`, and that."""
        source = "int answer(void) { return 42; }\n"
        shared = ("-shared", "-fPIC")
        lent = self.build(source, target, *shared, f"-Wl,-soname,{library}")
        flags = (*shared, library, "-Wl,-rpath,$ORIGIN/libs")
        source = _LINKING.format(name=name)
        return self.build(source, target, *flags, needed={library: lent}), lent

    def build(
        self, source: str, target: str, *flags: str, needed: Mapping[str, bytes] | None = None
    ) -> bytes:
        """Compile one C source, once, beside the files it needs."""
        parts = (importlib.metadata.version("ziglang"), source, target, *flags)
        kept = self.cache / hashlib.sha256("\0".join(parts).encode()).hexdigest()
        if not kept.exists():
            self.cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.cache) as folder:
                # Atomic: several test processes share the cache.
                for name, content in (needed or {}).items():
                    (Path(folder) / name).write_bytes(content)
                _compile(Path(folder), source, target, flags).replace(kept)
        return kept.read_bytes()


def _hollow(name: str, helpers: tuple[str, ...]) -> str:
    return _HOLLOW.format(
        name=name,
        helpers="\n".join(_HELPER.format(name=helper) for helper in helpers),
        calls=" + ".join(f"{helper}()" for helper in helpers),
    )


def _mac(arch: Machine) -> str:
    return f"{ZIG_MACHINES[arch]}-macos.{DEPLOYMENT_TARGET}"


def _compile(folder: Path, source: str, target: str, flags: tuple[str, ...]) -> Path:
    (folder / "source.c").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "ziglang", "cc", "-target", target, "-O1", "-g0", *flags]
    done = subprocess.run(
        [*command, "-o", "output", "source.c"],
        cwd=folder,
        env=os.environ | {"ZIG_GLOBAL_CACHE_DIR": zig_cache()},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        message = f"zig failed for {target}:\n{done.stderr}"
        raise AssertionError(message)
    return folder / "output"
