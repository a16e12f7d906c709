"""Files of this machine as `readelf` reads them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from pip_archguard.binaries import FileSource, read_binary

READELF = shutil.which("readelf")
FOLDER = Path(sysconfig.get_config_var("DESTSHARED") or "none")
MODULES = sorted(FOLDER.glob("*-linux-*.so"))[:8]

pytestmark = pytest.mark.skipif(READELF is None, reason="binutils are not installed")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_of_python_is_read_as_readelf_reads_it(path: Path) -> None:
    command = [READELF or "", "--wide", "--dynamic", "--version-info", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    versions = {tuple(map(int, v)) for v in re.findall(r"Name: GLIBC_(\d+)\.(\d+)", told)}

    with path.open("rb") as stream:
        binary = read_binary(path.name, FileSource(stream))

    assert binary is not None
    (found,) = binary.slices
    needed = re.findall(r"\(NEEDED\).*\[(.+)\]", told)
    assert [d.install_name for d in found.dependencies] == needed
    assert found.glibc == max(versions, default=None)
    assert binary.python_init
