"""Where wheels shall load: the running interpreter, or what options name."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.hosts.audited import Clues, audited_targets
    from pip_archguard.hosts.building import BuildSettings, build_settings, settings_on
    from pip_archguard.hosts.claimed import (
        chosen_machines,
        chosen_python,
        claimed_machines,
        claimed_pythons,
        may_be_for,
        with_pythons,
    )
    from pip_archguard.hosts.hardware import chip, hardware_arch, has_rosetta
    from pip_archguard.hosts.named import for_archs, named_targets
    from pip_archguard.hosts.names import ARCH_CHOICES
    from pip_archguard.hosts.other_slice import can_start_as, command_as
    from pip_archguard.hosts.running import is_translated, running_target
else:
    __getattr__ = from_parts(
        __name__,
        audited=("Clues", "audited_targets"),
        building=("BuildSettings", "build_settings", "settings_on"),
        claimed=(
            *("chosen_machines", "chosen_python"),
            *("claimed_machines", "claimed_pythons", "may_be_for", "with_pythons"),
        ),
        hardware=("chip", "hardware_arch", "has_rosetta"),
        named=("for_archs", "named_targets"),
        names=("ARCH_CHOICES",),
        other_slice=("can_start_as", "command_as"),
        running=("is_translated", "running_target"),
    )

__all__ = [
    "ARCH_CHOICES",
    "BuildSettings",
    "Clues",
    "audited_targets",
    "build_settings",
    "can_start_as",
    "chip",
    "chosen_machines",
    "chosen_python",
    "claimed_machines",
    "claimed_pythons",
    "command_as",
    "for_archs",
    "hardware_arch",
    "has_rosetta",
    "is_translated",
    "may_be_for",
    "named_targets",
    "running_target",
    "settings_on",
    "with_pythons",
]
