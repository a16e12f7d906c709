"""Links between the pages, and how each page is reached."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builders.pages import DOCS, PAGES, ROOT

LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]+)?\)")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub and MyST make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_each_link_leads_somewhere(page: Path) -> None:
    wrong = []
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if "//" in target:
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor[1:] not in anchors(file)):
            wrong.append(target + anchor)

    assert not wrong


def test_each_page_is_in_the_table_of_contents_once() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^([a-z-]+/[a-z0-9-]+)$", index, re.MULTILINE)

    pages = [page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES[1:]]

    assert sorted([*listed, "index"]) == sorted(pages)


@pytest.mark.parametrize(
    "page",
    [
        "tutorial/first-rescue.md",
        "how-to/read-an-error.md",
        "how-to/use-in-ci.md",
        "tutorial/app-for-both.md",
        "how-to/gate-your-wheels.md",
        "how-to/set-up-a-team.md",
    ],
)
def test_each_kind_of_reader_has_a_page_that_is_one_click_away(page: str) -> None:
    begin = (DOCS / "index.md").read_text(encoding="utf-8").split("## Begin here")[1]

    assert f"]({page})" in begin.split("```")[0]
