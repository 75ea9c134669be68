"""Take screenshots of each view of the page, wide and narrow, light and dark, in both languages.

`python -m tests.web.screenshots FOLDER`
"""

import argparse
import re
import tempfile
from pathlib import Path

from tests.sites.browser import browsing
from tests.web.serving import serving_page
from tests.web.visiting import DESK, MARK, PHONE, Visitor

_MAX_HEIGHT = 3000
_TEXT = "采样 40 步就够了，而作者用了 987 个样本。网络有 4.1 百万个参数，由 José Núñez 训练。"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    target = parser.parse_args().folder
    target.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving_page(Path(folder)) as site,
        browsing() as browser,
    ):
        for device, size, language in (("desk", DESK, "en"), ("phone", PHONE, "zh")):
            for scheme in ("light", "dark"):
                visitor = Visitor(browser, site, language, size)
                visitor.page.emulate_media(color_scheme=scheme)
                for view in ("start", "paper", "check", "archive"):
                    _go_to(visitor, view)
                    tall = min(
                        visitor.page.evaluate("document.documentElement.scrollHeight"), _MAX_HEIGHT
                    )
                    visitor.page.screenshot(
                        path=target / f"{view}.{device}.{scheme}.png",
                        full_page=True,
                        clip={"x": 0, "y": 0, "width": size["width"], "height": tall},
                    )
                visitor.context.close()


def _await_evidence(visitor: Visitor) -> None:
    """Wait for the evidence; leave the sheet in which a phone shows it."""
    phone = visitor.page.viewport_size == PHONE
    shown = visitor.page.locator("dialog") if phone else visitor.evidence
    shown.locator(".passage img").wait_for()
    if phone:
        visitor.page.keyboard.press("Escape")


def _go_to(visitor: Visitor, view: str) -> None:
    page = visitor.page
    if view == "start":
        page.get_by_role("tab").first.click()
        page.locator(".night").wait_for()
    elif view == "paper":
        page.get_by_role("tab").nth(1).click()
        page.get_by_text(re.compile("^Backend, model|^后端、模型")).click()
        page.get_by_label(re.compile("arXiv")).first.fill("2611.00001")
        page.get_by_role("button", name=re.compile("Summarize|开始总结")).click()
        page.locator(MARK).first.wait_for()
        page.locator(MARK).nth(2).click()
        _await_evidence(visitor)
        page.locator(".figures img").last.scroll_into_view_if_needed()
    elif view == "check":
        page.get_by_role("tab").nth(2).click()
        panel = page.get_by_role("tabpanel")
        panel.get_by_label(re.compile("arXiv")).fill("2611.00001")
        panel.locator("textarea").last.fill(_TEXT)
        panel.get_by_role("button", name=re.compile("Check|开始核对")).click()
        panel.locator(f'{MARK}[href$="#supported"]').first.click()
        _await_evidence(visitor)
    elif view == "archive":
        page.get_by_role("tab").nth(3).click()
        page.locator(".found:visible li").first.wait_for()
        page.get_by_label(re.compile("Search in titles|搜索标题")).fill("训练")
        page.get_by_label(re.compile("Search in titles|搜索标题")).press("Enter")
        page.locator(".found mark").first.wait_for()
    page.wait_for_timeout(700)


if __name__ == "__main__":
    main()
