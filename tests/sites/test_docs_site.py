"""The site of the docs is built without a warning, and can be read on a desk and on a phone."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.sites.browser import browsing, serving
from tests.sites.visiting import DESK, PHONE

pytestmark = pytest.mark.sites

_BUILD_TIMEOUT_SECONDS = 120
PAGES = ("", "tutorial/", "howto/blog/", "reference/commands/", "measured/", "zh/", "zh/tutorial/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=REPOSITORY,
        env=os.environ | {"NO_COLOR": "1", "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=_BUILD_TIMEOUT_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serving(site) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as opened:
        yield opened


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_are_shown_whole_and_load_nothing_from_elsewhere(
    browser: Any, address: str, screen: Any
) -> None:
    page = browser.new_page(viewport=screen)
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    for path in PAGES:
        page.goto(f"{address}/{path}", wait_until="networkidle")
        assert page.locator("article h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], path
    page.close()
    foreign = [url for url in asked if not url.startswith((address, "data:"))]
    assert foreign == []
    assert failed == []


def test_each_language_leads_to_the_other(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{address}/howto/lab/")
    page.get_by_role("link", name="简体中文").first.click()
    page.wait_for_url(f"{address}/zh/howto/lab/")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    page.get_by_role("link", name="English").first.click()
    page.wait_for_url(f"{address}/howto/lab/")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.close()


def test_links_out_of_the_docs_lead_to_the_repository(site: Path) -> None:
    pages = {path: path.read_text("utf-8") for path in site.rglob("*.html")}
    assert len(pages) > 25
    found = {
        link
        for text in pages.values()
        for link in re.findall(
            r'href="https://github\.com/chatpaper/chatpaper/(\w+/main/[^"#]+)', text
        )
    }
    assert found
    for link in found:
        kind, _, path = link.split("/", 2)
        target = REPOSITORY / path
        assert target.is_dir() if kind == "tree" else target.is_file(), link
