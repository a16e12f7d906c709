"""What users read about each thing that `doctor` finds, one entry for each."""

from __future__ import annotations

from pip_archguard.model.doctor import Ailment, Trouble
from pip_archguard.model.target import ROSETTA_ENDS_WITH
from pip_archguard.reports.wording import tick, visible

TEXTS = {
    Ailment.TRANSLATED: (
        "{ticked[0]} has an arm64 part, but runs as x86_64 under Rosetta: a terminal, an editor "
        "or `arch` started it so; packages are chosen and built for x86_64; start it natively:"
    ),
    Ailment.INTEL_PYTHON: (
        "{ticked[0]} is made for Intel Macs and runs under Rosetta, which ends after macOS "
        f"{ROSETTA_ENDS_WITH}; a Python for Apple silicon does without"
    ),
    Ailment.NO_ROSETTA: (
        "Rosetta is not there, so x86_64 programs, which some packages bring along, do not run; "
        "if you need them:"
    ),
    Ailment.UNSUPPORTED_PIP: "{plain[0]}",
    Ailment.OTHER_PIP: (
        "a bare `pip` is {ticked[0]}, which installs into another environment than the one "
        "looked at here"
    ),
    Ailment.STALE_ENABLING: (
        "`pip` was to be guarded, by another version of pip-archguard; renew it:"
    ),
    Ailment.NO_DEVELOPER_TOOLS: (
        "there is no compiler, so no package can be built from its source; one comes by:"
    ),
    Ailment.INTEL_TOOL: (
        "{all}: made for Intel Macs; builds may find x86_64 libraries by them, mostly those of "
        "an old Homebrew in `/usr/local`; Homebrew for Apple silicon is in `/opt/homebrew`"
    ),
    Ailment.OTHER_ARCH_SET: (
        "`{plain[0]}={plain[1]}` makes source builds yield code that does not load here, for "
        "this process is {plain[2]}; if that is not meant:"
    ),
    Ailment.CONDA_MIXED: (
        "{ticked[0]} has packages for several platforms ({others}), which one process cannot "
        "load together; make that environment anew"
    ),
    Ailment.CONDA_SUBDIR: (
        "{ticked[0]} is made of {plain[1]} packages, but {ticked[2]} tells conda to install "
        "{plain[3]} ones; with that environment activated:"
    ),
    Ailment.CONDA_INTEL: (
        "{ticked[0]} is made of packages for Intel Macs and runs under Rosetta, which ends "
        f"after macOS {ROSETTA_ENDS_WITH}"
    ),
    Ailment.POISONED_CACHE: (
        "pip built {ticked[0]} and would take it here again, but it cannot load in this "
        "process; throw it away:"
    ),
}
"""What is wrong and what mends it; the places in braces are filled by what it is about."""


def ailment_text(trouble: Trouble) -> str:
    """Say what is wrong and what mends it, before the commands that do."""
    plain, ticked = [*map(visible, trouble.about)], [*map(tick, trouble.about)]
    return TEXTS[trouble.ailment].format(
        plain=plain, ticked=ticked, all=", ".join(ticked), others=", ".join(plain[1:])
    )
