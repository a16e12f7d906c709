"""Telling once that what is installed was installed by the other architecture."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pip_archguard import hosts
from pip_archguard.model.target import Target
from pip_archguard.model.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from pip_archguard.model.event import Listener


def tell_mixed_use(
    judgements: Sequence[Judgement], targets: Sequence[Target], listener: Listener
) -> bool:
    """Tell if several installed packages were made for the other architecture; return whether.

    Only the process at hand counts: what `--arch` or `--platform` names runs elsewhere.
    """
    broken = sum(judgement.verdict is Verdict.BROKEN for judgement in judgements)
    if broken <= 1 or len(targets) != 1 or targets[0].named or targets[0].foreign:
        return False
    # Few runs come here.
    from pip_archguard.model.event import Remarked  # noqa: PLC0415
    from pip_archguard.model.shown import MixedUseSeen  # noqa: PLC0415
    from pip_archguard.rules.mixed import mixed_use  # noqa: PLC0415

    mixed = mixed_use(judgements, targets[0])
    if mixed is None:
        return False
    seen = MixedUseSeen(mixed=mixed, translated=hosts.is_translated(), python=sys.executable)
    listener.tell(Remarked(remark=seen))
    return True
