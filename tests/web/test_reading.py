"""How people read the page: on a phone, on a wide screen, and by ear."""

from collections.abc import Iterator
from typing import Any

import pytest

from chatpaper.extract.pdf.crops import PIXEL_DENSITY
from tests.web.serving import ServedPage, serving_page
from tests.web.visiting import MARK, PHONE, Visitor

pytestmark = pytest.mark.web

SUPPORTED = f'{MARK}[href$="#supported"]'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    with serving_page(tmp_path_factory.mktemp("page")) as served:
        yield served


@pytest.fixture(scope="module")
def reader(browser: Any, site: ServedPage) -> Iterator[Visitor]:
    """Return a visitor with a phone who has a paper before them."""
    visitor = Visitor(browser, site, size=PHONE)
    visitor.ask("2611.00001")
    visitor.wait_until_done()
    yield visitor
    visitor.context.close()


def where(visitor: Visitor) -> tuple[float, str]:
    """Return how far the page is scrolled, and the link that has the focus."""
    return (
        visitor.page.evaluate("scrollY"),
        visitor.page.evaluate("document.activeElement.getAttribute('href')"),
    )


@pytest.mark.parametrize("way_back", ["button", "escape", "history", "backdrop"])
def test_on_a_phone_evidence_lies_over_the_text_and_leads_back_to_it(
    reader: Visitor, way_back: str
) -> None:
    page, mark = reader.page, reader.page.locator(SUPPORTED).last
    mark.scroll_into_view_if_needed()
    mark.click()
    sheet = page.get_by_role("dialog", name="Evidence")
    sheet.locator(".passage img").wait_for()
    place = page.evaluate("scrollY")
    number = sheet.locator("#place").inner_text().partition(",")[0]
    assert number.startswith("Page ")
    whole = sheet.get_by_role("link", name=f"View all of {number.lower()}")
    assert reader.context.request.get(whole.evaluate("link => link.href")).ok
    assert sheet.bounding_box()["y"] > 0  # type: ignore[index]
    if way_back == "button":
        sheet.get_by_role("button", name="Back to the text").click()
    elif way_back == "escape":
        page.keyboard.press("Escape")
    elif way_back == "history":
        page.go_back()
    else:
        page.mouse.click(PHONE["width"] / 2, 10)
    sheet.wait_for(state="hidden")
    page.wait_for_function("!history.state?.sheet")
    assert where(reader) == (place, mark.get_attribute("href"))


def test_the_passage_is_legible_on_a_phone(reader: Visitor) -> None:
    page = reader.page
    page.locator(SUPPORTED).last.click()
    image = page.locator("dialog .passage img")
    image.wait_for()
    page.wait_for_function("document.querySelector('dialog .passage img')?.naturalWidth > 0")
    # As rendered, letters have their legible size at `PIXEL_DENSITY`; nothing shrinks them.
    shown = image.evaluate(
        "image => fetch(image.currentSrc).then(reply => reply.blob()).then(createImageBitmap)"
        ".then(bitmap => image.getBoundingClientRect().width / bitmap.width)"
    )
    assert shown * PIXEL_DENSITY >= 0.999
    assert image.evaluate("image => image.getBoundingClientRect().height") < PHONE["height"] / 2
    page.keyboard.press("Escape")


def test_forward_opens_the_sheet_again(reader: Visitor) -> None:
    page, sheet = reader.page, reader.page.get_by_role("dialog")
    page.locator(SUPPORTED).last.click()
    sheet.locator(".passage img").wait_for()
    page.go_back()
    sheet.wait_for(state="hidden")
    page.go_forward()
    sheet.locator(".passage img").wait_for()
    page.go_back()
    sheet.wait_for(state="hidden")


def test_on_a_wide_screen_evidence_is_in_view_beside_the_text(
    browser: Any, site: ServedPage
) -> None:
    visitor = Visitor(browser, site)
    visitor.ask("2611.00001")
    visitor.wait_until_done()
    visitor.page.locator(SUPPORTED).last.click()
    visitor.evidence.locator(".passage img").wait_for()
    seen = visitor.page.locator("iframe.evidence").evaluate(
        "frame => frame.getBoundingClientRect().top >= 0 && "
        "frame.getBoundingClientRect().top < innerHeight / 3"
    )
    assert seen
    assert visitor.evidence.locator("img.page").is_visible()
    assert visitor.page.get_by_role("dialog").count() == 0
    visitor.context.close()


def test_what_a_mark_means_is_heard_and_only_doubt_is_loud(reader: Visitor) -> None:
    page = reader.page
    assert page.get_by_role("link", name="(Supported by the paper)").count() == (
        page.locator(SUPPORTED).count()
    )
    style = page.locator(SUPPORTED).first.evaluate(
        "mark => [getComputedStyle(mark).fontWeight, getComputedStyle(mark).backgroundColor]"
    )
    assert style == ["400", "rgba(0, 0, 0, 0)"]
