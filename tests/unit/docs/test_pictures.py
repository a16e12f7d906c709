"""The pictures of the documentation are what the code draws and what a scan really prints."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from builders.pages import DOCS, PAGES
from builders.pictures import PICTURES

FOLDER = DOCS / "pictures"
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_it_would_be_drawn_now(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PICTURES[name]()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_asks_for_nothing_else(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 - our own file

    addresses = set(re.findall(r"\w+://[^\"\s]+", text))

    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of the format, never fetched
    assert not re.search(r"@import|@font-face|href=|<image|<script", text)
    assert root.get("aria-label")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shown_with_words_for_who_cannot_see_it(name: str) -> None:
    words = re.findall(rf"!\[([^\]]+)\]\([\w./]*{re.escape(name)}\)", TEXT)

    assert words
    assert all(len(each) > len("a picture") for each in words)
