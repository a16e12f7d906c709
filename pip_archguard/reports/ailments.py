"""What users read about each thing that `doctor` finds, one entry for each."""

from __future__ import annotations

from pip_archguard.model.doctor import Ailment, Trouble
from pip_archguard.model.target import ROSETTA_ENDS_WITH
from pip_archguard.reports.wording import tick, visible


def ailment_text(trouble: Trouble) -> str:  # noqa: PLR0911, PLR0912 - an entry for each
    """Say what is wrong and what mends it, before the commands that do."""
    about = trouble.about
    match trouble.ailment:
        case Ailment.TRANSLATED:
            return (
                f"{tick(about[0])} has an arm64 part, but runs as x86_64 under Rosetta: a "
                "terminal, an editor or `arch` started it so; packages are chosen and built for "
                "x86_64; start it natively:"
            )
        case Ailment.INTEL_PYTHON:
            return (
                f"{tick(about[0])} is made for Intel Macs and runs under Rosetta, which ends "
                f"after macOS {ROSETTA_ENDS_WITH}; a Python for Apple silicon does without"
            )
        case Ailment.NO_ROSETTA:
            return (
                "Rosetta is not there, so x86_64 programs, which some packages bring along, do "
                "not run; if you need them:"
            )
        case Ailment.UNSUPPORTED_PIP:
            return visible(about[0])
        case Ailment.OTHER_PIP:
            return (
                f"a bare `pip` is {tick(about[0])}, which installs into another environment than "
                "the one looked at here"
            )
        case Ailment.STALE_ENABLING:
            return "`pip` was to be guarded, by another version of pip-archguard; renew it:"
        case Ailment.NO_DEVELOPER_TOOLS:
            return "there is no compiler, so no package can be built from its source; one comes by:"
        case Ailment.INTEL_TOOL:
            names = ", ".join(map(tick, about))
            return (
                f"{names}: made for Intel Macs; builds may find x86_64 libraries by them, mostly "
                "those of an old Homebrew in `/usr/local`; Homebrew for Apple silicon is in "
                "`/opt/homebrew`"
            )
        case Ailment.OTHER_ARCH_SET:
            name, value, running = about
            return (
                f"{tick(f'{name}={value}')} makes source builds yield code that does not load "
                f"here, for this process is {visible(running)}; if that is not meant:"
            )
        case Ailment.CONDA_MIXED:
            prefix, *counts = about
            return (
                f"{tick(prefix)} has packages for several platforms "
                f"({visible(', '.join(counts))}), which one process cannot load together; "
                "make that environment anew"
            )
        case Ailment.CONDA_SUBDIR:
            prefix, platform, name, value = about
            return (
                f"{tick(prefix)} is made of {visible(platform)} packages, but {tick(name)} tells "
                f"conda to install {visible(value)} ones; with that environment activated:"
            )
        case Ailment.CONDA_INTEL:
            return (
                f"{tick(about[0])} is made of packages for Intel Macs and runs under Rosetta, "
                f"which ends after macOS {ROSETTA_ENDS_WITH}"
            )
        case Ailment.POISONED_CACHE:
            return (
                f"pip built {tick(about[0])} and would take it here again, but it cannot load "
                "in this process; throw it away:"
            )
