"""A browser for all tests of pages, and pages made in code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from builders import coverages
from builders.chromium import Browser, Page, chromium
from pip_archguard.reports import coverage_html

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.page)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium here; `nox -s page` gets one")
    try:
        running = Browser(program).__enter__()
    except (OSError, TimeoutError) as error:
        pytest.skip(f"`{program}` does not start: {error}")
    yield running
    running.__exit__(None, None, None)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {**coverages.ALL, "wide": coverages.large(60), "large": coverages.large()}
    for name, coverage in made.items():
        (folder / f"{name}.html").write_text(coverage_html(coverage), encoding="ascii")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Path]) -> Iterator[Open]:
    """Open pages by name; each must ask for nothing but itself and complain of nothing."""
    seen: list[tuple[Page, bool]] = []

    def open_page(name: str = "whole", *, complains: bool = False, **how: object) -> Page:
        page = browser.page(pages[name], **how)  # type: ignore[arg-type]
        seen.append((page, complains))
        return page

    yield open_page
    for page, complains in seen:
        if not complains:
            assert page.complaints == []
            assert [address.partition(":")[0] for address in page.requests] == ["file"]
        page.close()
