"""Where the bytes of a wheel come from, and the facts in them."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.wheels.digest import sha256_of
    from pip_archguard.wheels.disk import look_into, read_wheel
    from pip_archguard.wheels.facts_cache import FactsCache
    from pip_archguard.wheels.fallbacks import optional_extensions
    from pip_archguard.wheels.filename import WheelName, normal_release, parse_wheel_name
    from pip_archguard.wheels.installed_facts import InstalledFacts
    from pip_archguard.wheels.judged import judge_wheel
    from pip_archguard.wheels.reading import Reading, WheelFile, read_file, reading_of
else:
    __getattr__ = from_parts(
        __name__,
        digest=("sha256_of",),
        disk=("look_into", "read_wheel"),
        facts_cache=("FactsCache",),
        fallbacks=("optional_extensions",),
        filename=("WheelName", "normal_release", "parse_wheel_name"),
        installed_facts=("InstalledFacts",),
        judged=("judge_wheel",),
        reading=("Reading", "WheelFile", "read_file", "reading_of"),
    )

__all__ = [
    "FactsCache",
    "InstalledFacts",
    "Reading",
    "WheelFile",
    "WheelName",
    "judge_wheel",
    "look_into",
    "normal_release",
    "optional_extensions",
    "parse_wheel_name",
    "read_file",
    "read_wheel",
    "reading_of",
    "sha256_of",
]
