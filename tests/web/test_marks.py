"""Links of messages to like and hide papers, served by the real command."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from chatpaper.web.translations import load_translations
from tests.web.serving import ServedPage, serving_page
from tests.web.visiting import PHONE

pytestmark = pytest.mark.web

PAPER = "2611.00001"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    with serving_page(tmp_path_factory.mktemp("site")) as served:
        yield served


def test_a_link_asks_first_and_its_button_marks_the_paper(site: ServedPage) -> None:
    address = f"{site.url}marks/like/{PAPER}"
    asked = httpx2.get(address, headers={"Accept-Language": "zh"})
    assert "Step Budgets for Diffusion Models" in asked.text
    assert "多推荐类似的论文" in asked.text
    assert site.terminal.run("like").out == "", "a mail program that opens links marks nothing"
    assert "Papers like this come first" in httpx2.post(address).text
    assert site.terminal.run("like").out.startswith(PAPER)
    assert "not offered again" in httpx2.post(f"{site.url}marks/hide/{PAPER}").text
    assert site.terminal.run("like").out == "", "what is hidden is no longer liked"


@pytest.mark.parametrize(
    "path", ["marks/love/2611.00001", "marks/like/nothing", f"marks/like/{PAPER}?profile=nobody"]
)
def test_other_addresses_lead_nowhere(site: ServedPage, path: str) -> None:
    assert httpx2.get(site.url + path).status_code == 404
    assert httpx2.post(site.url + path).status_code == 404


def test_a_page_of_another_site_cannot_mark(site: ServedPage) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    assert httpx2.post(f"{site.url}marks/read/{PAPER}", headers=foreign).status_code == 403
    assert site.terminal.run("read").out == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_buttons_of_the_page_mark_a_paper(
    browser: Any, site: ServedPage, language: str
) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        words = load_translations(language)
        page.goto(f"{site.url}{language}/")
        paper = page.locator(".found li", has_text=PAPER)
        paper.get_by_role("button", name=words["mark_read"]).click()
        page.get_by_text(words["mark_read_done"]).wait_for()
        assert site.terminal.run("read").out.startswith(PAPER)
        assert site.terminal.run("read", PAPER, "--undo").exit_code == 0
        page.goto(f"{site.url}papers/{PAPER}")
        page.locator(".opened").get_by_role("button", name=words["mark_read"]).click()
        page.get_by_text(words["mark_read_done"]).wait_for()
        page.get_by_role("link", name=words["back"]).click()
        page.locator(".found").first.wait_for()
        assert site.terminal.run("read", PAPER, "--undo").exit_code == 0
