"""What installers leave behind: metadata of distributions, conda's lists, editable installs."""

from __future__ import annotations

import shutil

from builders.facts import mac
from builders.macho_bytes import thin
from fuzz import scratch
from fuzz.taken import Taken, counted
from fuzz.target import FuzzTarget
from pip_archguard.environment import named_file
from pip_archguard.environment.conda import conda_packages
from pip_archguard.environment.conda_setup import conda_setups
from pip_archguard.environment.distributions import read_distribution
from pip_archguard.environment.editable import source_folders
from pip_archguard.environment.loadable_file import look_at
from pip_archguard.model.load_error import Cause, LoadError
from pip_archguard.model.target import System

_REFUSED = LoadError(cause=Cause.WRONG_ARCHITECTURE, system=System.MACOS)
_METADATA = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
_RECORD = b'demo/_c.so,sha256=x,1\n../../bin/demo,,\n"a,b".py,,\n__editable___demo_finder.py,,\n'
_WHEEL = b"Wheel-Version: 1.0\nTag: cp312-cp312-macosx_11_0_arm64\n"
_URL = b'{"url": "file:///a/b", "dir_info": {"editable": true}, "subdirectory": "c"}'
_VCS = b'{"url": "https://a.example/b", "vcs_info": {"vcs": "git", "commit_id": "0"}}'
_FINDER = b"MAPPING: dict[str, str] = {'demo': '/nowhere/demo'}\nNAMESPACES = {}\n"
_FILES = ("METADATA", "RECORD", "WHEEL", "direct_url.json", "INSTALLER")


def check_distribution(data: bytes) -> None:
    """Whatever metadata say, they are read, twice the same, and say whose a file is."""
    taken = Taken(data)
    site = scratch.folder() / "lib" / "site-packages"
    shutil.rmtree(site, ignore_errors=True)
    metadata = site / "demo-1.0.dist-info"
    metadata.mkdir(parents=True)
    for name in _FILES:
        content = taken.some()
        if content:
            (metadata / name).write_bytes(content)
    (site / "__editable___demo_finder.py").write_bytes(taken.some())
    (site / "demo.pth").write_bytes(taken.rest())
    dist = read_distribution(metadata)
    assert read_distribution(metadata) == dist
    assert not any("\0" in file or file.startswith("/") for file in dist.files)
    source_folders(dist)
    module = site / "demo" / "_c.so"
    module.parent.mkdir()
    module.write_bytes(thin())
    named_file.distribution_of.cache_clear()
    named_file.owner_of(str(module))
    look_at(str(module), _REFUSED, mac())


def check_conda(data: bytes) -> None:
    """Whatever lies in `conda-meta`, it is a package or a file that is not to be read."""
    prefix = scratch.folder() / "conda"
    scratch.file("conda/conda-meta/a-1-0.json", data)
    scratch.file("conda/.condarc", data)
    (found,) = conda_packages(prefix)
    if not isinstance(found, str):
        assert all(isinstance(file, str) for file in found.files)
    conda_setups({"CONDA_PREFIX": str(prefix), "HOME": str(prefix)})


INSTALLED = (
    FuzzTarget(
        name="distribution",
        promise="any metadata are read, and name no file by an absolute path",
        check=check_distribution,
        seeds=lambda: [
            b"".join(map(counted, (_METADATA, _RECORD, _WHEEL, url, b"pip\n", _FINDER)))
            + b"/nowhere\nimport x\n"
            for url in (_URL, _VCS)
        ],
        longest=1024,
    ),
    FuzzTarget(
        name="conda",
        promise="any list is a package, or said to be unreadable",
        check=check_conda,
        seeds=lambda: [
            b'{"name": "a", "version": "1", "subdir": "osx-arm64", "files": ["lib/a.dylib"]}',
            b"subdir: osx-64\n",
        ],
        longest=512,
    ),
)
"""The targets of environments."""
