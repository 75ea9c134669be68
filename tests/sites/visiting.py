"""A page of a built site as the browser shows it, and what went on while it was shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.sites.building import SiteKind
from tests.write.pages import Element, Token

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

_READ = Path(__file__).with_name("reading.js").read_text("utf-8")
# Scripts of payloads call alert(); a page that has run one says so here.
_SENTINEL = (
    "window.alert = number => { window.ranScripts = [...(window.ranScripts || []), number] }"
)
DESK: "ViewportSize" = {"width": 1280, "height": 900}
PHONE: "ViewportSize" = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Seen:
    """What was seen of a page, as reading.js reports it.

    `contents` are the entries of its table of contents.
    """

    status: int
    tokens: tuple[Token, ...]
    contents: tuple[str, ...]
    page: Any
    scripts_run: tuple[object, ...]
    foreign_requests: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(token for token in self.tokens if isinstance(token, str))

    @property
    def elements(self) -> tuple[Element, ...]:
        return tuple(token for token in self.tokens if isinstance(token, Element))


class Visitor:
    """Opens pages of one site in one tab."""

    def __init__(self, page: "Page", address: str, kind: SiteKind) -> None:
        self.page, self._address, self._kind = page, address, kind
        self._requests: list[str] = []
        self._failed: list[str] = []
        page.add_init_script(_SENTINEL)
        page.on("request", lambda request: self._requests.append(request.url))
        page.on(
            "response",
            lambda answer: self._failed.append(answer.url) if answer.status >= 400 else None,
        )

    def visit(self, path: str) -> Seen:
        """Open a page, and all its details blocks with a click on each summary, and read it."""
        self._requests.clear()
        self._failed.clear()
        answer = self.page.goto(f"{self._address}/{path}", wait_until="load")
        assert answer is not None
        self.open_details()
        read = self.page.evaluate(_READ, self._kind.article)
        return Seen(
            answer.status,
            tuple(map(_token, read["tokens"])),
            tuple(
                self.page.locator(
                    f"{self._kind.contents} {self._kind.contents_entry}"
                ).all_text_contents()
            ),
            read,
            tuple(self.page.evaluate("window.ranScripts || []")),
            tuple(
                url for url in self._requests if not url.startswith((f"{self._address}/", "data:"))
            ),
            tuple(self._failed),
        )

    def open_details(self) -> None:
        """Click every summary, and wait for the images behind it."""
        article = self._kind.article
        self.page.eval_on_selector_all(
            f"{article} details > summary", "all => all.forEach(each => each.click())"
        )
        self.page.eval_on_selector_all(
            f"{article} img",
            # A page loads the images that are far from what it shows when a reader comes near.
            "images => Promise.all(images.map(image => { image.loading = 'eager'; "
            "return image.decode().catch(() => null) }))",
        )


def _token(read: Any) -> Token:
    if isinstance(read, str):
        return read
    return Element(read["tag"], tuple((name, value) for name, value in read["attributes"]))


@contextmanager
def visiting(
    browser: "Browser", address: str, kind: SiteKind, size: Any = DESK
) -> "Iterator[Visitor]":
    """Provide a visitor with a tab of their own."""
    page = browser.new_page(viewport=size)
    try:
        yield Visitor(page, address, kind)
    finally:
        page.close()
