"""The page as its visitors use it: a real browser and the real server.

Other servers play arXiv and Gemini.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.gemini import VALID_KEY, overloaded
from tests.sites.installation import node_modules
from tests.web.serving import ServedPage, restarted, serving_page
from tests.web.visiting import DESK, MARK, PHONE, Visitor

pytestmark = pytest.mark.web

# The colours of the marked passage and of the value in it, as extract/picture.py has them.
MARKED = ((0xFF, 0xF3, 0xA0), (0xFF, 0xC2, 0x4D))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    with serving_page(tmp_path_factory.mktemp("page")) as served:
        yield served


@pytest.fixture
def visitor(browser: Any, site: ServedPage) -> Iterator[Visitor]:
    come = Visitor(browser, site)
    yield come
    come.context.close()


def test_an_upload_becomes_a_summary_whose_marks_open_the_marked_page(
    visitor: Visitor, site: ServedPage
) -> None:
    visitor.upload("leaf-shapes.pdf")
    visitor.ask()
    visitor.page.locator("p[role=status]:not(.said)").first.wait_for(timeout=5000)
    visitor.wait_until_done()
    marks = visitor.page.locator(MARK)
    supported = visitor.page.locator(f'{MARK}[href$="#supported"]').first
    assert marks.count() > 3
    supported.click()
    visitor.evidence.locator(".passage img").wait_for()
    assert re.search(r"Page \d+, .+", visitor.evidence.locator("#place").inner_text())
    address = visitor.evidence.locator(".passage img").evaluate("image => image.currentSrc")
    assert _marked_pixels(visitor.context.request.get(address).body()) > 500
    # Figures with their captions, what was read, and what it took.
    visitor.page.get_by_text("Figures and tables").first.wait_for()
    assert visitor.page.locator(".figures img").count() >= 1
    assert visitor.page.get_by_text("tokens in").count() == 1
    with visitor.page.expect_download() as download:
        visitor.page.locator("a.download").click()
    names = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())).namelist()
    assert any(name.endswith(".md") for name in names)
    assert any(name.endswith(".json") for name in names)
    assert any(name.endswith(".png") for name in names)
    _assert_nothing_escapes(visitor)


def test_the_next_occurrence_is_another_place(visitor: Visitor) -> None:
    # The frame of another tab, which cannot be seen, is not the one in which evidence appears.
    visitor.ask("2611.00001")
    visitor.wait_until_done()
    visitor.page.get_by_role("tab", name="Check").click()
    panel = visitor.page.get_by_role("tabpanel").filter(
        has=visitor.page.get_by_label("Text about the paper")
    )
    panel.get_by_label("arXiv id or address").fill("2611.00001")
    panel.get_by_label("Text about the paper").fill("采样 40 步就够了，而作者用了 987 个样本。")
    panel.get_by_role("button", name="Check").click()
    panel.locator(f'{MARK}[href$="#missing"]').wait_for()
    panel.locator(f'{MARK}[href$="#supported"]').first.click()
    frame = panel.frame_locator("iframe")
    frame.locator("#next").wait_for()
    first = frame.locator("blockquote").inner_text()
    assert "40" in first
    frame.locator("#next").click()
    frame.get_by_text("Occurrence 2 of").wait_for()
    assert frame.locator("blockquote").inner_text() != first


def test_a_paper_of_a_night_is_there_at_once_and_costs_nothing(
    visitor: Visitor, site: ServedPage
) -> None:
    calls = len(site.gemini.calls)
    visitor.page.get_by_text("Backend, model, language, formats").click()
    visitor.ask("https://arxiv.org/abs/2611.00001")
    visitor.wait_until_done()
    assert len(site.gemini.calls) == calls


def test_hostile_titles_show_as_text(visitor: Visitor) -> None:
    visitor.ask("2611.00002")
    visitor.wait_until_done()
    assert "onerror=alert(1)" in visitor.page.locator(".summary").first.inner_text()
    assert visitor.page.evaluate("window.ran") is None
    assert visitor.page.locator('a[href^="javascript"], .summary script').count() == 0


def test_a_page_that_is_loaded_again_goes_on_where_it_was(
    visitor: Visitor, site: ServedPage
) -> None:
    site.gemini.seconds = 2.0
    try:
        visitor.ask("2611.00005")
        visitor.page.get_by_text("Asking the model").wait_for()
        visitor.page.wait_for_function("Object.keys(localStorage).length > 0")
        visitor.page.reload()
        visitor.wait_until_done()
    finally:
        site.gemini.seconds = 0.0
    assert "Relaxation of Rings" in visitor.page.locator(".summary").first.inner_text()


def test_a_dead_model_fails_one_visitor_and_no_other(
    browser: Any, site: ServedPage, visitor: Visitor
) -> None:
    site.gemini.fault = overloaded()
    other = Visitor(browser, site)
    try:
        visitor.upload("laptop-report.pdf")
        visitor.ask()
        other.ask("2611.00001")
        visitor.page.get_by_role("alert").wait_for()
        other.wait_until_done()
    finally:
        site.gemini.fault = None
        other.context.close()
    assert "provider is not answering" in visitor.page.get_by_role("alert").inner_text()
    visitor.ask()
    visitor.wait_until_done()
    _assert_nothing_escapes(visitor)


def test_who_waits_sees_the_queue_and_who_cancels_holds_up_nobody(
    browser: Any, site: ServedPage
) -> None:
    names = (
        "cell-segmentation.pdf",
        "rubbing-restoration.pdf",
        "spatial-audit.pdf",
        "planted-images.pdf",
    )
    visitors = [Visitor(browser, site) for _ in names]
    site.gemini.seconds = 3.0
    try:
        for each, name in zip(visitors, names, strict=True):
            each.upload(name)
        for each in visitors[:2]:
            each.ask()
            each.page.get_by_text("Asking the model").wait_for()
        visitors[2].ask()
        visitors[2].page.get_by_text("You are next.").wait_for()
        visitors[3].ask()
        visitors[3].page.get_by_text("Papers ahead of yours: 1. Waiting in all: 2.").wait_for()
        visitors[2].page.get_by_role("button", name="Cancel").click()
        visitors[2].page.get_by_text("Cancelled.").wait_for()
        asked_before = len(site.gemini.calls)
        visitors[1].page.get_by_role("button", name="Cancel").click()
        visitors[1].page.get_by_text(re.compile("Cancelling|Cancelled")).wait_for()
        visitors[0].wait_until_done()
        visitors[1].page.get_by_text(re.compile("Cancelled|Done")).wait_for()
        visitors[3].wait_until_done()
        assert len(site.gemini.calls) == asked_before + 1, (
            "only for the one that waited and was not cancelled"
        )
    finally:
        site.gemini.seconds = 0.0
    visitors[2].ask()
    visitors[2].wait_until_done()
    for each in visitors:
        each.context.close()


def test_two_visitors_at_once_get_their_own_papers(browser: Any, site: ServedPage) -> None:
    visitors = [Visitor(browser, site), Visitor(browser, site, size=PHONE)]
    for each, name in zip(visitors, ("herbarium-dust.pdf", "cell-segmentation.pdf"), strict=True):
        each.upload(name)
        each.ask()
    texts = []
    for each in visitors:
        each.wait_until_done()
        texts.append(each.page.locator(".summary").first.inner_text())
        each.context.close()
    assert "Dust" in texts[0]
    assert "Dust" not in texts[1]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("page.pdf", b"<html>not a paper</html>", "not a PDF"),
        ("broken.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, "cannot be read"),
        (
            "../../etc/passwd\r\n.pdf",
            b"%PDF-1.4 1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>",
            "cannot be read",
        ),
    ],
)
def test_hostile_files_are_refused(visitor: Visitor, name: str, content: bytes, told: str) -> None:
    file: Any = {"name": name, "mimeType": "application/pdf", "buffer": content}
    visitor.page.locator("input[type=file]").first.set_input_files(file)
    visitor.page.get_by_text("The file was not accepted.").wait_for()
    assert told in visitor.page.locator(".said").first.inner_text()


@pytest.mark.parametrize(
    "named",
    ["/etc/passwd", "../state/chatpaper.db", "http://127.0.0.1:1/x.pdf", "file:///etc/passwd"],
)
def test_paths_and_addresses_of_this_machine_are_refused(visitor: Visitor, named: str) -> None:
    visitor.ask(named)
    visitor.page.get_by_role("alert").filter(has_text="is not an arXiv id").wait_for()
    _assert_nothing_escapes(visitor)


@pytest.mark.parametrize("tab", [0, 1, 2, 3])
def test_nothing_is_wider_than_a_phone(browser: Any, site: ServedPage, tab: int) -> None:
    visitor = Visitor(browser, site, size=PHONE)
    visitor.page.get_by_role("tab").nth(tab).click()
    visitor.page.wait_for_timeout(300)
    width = visitor.page.evaluate(
        "Math.max(...[...document.querySelectorAll('.tabitem *')]"
        ".map(e => e.getBoundingClientRect().right))"
    )
    visitor.context.close()
    assert width <= PHONE["width"]


def test_the_archive_finds_part_of_a_chinese_word_and_opens_the_paper(visitor: Visitor) -> None:
    visitor.page.get_by_role("tab", name="Archive").click()
    visitor.page.locator(".found:visible li").first.wait_for()
    search = visitor.page.get_by_label("Search in titles, summaries and takeaways")
    search.fill("没有这样的词")
    search.press("Enter")
    visitor.page.get_by_text("No papers found.").wait_for()
    search.fill("训练")
    search.press("Enter")
    visitor.page.locator(".found mark").first.wait_for()
    assert "训练" in visitor.page.locator(".found mark").first.inner_text()
    visitor.page.locator(".found:visible a").first.click()
    visitor.page.locator(MARK).first.wait_for()


def test_a_typed_key_is_used_and_kept_nowhere(visitor: Visitor, site: ServedPage) -> None:
    secret = "AIza-visitors-own-key-5551"
    visitor.upload("guidance-saturation.pdf")
    visitor.page.get_by_text("Backend, model, language, formats").click()
    visitor.page.get_by_label("API key of your own").fill(secret)
    visitor.ask()
    visitor.page.get_by_role("alert").wait_for()
    assert any(request.headers.get("x-goog-api-key") == secret for request in site.gemini.requests)
    assert not any(secret in body for body in visitor.bodies)
    assert secret not in visitor.page.content()
    for file in site.home.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert secret.encode() not in content, file
            assert VALID_KEY.encode() not in content or file.suffix == ".db-wal", file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_people_without_mouse_or_eyes_can_use_it(
    browser: Any, site: ServedPage, size: Any, scheme: Any
) -> None:
    axe = (node_modules("axe") / "axe-core" / "axe.min.js").read_text()
    visitor = Visitor(browser, site, "zh" if size is PHONE else "en", size)
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.page.get_by_label(re.compile("arXiv")).first.fill("2611.00001")
    visitor.page.get_by_role("button", name=re.compile("Summarize|开始总结")).click()
    visitor.page.locator(MARK).first.wait_for()
    visitor.page.locator(MARK).first.click()
    shown = visitor.page.locator("dialog") if size is PHONE else visitor.evidence
    shown.locator(".passage img").wait_for()
    visitor.page.evaluate(axe)
    serious = _serious_violations(visitor)
    if size is PHONE:
        visitor.page.keyboard.press("Escape")
    for tab in range(4):
        visitor.page.get_by_role("tab").nth(tab).click()
        visitor.page.wait_for_timeout(400)
        serious += _serious_violations(visitor)
    visitor.context.close()
    assert not serious


def test_a_restart_loses_nothing_that_was_paid_for(browser: Any, tmp_path: Path) -> None:
    with serving_page(tmp_path, nights=False) as site:
        visitor = Visitor(browser, site)
        visitor.upload("leaf-shapes.pdf")
        visitor.ask()
        visitor.wait_until_done()
        paid = len(site.gemini.calls)
        site.process.kill()
        site.process.wait()
        with restarted(site) as again:
            later = Visitor(browser, again)
            later.upload("leaf-shapes.pdf")
            later.ask()
            later.wait_until_done()
            assert len(site.gemini.calls) == paid > 0
            later.context.close()
        visitor.context.close()


@pytest.mark.parametrize(
    "environment", [{}, {"CHATPAPER_WEB__PASSWORD": ""}, {"CHATPAPER_WEB__PASSWORD": " \t"}]
)
def test_another_address_is_refused_without_a_guard(
    site: ServedPage, environment: dict[str, str]
) -> None:
    refused = site.terminal.run("web", "--host", "0.0.0.0", "--port", "0", **environment)
    assert refused.exit_code == 2
    assert "web.password" in refused.err


def test_one_page_at_a_time_uses_a_state_folder_and_a_night_does_not_wait(site: ServedPage) -> None:
    assert site.terminal.run("web", "--port", "0").exit_code == 6
    assert site.terminal.run("run", "--topic", "GAN", "--date", "2026-11-23", "-q").exit_code == 0


def _serious_violations(visitor: Visitor) -> list[tuple[str, str, int]]:
    found = visitor.page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        (each["id"], each["nodes"][0]["html"][:200], len(each["nodes"]))
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def _marked_pixels(png: bytes) -> int:
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    return sum(
        count
        for count, colour in image.getcolors(image.width * image.height) or []
        if colour in MARKED
    )


def _assert_nothing_escapes(visitor: Visitor) -> None:
    """Check that no request goes to anybody else, and no path of this machine was sent."""
    home = str(visitor.site.home)
    assert [
        url for url in visitor.requests if not url.startswith((visitor.site.url, "data:", "blob:"))
    ] == []
    assert not any(home in body or "/tmp/" in body for body in visitor.bodies)
