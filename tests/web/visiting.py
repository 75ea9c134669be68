"""Visitors of the page, each with a browser of their own."""

from typing import TYPE_CHECKING, Any

from tests.conftest import LIBRARY
from tests.web.serving import ServedPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE_MS = 60_000
MARK = '.summary a[href*="/evidence/"]'


class Visitor:
    """A visitor with a browser, which records requests, and scripts that should not run."""

    def __init__(
        self, browser: "Browser", site: ServedPage, language: str = "en", size: Any = DESK
    ) -> None:
        self.context = browser.new_context(viewport=size, locale="en-GB")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.add_init_script("window.alert = n => { window.ran = [...(window.ran || []), n] }")
        self.requests: list[str] = []
        self.bodies: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", self._note)
        self.site = site
        self.page.goto(f"{site.url}{language}/?tab=paper")
        self.page.locator("input[type=file]").first.wait_for()

    def _note(self, response: Any) -> None:
        if "/assets/" in response.url or "/static/" in response.url:
            return
        if any(kind in response.headers.get("content-type", "") for kind in ("json", "html")):
            try:
                self.bodies.append(response.text())
            except Exception:
                return  # gone with the page that it was for

    def upload(self, name: str) -> None:
        self.page.locator("input[type=file]").first.set_input_files(LIBRARY / name)
        self.page.get_by_text("Uploaded:").first.wait_for()

    def ask(self, reference: str = "") -> None:
        if reference:
            self.page.get_by_label("arXiv id or address").first.fill(reference)
        self.page.get_by_role("button", name="Summarize").click()

    def wait_until_done(self) -> None:
        self.page.get_by_text("Done.", exact=True).wait_for()
        self.page.locator(MARK).first.wait_for()

    @property
    def evidence(self) -> Any:
        return self.page.frame_locator("iframe.evidence:visible")
