"""Where the bytes of a wheel come from, and the facts in them."""

from pip_archguard.wheels.disk import read_wheel
from pip_archguard.wheels.fallbacks import optional_extensions
from pip_archguard.wheels.filename import WheelName, normal_release, parse_wheel_name
from pip_archguard.wheels.judged import judge_wheel
from pip_archguard.wheels.reading import Reading, WheelFile, read_file

__all__ = [
    "Reading",
    "WheelFile",
    "WheelName",
    "judge_wheel",
    "normal_release",
    "optional_extensions",
    "parse_wheel_name",
    "read_file",
    "read_wheel",
]
