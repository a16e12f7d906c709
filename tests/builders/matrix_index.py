"""An index with one package of each kind that a matrix of targets tells apart."""

from __future__ import annotations

from collections.abc import Sequence

from builders.elf_bytes import elf_file
from builders.index import Index
from builders.macho_bytes import Part, fat, thin
from builders.packages import ANY, ARM64, UNIVERSAL2, X86_64, native, pure
from builders.pe_bytes import pe
from builders.sdists import tar_of
from builders.wheels import Archive, make_metadata, native_tag
from pip_archguard.model.arch import Arch

LINUX = native_tag("manylinux_2_17_x86_64.manylinux2014_x86_64")
LINUX_ARM64 = native_tag("manylinux_2_28_aarch64")
WINDOWS = native_tag("win_amd64")
TRIPWIRE = "raise SystemExit(open(__import__('os').environ['TRIPWIRE'], 'w').write('ran'))\n"
"""A setup.py that leaves a trace if anything runs it."""

REQUIREMENTS = (
    *("pair", "both", "lying", "static", "legacy", "unknowable"),
    *("linuxonly", 'macdep; sys_platform == "darwin"'),
)
_INIT = ("_PyInit__c",)
_MINOS = {Arch.ARM64: (11, 0, 0), Arch.X86_64: (10, 9, 0)}


def module(*archs: Arch) -> bytes:
    """Return an extension module for these architectures."""
    slices = [thin(arch, exported=_INIT, minos=_MINOS[arch]) for arch in archs]
    return slices[0] if len(slices) == 1 else fat([Part(content=each) for each in slices])


def linux(name: str, arch: Arch = Arch.X86_64) -> dict[str, bytes]:
    """Return the files of a package with a module for Linux."""
    return native(name, elf_file(arch, symbols=b"\0PyInit__c\0"), "_c.abi3.so")


def windows(name: str) -> dict[str, bytes]:
    """Return the files of a package with a module for Windows."""
    return native(name, pe(exports=["PyInit__c"]), "_c.pyd")


def source(
    name: str,
    version: str,
    pkg_info: bytes,
    *,
    pyproject: bytes | None = None,
    served: bool = False,
) -> Archive:
    """Return an sdist whose code must never run; `served` offers its PKG-INFO as metadata."""
    stem = f"{name}-{version}"
    members = {"PKG-INFO": pkg_info, "setup.py": TRIPWIRE.encode()}
    if pyproject is not None:
        members["pyproject.toml"] = pyproject
    metadata = pkg_info if served else None
    return Archive(filename=f"{stem}.tar.gz", content=tar_of(stem, members), metadata=metadata)


def static_metadata(name: str, version: str, requires: Sequence[str]) -> bytes:
    """Return a PKG-INFO on whose dependencies one may rely (PEP 643)."""
    return make_metadata(name, version, requires=requires).replace(b": 2.1\n", b": 2.2\n", 1)


def fill(index: Index) -> Index:
    """Offer them all, and return the index.

    `pair` is a thin pair, `both` universal2, `lying` mislabelled with an sdist, `static` an
    sdist that declares what it needs, `legacy` one that does not, with a wheel for Windows
    beside it, `unknowable` one without; `linuxonly` has nothing for Macs, and `macdep` is
    needed there only.
    """
    arm64, intel = module(Arch.ARM64), module(Arch.X86_64)
    index.add_wheel("pair", "1.0", ARM64, native("pair", arm64), requires=["leaf>=1"])
    index.add_wheel("pair", "1.0", X86_64, native("pair", intel), requires=["leaf>=1"])
    for tag, files in (
        (LINUX, linux("pair")),
        (LINUX_ARM64, linux("pair", Arch.ARM64)),
        (WINDOWS, windows("pair")),
    ):
        index.add_wheel("pair", "1.0", tag, files, requires=["leaf>=1"])
    index.add(source("pair", "1.0", static_metadata("pair", "1.0", ["leaf>=1"])))
    index.add_wheel("both", "1.0", UNIVERSAL2, native("both", module(Arch.ARM64, Arch.X86_64)))
    index.add_wheel("both", "1.0", LINUX, linux("both"))
    index.add_wheel("lying", "2.0", UNIVERSAL2, native("lying", intel))
    index.add(source("lying", "2.0", static_metadata("lying", "2.0", [])))
    index.add(source("static", "1.0", static_metadata("static", "1.0", ["pulled"])))
    index.add_wheel("pulled", "1.0", ANY, pure("pulled"))
    index.add(source("legacy", "1.0", make_metadata("legacy", "1.0")))
    index.add_wheel("legacy", "1.0", WINDOWS, windows("legacy"), requires=["sibling-dep"])
    index.add_wheel("sibling-dep", "1.0", ANY, pure("sibling_dep"))
    index.add(source("unknowable", "1.0", make_metadata("unknowable", "1.0", requires=["gone"])))
    index.add_wheel("linuxonly", "1.0", LINUX, linux("linuxonly"))
    index.add_wheel("macdep", "1.0", ANY, pure("macdep"))
    index.add_wheel("leaf", "1.5", ANY, pure("leaf"))
    return index
