"""Environments and apps on disk, laid out as their makers do; the files are made in code.

The layouts follow PyInstaller 6 ("Run-time Information", `building/osx.py`), Nuitka's
standalone mode, Briefcase's macOS template, py2app and conda. No code in them runs.
"""

from __future__ import annotations

import json
import plistlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from builders.macho_bytes import fat, thin
from pip_archguard.model.arch import Arch
from pip_archguard.model.binary import Kind

SUFFIX = ".cpython-312-darwin.so"
ARM64, X86_64 = Arch.ARM64, Arch.X86_64
ARM64_TAG = "cp312-cp312-macosx_11_0_arm64"
BOTH_TAG = "cp312-cp312-macosx_11_0_universal2"


def module(*archs: Arch, links: Iterable[str] = (), rpaths: Iterable[str] = ()) -> bytes:
    """Return an extension module for these architectures."""
    return _file(archs, Kind.BUNDLE, tuple(links), tuple(rpaths))


def library(*archs: Arch, name: str = "", links: Iterable[str] = ()) -> bytes:
    """Return a dynamic library that calls itself by this install name."""
    return _file(archs, Kind.DYLIB, tuple(links), (), name or None)


def program(*archs: Arch, links: Iterable[str] = (), rpaths: Iterable[str] = ()) -> bytes:
    """Return an executable."""
    return _file(archs, Kind.EXECUTABLE, tuple(links), tuple(rpaths))


def _file(
    archs: tuple[Arch, ...],
    kind: Kind,
    links: tuple[str, ...],
    rpaths: tuple[str, ...],
    name: str | None = None,
) -> bytes:
    slices = [
        thin(
            arch,
            kind,
            dylibs=("/usr/lib/libSystem.B.dylib", *links),
            rpaths=rpaths,
            install_name=name,
        )
        for arch in archs
    ]
    return slices[0] if len(slices) == 1 else fat(slices)


def write(root: Path, files: Mapping[str, bytes | str]) -> None:
    """Write files below a folder; text that begins with `->` is a link to what follows."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content.startswith("->"):
            path.symlink_to(content.removeprefix("->"))
        else:
            path.write_text(content, encoding="utf-8")


def install(
    site: Path,
    name: str,
    files: Mapping[str, bytes | str],
    *,
    version: str = "1.0",
    tag: str = ARM64_TAG,
    named: Iterable[str] = (),
    direct_url: Mapping[str, object] | None = None,
    installer: str = "pip",
) -> Path:
    """Install a distribution as pip does; RECORD has the `named` files, too."""
    write(site, files)
    metadata = site / f"{name}-{version}.dist-info"
    own = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nText\n",
        "WHEEL": f"Wheel-Version: 1.0\nTag: {tag}\n",
        "INSTALLER": f"{installer}\n",
    }
    if direct_url is not None:
        own["direct_url.json"] = json.dumps(direct_url)
    write(metadata, own)
    paths = [*files, *(f"{metadata.name}/{each}" for each in own), *named]
    lines = [f"{path},sha256=x,1" for path in paths]
    write(metadata, {"RECORD": "\n".join([*lines, f"{metadata.name}/RECORD,,"]) + "\n"})
    return metadata


def conda_package(
    prefix: Path,
    name: str,
    files: Mapping[str, bytes | str],
    *,
    version: str = "1.0",
    subdir: str = "osx-arm64",
    named: Iterable[str] = (),
) -> None:
    """Put a package into a prefix as conda does."""
    write(prefix, files)
    content = {
        "name": name,
        "version": version,
        "subdir": subdir,
        "files": [*files, *named],
    }
    write(prefix, {f"conda-meta/{name}-{version}-0.json": json.dumps(content)})


def info_plist(executable: str) -> bytes:
    """Return the Info.plist of an app."""
    return plistlib.dumps({"CFBundleExecutable": executable, "CFBundleName": "Demo"})


def pyinstaller_folder(root: Path, *archs: Arch, library_archs: tuple[Arch, ...] = ()) -> Path:
    """Write `dist/demo` of PyInstaller 6, a one-folder program; return that folder.

    Libraries lie at the top of `_internal` under names that were rewritten to `@rpath`;
    what links them has `@loader_path` and as many `..` as it takes among its LC_RPATHs.
    """
    folder = root / "dist" / "demo"
    write(
        folder,
        {
            "demo": program(*archs),
            "_internal/Python": "->Python.framework/Versions/3.12/Python",
            "_internal/Python.framework/Versions/3.12/Python": library(*archs),
            "_internal/Python.framework/Versions/Current": "->3.12",
            "_internal/Python.framework/Python": "->Versions/Current/Python",
            "_internal/base_library.zip": b"PK\x03\x04",
            f"_internal/lib-dynload/_ssl{SUFFIX}": module(
                *archs, links=["@rpath/libssl.3.dylib"], rpaths=["@loader_path/.."]
            ),
            "_internal/libssl.3.dylib": library(*(library_archs or archs)),
            f"_internal/demo_native/_c{SUFFIX}": module(
                *archs, links=["@rpath/Python"], rpaths=["@loader_path/.."]
            ),
        },
    )
    return folder


def pyinstaller_app(root: Path, *archs: Arch, library_archs: tuple[Arch, ...] = ()) -> Path:
    """Write `Demo.app` of PyInstaller 6: real binaries in Frameworks, data in Resources.

    What lies in one of the two is linked into the other, file by file or folder by folder.
    """
    app = root / "Demo.app"
    write(
        app,
        {
            "Contents/Info.plist": info_plist("demo"),
            "Contents/MacOS/demo": program(*archs),
            "Contents/Frameworks/Python.framework/Versions/3.12/Python": library(*archs),
            "Contents/Frameworks/Python.framework/Versions/Current": "->3.12",
            "Contents/Frameworks/Python": "->Python.framework/Versions/3.12/Python",
            f"Contents/Frameworks/lib-dynload/_ssl{SUFFIX}": module(
                *archs,
                links=["@rpath/libssl.3.dylib", "@executable_path/../Frameworks/Python"],
                rpaths=["@executable_path/../Resources"],
            ),
            "Contents/Frameworks/libssl.3.dylib": library(*(library_archs or archs)),
            "Contents/Frameworks/base_library.zip": "->../Resources/base_library.zip",
            "Contents/Resources/base_library.zip": b"PK\x03\x04",
            "Contents/Resources/libssl.3.dylib": "->../Frameworks/libssl.3.dylib",
            "Contents/Resources/lib-dynload": "->../Frameworks/lib-dynload",
        },
    )
    return app


def nuitka_folder(root: Path, *archs: Arch, library_archs: tuple[Arch, ...] = ()) -> Path:
    """Write `demo.dist` of Nuitka: all libraries beside the program, packages in folders."""
    folder = root / "demo.dist"
    write(
        folder,
        {
            "demo.bin": program(*archs, links=["@executable_path/Python"]),
            "Python": library(*archs),
            "_ssl.so": module(*archs, links=["@executable_path/libssl.3.dylib"]),
            "libssl.3.dylib": library(*(library_archs or archs)),
            "numpy/core/_multiarray.so": module(*archs, links=["@loader_path/libblas.dylib"]),
            "numpy/core/libblas.dylib": library(*archs),
        },
    )
    return folder


def briefcase_app(root: Path, *archs: Arch, package_archs: tuple[Arch, ...] = ()) -> Path:
    """Write the app of Briefcase: Python's framework, and packages as pip installs them."""
    app = root / "Demo.app"
    framework = "Contents/Frameworks/Python.framework/Versions/3.12"
    write(
        app,
        {
            "Contents/Info.plist": info_plist("Demo"),
            "Contents/MacOS/Demo": program(
                *archs, links=["@rpath/Python.framework/Versions/3.12/Python"]
            ),
            f"{framework}/Python": library(*archs),
            f"{framework}/lib/python3.12/lib-dynload/_ssl{SUFFIX}": module(*archs),
            "Contents/Frameworks/Python.framework/Versions/Current": "->3.12",
            "Contents/Resources/app/demo/app.py": "",
        },
    )
    install(
        app / "Contents" / "Resources" / "app_packages",
        "cffi",
        {f"_cffi_backend{SUFFIX}": module(*(package_archs or archs))},
    )
    return app


def py2app_app(root: Path, *archs: Arch) -> Path:
    """Write the app of py2app: pure modules zipped, native ones in `lib-dynload`."""
    app = root / "Demo.app"
    lib = "Contents/Resources/lib"
    write(
        app,
        {
            "Contents/Info.plist": info_plist("Demo"),
            "Contents/MacOS/Demo": program(*archs),
            "Contents/MacOS/python": program(*archs),
            "Contents/Frameworks/libffi.8.dylib": library(*archs),
            f"{lib}/python312.zip": b"PK\x03\x04",
            f"{lib}/python3.12/lib-dynload/_ctypes.so": module(
                *archs, links=["@executable_path/../Frameworks/libffi.8.dylib"]
            ),
        },
    )
    return app


def conda_prefix(root: Path, arch: Arch = ARM64, *, library_arch: Arch | None = None) -> Path:
    """Write a prefix in which conda has installed Python, a library and what links it."""
    prefix = root / "envs" / "demo"
    site = "lib/python3.12/site-packages"
    conda_package(
        prefix,
        "python",
        {
            "bin/python3.12": program(arch, rpaths=["@loader_path/../lib/"]),
            "bin/python": "->python3.12",
        },
        version="3.12.4",
    )
    conda_package(
        prefix,
        "libz",
        {"lib/libz.1.3.dylib": library(library_arch or arch), "lib/libz.dylib": "->libz.1.3.dylib"},
    )
    install(
        prefix / site,
        "zstd",
        {f"zstd/_z{SUFFIX}": module(arch, links=["@rpath/libz.dylib"])},
        installer="conda",
    )
    conda_package(
        prefix,
        "zstd-python",
        {},
        named=[f"{site}/zstd/_z{SUFFIX}", f"{site}/zstd-1.0.dist-info/METADATA"],
    )
    return prefix
