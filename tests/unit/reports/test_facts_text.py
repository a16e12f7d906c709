"""What `facts` tells."""

from __future__ import annotations

import pytest

from pip_archguard.model.facts import (
    FactsExported,
    FactsImported,
    FactsInfo,
    FactsPurged,
    FactsTold,
)
from pip_archguard.reports.seldom import answer_text

INFO = {"folder": "/c\x1b", "bound": 128 << 20, "parser": 3}


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (
            FactsInfo(entries=1, size=512, **INFO),  # type: ignore[arg-type]
            (
                "folder:  /c\\x1b\nentries: 1\nsize:    0.5 KiB, of 128.0 MiB at most\n"
                "parser:  version 3"
            ),
        ),
        (
            FactsInfo(entries=0, size=3 << 20, stale=2, **INFO),  # type: ignore[arg-type]
            (
                "folder:  /c\\x1b\nentries: 0\nsize:    3.0 MiB, of 128.0 MiB at most\n"
                "parser:  version 3\nunused:  2 of other versions, which go when room is needed"
            ),
        ),
        (
            FactsInfo(entries=0, size=0, environments=2, installed_size=1024, **INFO),  # type: ignore[arg-type]
            (
                "folder:  /c\\x1b\nentries: 0\nsize:    0.0 KiB, of 128.0 MiB at most\n"
                "parser:  version 3\naudits:  2 environments, 1.0 KiB"
            ),
        ),
        (
            FactsPurged(folder="/c", entries=2, size=0, environments=1),
            "removed 2 entries and 1 environment, 0.0 KiB, from `/c`",
        ),
        (FactsPurged(folder="/c", entries=2, size=0), "removed 2 entries, 0.0 KiB, from `/c`"),
        (FactsExported(file="f.gz", entries=7), "7 entries written to `f.gz`"),
        (
            FactsImported(file="f.gz", taken=1, known=0, dropped=0),
            "1 entry taken from `f.gz`",
        ),
        (
            FactsImported(file="f.gz", taken=0, known=3, dropped=4),
            (
                "0 entries taken from `f.gz`, 3 known already, 4 dropped: damaged, or of "
                "another version of pip-archguard"
            ),
        ),
    ],
    ids=[
        *("info", "info with more", "info of audits", "purge of both", "purge"),
        *("export", "import", "import of little"),
    ],
)
def test_each_result_is_told_in_plain_words(told: FactsTold, text: str) -> None:
    assert answer_text(told) == text
