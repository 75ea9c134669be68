"""How people read the page: on a phone, on a wide screen, and by ear."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from chatpaper.extract.pdf.crops import PIXEL_DENSITY
from tests.sites.installation import node_modules
from tests.web.serving import ServedPage, serving_page
from tests.web.visiting import MARK, PATIENCE_MS, PHONE, Visitor

pytestmark = pytest.mark.web

SUPPORTED = f'{MARK}[href$="#supported"]'
# Whether an element is drawn as it stays: nothing in it moves, and nothing is see-through.
IS_SHOWN = """selector => {
    const element = document.querySelector(selector);
    if (element.getAnimations({subtree: true}).length) return false;
    for (let each = element; each; each = each.parentElement)
        if (getComputedStyle(each).opacity !== "1") return false;
    return true;
}"""


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
    box = sheet.bounding_box()
    assert box
    assert box["y"] > 0
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
    steps = visitor.page.evaluate("history.length")
    for mark in (visitor.page.locator(SUPPORTED).first, visitor.page.locator(SUPPORTED).last):
        address = mark.get_attribute("href")
        assert address is not None
        mark.click()
        visitor.page.wait_for_function(
            "address => document.querySelector('iframe.evidence').contentWindow.location.href"
            ".endsWith(address)",
            arg=address,
        )
        visitor.evidence.locator(".passage img").wait_for()
    # "Back" leads away from the paper, and not to the evidence before.
    assert visitor.page.evaluate("history.length") == steps
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


def test_the_first_view_is_the_last_night_with_links_to_its_papers(
    browser: Any, site: ServedPage
) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(site.url)
    night = page.locator(".night")
    night.get_by_role("heading", name="Diffusion Models").wait_for()
    assert re.search(
        r"\d{4} 年 \d+ 月 \d+ 日（周.）", night.get_by_role("heading").first.inner_text()
    )
    assert "2 篇已发布" in re.sub(r"\s+", " ", night.locator(".counts").inner_text())
    assert night.locator(".found li").count() == 2
    assert all(text.strip() for text in night.locator(".tldr").all_inner_texts())
    night.locator(".found a").first.click()
    page.wait_for_url("**/papers/2611.00001")
    page.locator(MARK).first.wait_for()
    context.close()


def test_a_paper_has_an_address_and_a_title_and_history_leads_to_it(
    browser: Any, site: ServedPage
) -> None:
    visitor = Visitor(browser, site)
    page = visitor.page
    page.goto(f"{site.url}papers/2611.00001v1")
    page.locator(MARK).first.wait_for()
    page.wait_for_url("**/papers/2611.00001")
    assert page.title() == "Step Budgets for Diffusion Models · chatpaper"
    assert not page.locator("input[type=file]").first.is_visible()
    page.reload()
    page.locator(MARK).first.wait_for()
    page.wait_for_url("**/papers/2611.00001")
    page.get_by_role("link", name="Latest papers").click()
    page.locator(".night a").first.wait_for()
    assert page.url == f"{site.url}en/"
    page.go_back()
    page.locator(MARK).first.wait_for()
    page.wait_for_url("**/papers/2611.00001")
    # The same paper in the other language, and from then on everything in it.
    page.locator(".language a").click()
    page.get_by_role("link", name="最新论文").wait_for()
    page.goto(site.url)
    page.locator(".night").get_by_text("篇已发布").wait_for()
    visitor.context.close()


def test_a_paper_that_a_visitor_brought_has_an_address_too(browser: Any, site: ServedPage) -> None:
    visitor = Visitor(browser, site)
    page = visitor.page
    visitor.upload("leaf-shapes.pdf")
    visitor.ask()
    visitor.wait_until_done()
    page.wait_for_url("**/papers/leaf-shapes-*")
    address = page.url
    page.go_back()
    page.locator("input[type=file]").first.wait_for()
    assert page.url == f"{site.url}en/?tab=paper"
    page.go_forward()
    page.get_by_role("link", name="Latest papers").wait_for()
    page.goto(address)
    page.locator(SUPPORTED).first.click()
    visitor.evidence.locator(".passage img").wait_for()
    visitor.context.close()


@pytest.mark.parametrize(
    ("language", "told", "start"),
    [
        ("zh-CN,en;q=0.5", "这里还没有 2401.00001 的总结", "现在就总结"),
        ("en-GB", "There is no summary of 2401.00001 here yet.", "Summarize it now"),
    ],
)
def test_a_paper_that_is_not_here_can_be_asked_for(
    browser: Any, site: ServedPage, language: str, told: str, start: str
) -> None:
    context = browser.new_context(extra_http_headers={"Accept-Language": language})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    answer = page.goto(f"{site.url}papers/2401.00001")
    assert answer is not None
    assert answer.status == 404
    page.get_by_text(told).wait_for()
    page.get_by_role("link", name=start).click()
    page.wait_for_function(
        "[...document.querySelectorAll('input, textarea')].some(e => e.value === '2401.00001')"
    )
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_checked_text_shows_what_the_paper_lacks_and_where_it_has_the_rest(
    browser: Any, site: ServedPage, scheme: Any
) -> None:
    axe = (node_modules("axe") / "axe-core" / "axe.min.js").read_text()
    visitor = Visitor(browser, site, size=PHONE)
    page = visitor.page
    page.emulate_media(color_scheme=scheme)
    page.get_by_role("tab", name="Check").click()
    page.get_by_label("arXiv id or address").last.fill("2611.00001")
    page.get_by_label("Text about the paper").fill("The authors used 40 steps and 987 samples.")
    page.get_by_role("button", name="Check").click()
    missing = page.locator(f'{MARK}[href$="#missing"]')
    missing.wait_for()
    # Gradio fades in what it shows.
    page.wait_for_function(IS_SHOWN, arg=".summary")
    page.evaluate(axe)
    contrast = page.evaluate("axe.run('.summary', {runOnly: ['color-contrast']})")
    assert contrast["violations"] == []
    assert contrast["passes"]
    assert missing.evaluate("mark => getComputedStyle(mark).fontWeight") == "700"
    assert missing.evaluate(
        "mark => getComputedStyle(mark).color === "
        "getComputedStyle(mark.querySelector('.sign')).color"
    )
    missing.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("No passage in the paper says this.").wait_for()
    assert sheet.locator("img").count() == 0
    page.keyboard.press("Escape")
    page.locator(SUPPORTED).first.click()
    sheet.get_by_text("Occurrence 1 of").wait_for()
    first = sheet.locator("blockquote").inner_text()
    sheet.get_by_role("link", name="Next occurrence").click()
    sheet.get_by_text("Occurrence 2 of").wait_for()
    assert sheet.locator("blockquote").inner_text() != first
    visitor.context.close()
