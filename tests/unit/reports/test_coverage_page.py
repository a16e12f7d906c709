"""The page of a matrix as a document; `tests/page` looks at it in a browser."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from builders import coverages
from pip_archguard.model.coverage import Cell, Column, Cover, Coverage
from pip_archguard.reports import coverage_html

VOID = {"meta", "input", "br", "link", "img"}
PAGES = {name: coverage_html(coverage) for name, coverage in coverages.ALL.items()}
PARTS = importlib.resources.files("pip_archguard.reports").joinpath("page")


class Document(HTMLParser):
    """All tags with what they hold; a tag that is closed in the wrong place is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.append((self.open[-1], data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def text_of(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


def data_of(document: Document) -> Any:
    return json.loads(document.text_of("script")[0])


@pytest.mark.parametrize("name", PAGES)
def test_every_tag_is_closed_where_it_should_be(name: str) -> None:
    assert Document(PAGES[name]).open == []


@pytest.mark.parametrize("name", PAGES)
def test_no_id_is_there_twice(name: str) -> None:
    ids = [a["id"] for _, a in Document(PAGES[name]).tags if "id" in a]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_in_it_is_fetched_or_followed(name: str) -> None:
    document = Document(PAGES[name])

    used = {tag for tag, _ in document.tags}
    assert not used & {"link", "img", "iframe", "object", "embed", "a", "form", "base", "video"}
    for tag, attributes in document.tags:
        assert not {"src", "action", "style", "data", "srcset"} & {*attributes}
        assert not any(each.startswith("on") for each in attributes)
        assert tag == "use" or "href" not in attributes
        assert attributes.get("href", "#").startswith("#")


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_its_own_style_and_script_alone(name: str) -> None:
    document = Document(PAGES[name])

    (policy,) = [a["content"] for a in document.all("meta") if "http-equiv" in a]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    (style,) = document.text_of("style")
    assert rules["style-src"] == hashed(style)
    scripts = re.findall(r"<script>(.*?)</script>", PAGES[name], re.DOTALL)
    assert {rules["script-src"]} == {hashed(script) for script in scripts} or not scripts


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("name", PAGES)
def test_it_is_ascii_and_the_same_each_time(name: str) -> None:
    assert PAGES[name].isascii()
    assert PAGES[name] == coverage_html(coverages.ALL[name])


@pytest.mark.parametrize("part", ["coverage.css", "coverage.js", "symbols.svg"])
def test_its_parts_are_plain_and_name_no_address(part: str) -> None:
    text = PARTS.joinpath(part).read_text(encoding="ascii")

    # The name of SVG is no address: a browser compares it and fetches nothing.
    addresses = set(re.findall(r"\w+://[^\"'\s]+", text)) - {"http://www.w3.org/2000/svg"}
    assert addresses == set()
    assert not re.search(r"url\(|@import|</|innerHTML|eval\(|<!--", text.replace("</s", ""))


@pytest.mark.parametrize("part", ["coverage.css", "coverage.js"])
def test_no_part_ends_the_element_that_it_stands_in(part: str) -> None:
    assert "</" not in PARTS.joinpath(part).read_text(encoding="ascii")


def test_hostile_names_are_text() -> None:
    document = Document(PAGES["hostile"])

    assert "img" not in {tag for tag, _ in document.tags}
    assert len(document.all("script")) == 2
    assert any(coverages.HOSTILE in text for _, text in document.texts)
    assert "\\u202e" in PAGES["hostile"]
    assert "&#8238;" not in PAGES["hostile"]
    assert "\u202e" not in json.dumps(data_of(document), ensure_ascii=False)


@pytest.mark.parametrize("name", ["na\u00efve", "\u65e5\u672c", "\U0001f600", "\ud800x"])
def test_names_of_all_alphabets_are_kept(name: str) -> None:
    cell = Cell(project=name, cover=Cover.LOADS, filename=f"{name}.whl")
    column = Column(target=coverages.ARM64, cells=(cell,))

    page = coverage_html(Coverage(sources=(name,), columns=(column,)))

    document, shown = Document(page), name.replace("\ud800", "\\ud800")
    assert page.isascii()
    assert shown in "".join(document.text_of("th"))
    assert data_of(document)["details"][0]["told"][0] == ["pip takes", [f"`{shown}.whl`"]]


def test_every_package_has_a_row_and_every_target_a_column() -> None:
    document = Document(PAGES["whole"])

    heads = [attributes["scope"] for attributes in document.all("th")]
    assert heads.count("row") == len(coverages.whole().projects)
    assert heads.count("col") == 1 + len(coverages.whole().columns)
    assert len(document.all("td")) == 8 * 4


def test_each_state_of_the_matrix_has_a_sign_that_is_there() -> None:
    document = Document(PAGES["whole"])

    drawn = {attributes["id"] for attributes in document.all("symbol")}
    used = {attributes["href"][1:] for attributes in document.all("use")}
    assert used <= drawn == {cover.value for cover in Cover}


def test_the_details_of_every_cell_are_there_once() -> None:
    data = data_of(Document(PAGES["whole"]))

    assert len(data["cells"]) == 8
    assert {len(row) for row in data["cells"]} == {4}
    texts = [json.dumps(each) for each in data["details"]]
    assert len(texts) == len(set(texts)) == max(max(row) for row in data["cells"]) + 1
    told = dict(data["details"][data["cells"][0][0]]["told"])
    assert told["pip takes"] == ["`capstone-5.0.1-py3-none-macosx_10_9_universal2.whl`"]
    assert told["What the guard does"] == ["it would build `capstone-5.0.1.tar.gz` instead"]
    assert "is x86_64 only" in told["What was found"][0]


def test_without_the_script_nothing_is_shown_that_needs_it() -> None:
    document = Document(PAGES["whole"])

    for tag, attributes in document.tags:
        if "data-script" in attributes:
            assert "hidden" in attributes, tag
    assert "In detail" in "".join(document.text_of("summary"))


@pytest.mark.parametrize("name", ["failed", "empty"])
def test_a_page_without_packages_has_no_table_and_no_script(name: str) -> None:
    document = Document(PAGES[name])

    assert document.all("table") == document.all("script") == []
