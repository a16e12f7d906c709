"""Our options of `scan`, and for which targets they have a wheel judged."""

from __future__ import annotations

import optparse
from collections.abc import Sequence

from pip_archguard import hosts
from pip_archguard.model.scan import Form
from pip_archguard.model.target import Target
from pip_archguard.pipbridge.dask_options import add_dask
from pip_archguard.pipbridge.options import add_arch, add_format, targets_of
from pip_archguard.wheels import WheelName


def add_scan_options(parser: optparse.OptionParser) -> None:
    """Add our options, in a group of their own."""
    group = optparse.OptionGroup(parser, "Architecture Guard Options")
    add_format(group, "scan_format", Form)
    add_arch(group, "what this Mac runs, else what the wheel's name promises, or --platform")
    group.add_option(
        "--strict-tags",
        dest="strict_tags",
        action="store_true",
        default=False,
        help="Fail a wheel whose name promises what its content lacks, on any architecture.",
    )
    add_dask(group, "read the wheels", ", and the files at the same paths")
    parser.add_option_group(group)


def targets_of_file(options: optparse.Values, name: WheelName) -> tuple[Target, ...]:
    """Return where a wheel that was named as a file must load.

    Machine and Python are those of the options, each, and else those of its own name. There
    are none if the options name other systems than the name does.
    """
    running = hosts.running_target()
    chosen = hosts.chosen_machines(options.platforms or ())
    machines = tuple(m for m in chosen if hosts.may_be_for(name.platforms, m))
    if not chosen:
        machines = hosts.claimed_machines(running, name.platforms)
    pythons = hosts.chosen_python(
        running,
        python_version=options.python_version,
        implementation=options.implementation,
        abis=options.abis or (),
    )
    return hosts.with_pythons(
        _for_archs(machines, options.arch),
        pythons or hosts.claimed_pythons(name.pythons, name.abis),
        running,
    )


def _for_archs(machines: tuple[Target, ...], archs: Sequence[str]) -> tuple[Target, ...]:
    """Return a machine for each of `--arch`: the one that is there, or the first made so."""
    if not (archs and machines):
        return machines
    made = hosts.for_archs(machines[:1], archs)
    return tuple(next((m for m in machines if m.arch is t.arch), t) for t in made)


def targets_of_requirement(options: optparse.Values, name: WheelName) -> tuple[Target, ...]:
    """Return where a wheel that pip chose for a requirement must load.

    pip chose it for the running interpreter or for what the options name. Where neither
    is a Mac, the name of the wheel says where else it is meant to load.
    """
    targets = targets_of(options, {})
    macs = any(target.judged for target in targets)
    return targets if macs or options.platforms else targets_of_file(options, name)
