"""The page of a matrix in a real Chromium: keys, filter, details, colours, and hostile names."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import coverages
from builders.chromium import CTRL, Page
from pip_archguard.model.coverage import Cover

Open = Callable[..., Page]

SHOWN = (
    "[...document.querySelectorAll('tbody tr')].filter(r => r.offsetHeight)"
    ".map(r => r.dataset.name)"
)
FOCUSED = (
    "(e => e.closest('tbody') ? [e.parentElement.dataset.name, e.cellIndex] : e.id || e.tagName)"
    "(document.activeElement)"
)
STATES = [cover.value for cover in Cover]
AA = 4.5
"""The contrast that WCAG 2.2 asks of text (1.4.3)."""

CONTRASTS = Path(__file__).with_name("contrasts.js").read_text(encoding="ascii")


def shown(page: Page) -> list[str]:
    found: list[str] = page.value(SHOWN)
    return found


def focused(page: Page) -> Any:
    return page.value(FOCUSED)


def is_open(page: Page) -> bool:
    return bool(page.value("document.getElementById('details').open"))


def text_of(page: Page, selector: str) -> str:
    return str(page.value(f"document.querySelector('{selector}').innerText"))


def test_the_filter_takes_names_as_they_are_written(opened: Open) -> None:
    page = opened()

    page.press("/")
    assert focused(page) == "search"
    page.write("P")
    assert shown(page) == ["capstone", "grpcio", "uamqp", "numpy", "appnope"]
    page.write("py")
    assert shown(page) == []
    assert text_of(page, "#none-left") == "No package is like that."
    assert text_of(page, "#count") == "0 of 8 packages"


def test_the_filter_shows_what_needs_attention(opened: Open) -> None:
    page = opened()

    page.click("input[value=attention] + span")

    assert shown(page) == ["capstone", "vosk", "grpcio", "uamqp"]
    assert text_of(page, "#count") == "4 of 8 packages"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("mislabelled", ["capstone", "vosk"]),
        ("nothing", ["vosk"]),
        ("unknown", ["grpcio"]),
        ("loads-through-universal2", ["cffi"]),
    ],
)
def test_the_filter_shows_packages_of_one_state(
    state: str, expected: list[str], opened: Open
) -> None:
    page = opened()

    page.click(f"label:has(input[value={state}])")

    assert shown(page) == expected
    count = page.value(f"document.querySelector('label:has(input[value={state}]) b').innerText")
    assert int(count) == len(expected)


def test_the_filter_is_reached_and_changed_by_keys_alone(opened: Open) -> None:
    page = opened()

    page.press("/", "Tab", "ArrowRight")

    assert shown(page) == ["capstone", "vosk", "grpcio", "uamqp"]
    assert page.value("document.activeElement.value") == "attention"


def test_the_arrow_keys_walk_through_the_matrix_and_stop_at_its_ends(opened: Open) -> None:
    page = opened()

    page.press("/", "ArrowDown")
    assert focused(page) == ["capstone", 0]
    page.press("ArrowUp", "ArrowLeft")
    assert focused(page) == ["capstone", 0]
    page.press("ArrowRight", "ArrowDown", "ArrowRight")
    assert focused(page) == ["vosk", 2]
    page.press("End")
    assert focused(page) == ["vosk", 4]
    page.press("End", modifiers=CTRL)
    assert focused(page) == ["appnope", 4]
    page.press("ArrowRight", "ArrowDown", "Home")
    assert focused(page) == ["appnope", 0]
    page.press("PageUp", "PageDown", "PageUp")
    assert focused(page) == ["capstone", 0]
    page.press("ArrowDown", modifiers=CTRL)
    assert focused(page) == ["appnope", 0]
    page.press("Home", modifiers=CTRL)
    assert focused(page) == ["capstone", 0]


def test_one_cell_alone_is_reached_by_tab(opened: Open) -> None:
    page = opened()

    page.press("/", "ArrowDown", "ArrowDown", "ArrowRight", "Tab")
    assert focused(page) == "SUMMARY"
    page.press("Tab", modifiers=8)
    assert focused(page) == ["vosk", 1]
    assert page.value("document.querySelectorAll('tbody [tabindex]').length") == 1


def test_the_walk_passes_over_what_the_filter_hides(opened: Open) -> None:
    page = opened()

    page.press("/", "ArrowDown", "ArrowDown", "ArrowDown", "/")
    page.write("c")
    page.press("Enter")
    assert focused(page) == ["capstone", 0]
    page.press("ArrowDown", "ArrowDown")
    assert focused(page) == ["cffi", 0]
    page.press("ArrowDown")
    assert focused(page) == ["cffi", 0]


def test_what_has_the_focus_is_seen(opened: Open) -> None:
    page = opened("wide")

    page.press("/", "ArrowDown")
    page.press(*["PageDown"] * 3, *["ArrowRight"] * 11, *["ArrowLeft"] * 6)

    assert page.value("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    hit = page.value(
        "(b => document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)"
        ".closest('td') === document.activeElement)(document.activeElement.getBoundingClientRect())"
    )
    assert hit is True


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_key_opens_the_details_and_escape_goes_back(key: str, opened: Open) -> None:
    page = opened()

    page.press("/", "ArrowDown", "ArrowRight", key)
    assert is_open(page)
    told = text_of(page, "dialog")
    assert "capstone-5.0.1-py3-none-macosx_10_9_universal2.whl" in told
    assert "is x86_64 only, the target is arm64" in told
    assert "it would build capstone-5.0.1.tar.gz instead" in told
    assert "all are known" in told
    page.press("Escape")
    assert not is_open(page)
    assert focused(page) == ["capstone", 1]


def test_a_click_opens_the_details_and_the_button_closes_them(opened: Open) -> None:
    page = opened()

    page.click("tr[data-name=uamqp] td.source-build")
    told = text_of(page, "dialog")
    assert "known only once it is built" in told
    assert "azure-eventhub and azure-servicebus" in told
    page.click("#close")
    assert not is_open(page)
    page.click("tr[data-name=vosk] td.nothing")
    assert "speech-app" in text_of(page, "dialog")
    page.press("Escape")
    assert focused(page) == ["vosk", 3]


def test_the_name_of_a_package_opens_all_its_targets(opened: Open) -> None:
    page = opened()

    page.click("tr[data-name=numpy] th")

    assert page.value("document.querySelectorAll('dialog section').length") == 4
    assert text_of(page, "#details-title") == "numpy"


def test_every_cell_tells_what_it_is_to_a_screen_reader(opened: Open) -> None:
    page = opened()

    # Chromium makes the names once something asks for them, and answers meanwhile.
    for _ in range(100):
        nodes = page.ask("Accessibility.getFullAXTree")["nodes"]
        told = [n for n in nodes if "role" in n]
        roles = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in told]
        cells = [name for role, name in roles if role == "gridcell"]
        if cells and all(cells):
            break
        time.sleep(0.1)
    assert ("grid", "Packages and targets") in roles
    assert ("rowheader", "capstone 5.0.1") in roles
    assert ("columnheader", "macos-arm64 Python 3.14 failed") in [
        (role, " ".join(name.split())) for role, name in roles
    ]
    assert len(cells) == 32
    assert all(cells)
    assert "not needed" in cells
    assert any("known only once it is built" in cell for cell in cells)
    assert ("searchbox", "Filter by the name of a package") in roles
    assert ("radio", "Needs attention 4") in roles


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("dialog", [False, True], ids=["matrix", "details"])
def test_all_text_can_be_read_in_light_and_in_dark(
    scheme: str, *, dialog: bool, opened: Open
) -> None:
    page = opened(prefers_color_scheme=scheme)
    page.value("document.querySelector('details').open = true")
    if dialog:
        page.click("tr[data-name=capstone] th")

    found = page.value(CONTRASTS)

    assert len(found) > 100
    assert [pair for pair in found if pair[0] < AA] == []


def test_dark_is_dark(opened: Open) -> None:
    grounds = [
        opened(prefers_color_scheme=scheme).value("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]

    assert grounds == ["rgb(245, 246, 248)", "rgb(16, 19, 24)"]


@pytest.mark.parametrize("how", [{}, {"forced_colors": "active"}], ids=["grey", "forced colours"])
def test_the_states_are_told_apart_without_colour(how: dict[str, str], opened: Open) -> None:
    page = opened(**how)

    drawn = page.value(
        "[...document.querySelectorAll('.legend .state')].map(e => [e.className, e.innerText,"
        "document.querySelector(e.querySelector('use').getAttribute('href')).innerHTML,"
        "getComputedStyle(e.querySelector('svg')).stroke])"
    )

    assert {each[0].split()[1] for each in drawn} == {*STATES}
    for one, other in itertools.combinations(drawn, 2):
        assert one[1] != other[1]
        assert one[2] != other[2]
    assert all(each[3].startswith("rgb") for each in drawn)


def test_the_pictures_of_the_states_differ_in_grey(opened: Open) -> None:
    page = opened()
    page.value("document.documentElement.style.filter = 'grayscale(1)'")

    pictures = [page.picture_of(f".legend .state.{state} svg") for state in STATES]

    assert len(set(pictures)) == len(STATES)


def test_without_scripts_the_matrix_and_all_that_was_found_can_be_read(opened: Open) -> None:
    page = opened(script="off")

    assert len(shown(page)) == 8
    assert page.value("document.getElementById('matrix').getAttribute('role')") is None
    assert page.value("document.querySelector('.filter').offsetHeight") == 0
    page.click("summary")
    assert "libcapstone.dylib is x86_64 only" in text_of(page, "details")


@pytest.mark.parametrize("script", ["on", "off"])
def test_hostile_names_run_nothing_and_move_nothing(script: str, opened: Open) -> None:
    page = opened("hostile", script=script)

    if script == "on":
        page.click("tbody th")
        assert coverages.HOSTILE in text_of(page, "#details-title")
        assert "<img" in text_of(page, "#details-body")
    assert page.value("document.images.length") == 0
    assert "\\u202e" in text_of(page, "tbody")
    assert page.value("document.scripts.length") == 2


def test_a_script_that_someone_adds_does_not_run(pages: dict[str, Path], opened: Open) -> None:
    text = pages["whole"].read_text(encoding="ascii")
    pages["added"] = pages["whole"].with_name("added.html")
    added = '<script>window.ran = true</script><img src="https://example.org/x" onerror="ran = 1">'
    pages["added"].write_text(text.replace("</main>", f"{added}</main>"), encoding="ascii")

    page = opened("added", complains=True)

    assert page.value("window.ran") is None
    assert len(page.complaints) == 3  # the script, the picture, and the handler of its error
    assert page.blocked == ["csp"]


@pytest.mark.parametrize("name", ["whole", "hostile", "wide", "failed"])
def test_the_page_itself_never_scrolls_sideways(name: str, opened: Open) -> None:
    page = opened(name)

    for width in (320, 390, 768, 1280, 1920):
        page.resize(width, 900)
        assert page.value("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_what_was_out_of_sight_is_drawn(width: int, opened: Open) -> None:
    page = opened("wide", width=width)
    heights = "[...document.querySelectorAll('tbody tr')].map(r => Math.round(r.offsetHeight))"
    frames = "(async () => { for (const _ of '12345') await new Promise(requestAnimationFrame) })()"
    before = page.value(heights)

    page.value("document.querySelector('.scroll').scrollTo(0, 9000)")
    page.value(frames)

    assert page.value(heights) == before


def test_the_heads_of_rows_and_columns_stay_in_sight(opened: Open) -> None:
    page = opened("wide", width=800, height=600)
    place = "(b => [b.x, b.y])(document.querySelector('{}').getBoundingClientRect())"
    heads = ("thead th:first-child", "tbody tr:nth-child(40) th", "thead th:nth-child(8)")
    before = [page.value(place.format(head)) for head in heads]

    page.value("document.querySelector('.scroll').scrollTo(300, 800)")

    after = [page.value(place.format(head)) for head in heads]
    assert after[0] == before[0]
    assert after[1][0] == before[1][0]
    assert after[2][1] == before[2][1]


def test_five_hundred_packages_on_twelve_targets_are_quick(opened: Open) -> None:
    page = opened("large")
    timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    type_it = (
        "(s => { const t = performance.now(); s.value = '{}'; s.dispatchEvent(new Event('input'));"
        "document.body.offsetHeight; return performance.now() - t })"
        "(document.getElementById('search'))"
    )

    loaded = page.value(timing)
    narrowed, widened = (page.value(type_it.replace("{}", text)) for text in ("9", ""))

    # A busy machine of two cores takes a tenth of this.
    assert loaded < 15_000
    assert narrowed < 1_500
    assert widened < 3_000


def test_a_print_has_every_row_and_every_detail(opened: Open) -> None:
    page = opened("whole", prefers_color_scheme="dark")
    page.ask("Emulation.setEmulatedMedia", media="print")
    page.value("dispatchEvent(new Event('beforeprint'))")

    assert page.value("getComputedStyle(document.querySelector('.scroll')).overflowY") == "visible"
    assert page.value("document.querySelector('.filter').offsetHeight") == 0
    assert page.value("document.querySelector('details').open") is True
    assert page.value("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_pictures_can_be_kept_to_look_at(opened: Open) -> None:
    folder = os.environ.get("ARCHGUARD_PICTURES")
    if not folder:
        pytest.skip("`ARCHGUARD_PICTURES` names no folder")
    for scheme, width in itertools.product(("light", "dark"), (390, 1280)):
        page = opened(prefers_color_scheme=scheme, width=width)
        picture = page.picture(whole=True)
        Path(folder, f"coverage-{scheme}-{width}.png").write_bytes(picture)
