"""What a wheel's file name claims."""

from __future__ import annotations

from typing import NamedTuple

from pip_archguard.errors import UnreadableWheelError
from pip_archguard.model.projects import normal_name

_FEWEST_PARTS = 5
_MOST_PARTS = 6


class WheelName(NamedTuple):
    """The parts of `NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl` (PEP 427)."""

    filename: str
    project: str
    release: str
    platforms: frozenset[str]
    pythons: tuple[str, ...] = ()
    abis: tuple[str, ...] = ()


def parse_wheel_name(filename: str) -> WheelName:
    """Split a wheel's file name; raises UnreadableWheelError for any other name.

    More lenient than `packaging.utils.parse_wheel_filename`: pip up to 24.3 installs
    wheels whose version is not normalised, and those are judged as well.
    """
    parts = filename.removesuffix(".whl").split("-")
    if not filename.endswith(".whl") or not _FEWEST_PARTS <= len(parts) <= _MOST_PARTS:
        msg = f"`{filename}` is not the file name of a wheel"
        raise UnreadableWheelError(msg)
    return WheelName(
        filename=filename,
        project=normal_name(parts[0]),
        release=normal_release(parts[1].replace("_", "-")),
        platforms=frozenset(parts[-1].split(".")),
        pythons=tuple(parts[-3].split(".")),
        abis=tuple(parts[-2].split(".")),
    )


def normal_release(version: str) -> str:
    """Return the version as PEP 440 normalises it, or as it stands where it does not."""
    if version.isascii() and all(map(_is_plain, version.split("."))):
        return version
    # Few versions are other than plain numbers, and to import this takes long.
    from packaging.version import Version  # noqa: PLC0415

    try:
        return str(Version(version))
    except ValueError:  # InvalidVersion is one, and so is what `int` raises for 5,000 digits
        return version


def _is_plain(number: str) -> bool:
    return number.isdecimal() and (number == "0" or number[0] != "0")
