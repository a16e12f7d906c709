"""Where the bytes of a wheel come from, and the facts in them."""

from pip_archguard.wheels.disk import read_wheel
from pip_archguard.wheels.filename import WheelName, normal_release, parse_wheel_name

__all__ = ["WheelName", "normal_release", "parse_wheel_name", "read_wheel"]
