"""Where wheels shall load: the running interpreter, or what options name."""

from typing import TYPE_CHECKING

from pip_archguard.lazily import from_parts

if TYPE_CHECKING:
    from pip_archguard.hosts.audited import Clues, audited_targets
    from pip_archguard.hosts.building import BuildSettings, build_settings
    from pip_archguard.hosts.claimed import (
        chosen_machines,
        chosen_python,
        claimed_machines,
        claimed_pythons,
        with_pythons,
    )
    from pip_archguard.hosts.named import for_archs, named_targets
    from pip_archguard.hosts.names import ARCH_CHOICES
    from pip_archguard.hosts.running import is_translated, running_target
else:
    __getattr__ = from_parts(
        __name__,
        audited=("Clues", "audited_targets"),
        building=("BuildSettings", "build_settings"),
        claimed=(
            *("chosen_machines", "chosen_python"),
            *("claimed_machines", "claimed_pythons", "with_pythons"),
        ),
        named=("for_archs", "named_targets"),
        names=("ARCH_CHOICES",),
        running=("is_translated", "running_target"),
    )

__all__ = [
    "ARCH_CHOICES",
    "BuildSettings",
    "Clues",
    "audited_targets",
    "build_settings",
    "chosen_machines",
    "chosen_python",
    "claimed_machines",
    "claimed_pythons",
    "for_archs",
    "is_translated",
    "named_targets",
    "running_target",
    "with_pythons",
]
