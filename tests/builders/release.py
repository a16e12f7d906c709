"""Builds the release twice from a clean checkout, and shows that it is the same to the byte.

    python tests/builders/release.py FOLDER

The sdist and the wheel are left in FOLDER if all is well: the same from two folders with other
settings, the same wheel from the sdist, with nothing in them that does not belong there, and
the wheel works in an environment of its own. Needs git, pytest, and `flit_core` as
`release_tools.txt` has it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = "import flit_core.buildapi as b; print(b.build_sdist('out'), b.build_wheel('out'))"
SETTINGS = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1", "HOME": "/nowhere"},
    {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "PYTHONUTF8": "1"},
)
UMASKS = (0o022, 0o077)
PACKAGE = "pip_archguard"
NOT_SHIPPED = (".ci/", ".gitignore")
TESTS = ("tests/unit/test_layers.py", "tests/unit/model", "tests/unit/messages")
DIST_INFO = frozenset({"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"})


def from_git(*words: str) -> bytes:
    """Return what git writes."""
    command = [shutil.which("git") or "git", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, check=True).stdout


def git(*words: str) -> str:
    """Return what git prints."""
    return from_git(*words).decode()


def checked_out(folder: Path, umask: int) -> Path:
    """Return a folder with the files of the last commit, and no others."""
    folder.mkdir(parents=True)
    unpack = ["tar", "-x", "--no-same-permissions", "-C", str(folder)]
    subprocess.run(unpack, input=from_git("archive", "HEAD"), check=True, umask=umask)
    return folder


def built(folder: Path, settings: dict[str, str], umask: int) -> list[Path]:
    """Build the sdist and the wheel in a folder, and return them."""
    env = {
        "PATH": os.environ["PATH"],
        "SOURCE_DATE_EPOCH": git("log", "-1", "--format=%ct").strip(),
    }
    folder.joinpath("out").mkdir()
    command = [sys.executable, "-c", BUILD]
    done = subprocess.run(
        command, cwd=folder, env=env | settings, umask=umask, capture_output=True, check=True
    )
    return [folder / "out" / name for name in done.stdout.decode().split()]


def same(first: Path, second: Path, what: str) -> None:
    """Exit unless two files are the same to the byte."""
    if first.read_bytes() != second.read_bytes():
        sys.exit(f"{what} differ: {first} and {second}")


def check_wheel(wheel: Path) -> None:
    """Exit unless a wheel holds the package as it is in git, its metadata, and nothing else."""
    info = f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"
    package = git("ls-files", PACKAGE).split()
    expected = {*package, *(f"{info}/{name}" for name in DIST_INFO)}
    with zipfile.ZipFile(wheel) as archive:
        found = set(archive.namelist())
        wrong = [n for n in package if archive.read(n) != from_git("show", f"HEAD:{n}")]
    if found != expected or wrong:
        sys.exit(f"the wheel differs from git: {sorted(found ^ expected)} {wrong}")


def check_sdist(sdist: Path) -> None:
    """Exit unless an sdist holds all that is in git, but for what only the repository needs."""
    top = sdist.name.removesuffix(".tar.gz")
    tracked = git("ls-files").split()
    expected = {f"{top}/{n}" for n in tracked if not n.startswith(NOT_SHIPPED)}
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    found = {member.name for member in members}
    odd = [m.name for m in members if not m.isreg() or m.uid or m.gid or m.uname]
    if found != expected | {f"{top}/PKG-INFO"} or odd:
        sys.exit(f"the sdist differs from git: {sorted(found ^ expected)} {odd}")


def check_tests(folder: Path) -> None:
    """Run some of the tests from an unpacked sdist, on the package in it."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS]
    env = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=folder, env=env, check=True)


def check_installed(wheel: Path, folder: Path) -> None:
    """Install a wheel into an environment of its own, and start it."""
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "-q", wheel], check=True)
    version = wheel.name.split("-")[1]
    done = subprocess.run([scripts / "pip-archguard", "--version"], capture_output=True, check=True)
    if f"pip-archguard {version}\n" not in done.stdout.decode():
        sys.exit(f"the wheel does not work: {done.stdout!r}")


def main(target: Path) -> None:
    """Do it all."""
    if git("status", "--porcelain").strip():
        print("note: what is not committed is not in the release")  # noqa: T201 - a program
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        checkouts = [place / "a", place / "another folder" / "below"]
        first, second = (
            built(checked_out(folder, umask), settings, umask)
            for folder, settings, umask in zip(checkouts, SETTINGS, UMASKS, strict=True)
        )
        for one, other in zip(first, second, strict=True):
            same(one, other, "two builds")
        sdist, wheel = first
        with tarfile.open(sdist) as archive:
            archive.extractall(place / "unpacked", filter="data")
        (unpacked,) = (place / "unpacked").iterdir()
        same(wheel, built(unpacked, SETTINGS[0], UMASKS[0])[1], "wheels of git and of the sdist")
        check_wheel(wheel)
        check_sdist(sdist)
        check_tests(unpacked)
        check_installed(wheel, place / "environment")
        target.mkdir(parents=True, exist_ok=True)
        for path in first:
            shutil.copy(path, target)
            print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name)  # noqa: T201 - as above


if __name__ == "__main__":
    main(Path(sys.argv[1]))
