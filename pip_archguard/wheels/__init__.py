"""Where the bytes of a wheel come from, and the facts in them."""

from pip_archguard.wheels.disk import read_wheel
from pip_archguard.wheels.fallbacks import optional_extensions
from pip_archguard.wheels.filename import WheelName, normal_release, parse_wheel_name
from pip_archguard.wheels.judged import judge_wheel

__all__ = [
    "WheelName",
    "judge_wheel",
    "normal_release",
    "optional_extensions",
    "parse_wheel_name",
    "read_wheel",
]
