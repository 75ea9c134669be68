"""Signed addresses of messages, over HTTP and without the libraries of the page."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from chatpaper.domain.clock import SYSTEM_CLOCK
from chatpaper.operations.delivery.mark_links import (
    SECRET_FILE,
    load_secret,
    make_mark_address,
    read_mark,
    read_secret,
)
from chatpaper.storage.papers.marks import Mark
from chatpaper.storage.store import Store
from chatpaper.web.access.middleware import Message, Receive, Scope, Send
from chatpaper.web.signed_marks import SignedMarks
from tests.fakes.loopback import LoopbackServer, Reply, Request
from tests.storage.sample import entry_of

PAPER = "2611.00001"
OTHER = "2611.00002"
FORGED = "0" * 32


class AsgiServer(LoopbackServer):
    """Serves an ASGI application whose answers are whole."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self.app = app

    def is_call(self, request: Request) -> bool:
        return False

    def reply(self, request: Request) -> Reply:
        parts = urlsplit(request.path)
        scope: dict[str, Any] = {
            "type": "http",
            "method": request.method,
            "path": parts.path,
            "query_string": parts.query.encode(),
            "headers": [(name.encode(), each.encode()) for name, each in request.headers.items()],
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        start, body = sent
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        media_type = headers.pop("content-type")
        return Reply(start["status"], body["body"], headers, media_type=media_type)


async def _ask_password(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand for the page, which nobody sees without a password."""
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": b"password"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as opened:
        opened.entries.save("LLM", "recipe", entry_of(PAPER))
        yield opened


@pytest.fixture
def page(store: Store, tmp_path: Path) -> Iterator[str]:
    with AsgiServer(SignedMarks(_ask_password, store, tmp_path, ["ada"], SYSTEM_CLOCK)) as server:
        yield server.url


def address(page: str, folder: Path, kind: Any = "like", paper: str = PAPER, who: str = "") -> str:
    return make_mark_address(page, load_secret(folder), Mark(who, paper, kind))


def test_the_button_of_a_signed_link_marks_the_paper_and_opening_it_does_not(
    page: str, store: Store, tmp_path: Path
) -> None:
    link = address(page, tmp_path, "like", who="ada")
    for method in ("GET", "HEAD", "GET"):
        asked = httpx2.request(method, link, headers={"Accept-Language": "zh"})
        assert asked.status_code == 200
        assert asked.headers["cache-control"] == "no-store"
        assert asked.headers["referrer-policy"] == "same-origin"
    assert '<form method="post"><button>多推荐类似的论文</button></form>' in asked.text
    assert store.marks.of_profile("ada") == (), "scanners of mails open links"
    for _ in range(2):
        assert "Papers like this come first" in httpx2.post(link).text
    assert store.marks.of_profile("ada") == (Mark("ada", PAPER, "like"),)
    assert store.marks.of_profile("") == ()
    httpx2.post(address(page, tmp_path, "hide", who="ada"))
    assert store.marks.of_profile("ada") == (Mark("ada", PAPER, "hide"),)


def test_nothing_but_what_was_signed_is_marked(page: str, store: Store, tmp_path: Path) -> None:
    link = address(page, tmp_path)
    changed = [
        link.replace("kind=like", "kind=hide"),
        link.replace(PAPER, OTHER),
        f"{link}&profile=ada",
        link.replace("kind=like", "kind=love"),
        link.partition("&signature")[0],
        f"{link.partition('signature=')[0]}signature={FORGED}",
        f"{page}/mark",
        address(page, tmp_path, who="nobody"),
        address(page, tmp_path, paper="notes"),
    ]
    for each in changed:
        for method in ("GET", "POST"):
            assert httpx2.request(method, each).status_code == 403, each
    assert httpx2.delete(link).status_code == 405
    assert httpx2.get(f"{page}/marks/like/{PAPER}").status_code == 401, "which signs nothing"
    (tmp_path / SECRET_FILE).unlink()
    assert httpx2.post(link).status_code == 403, "a new secret ends the links of the old one"
    assert store.database.rows("SELECT count(*) FROM marks")[0][0] == 0


def test_the_secret_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    assert read_secret(tmp_path) is None
    secret = load_secret(tmp_path)
    assert (tmp_path / SECRET_FILE).stat().st_mode & 0o777 == 0o600
    assert load_secret(tmp_path) == secret
    (tmp_path / SECRET_FILE).chmod(0o644)
    assert read_secret(tmp_path) == secret
    assert (tmp_path / SECRET_FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / SECRET_FILE).write_bytes(b"")
    assert read_secret(tmp_path) is None, "an empty file is no secret that anybody knows"
    assert load_secret(tmp_path) != secret


def test_ids_and_names_with_signs_of_addresses_come_back(tmp_path: Path) -> None:
    secret = load_secret(tmp_path)
    for mark in (Mark("A & B", "hep-th/9901001", "hide"), Mark("", "a=b&c#d 图", "read")):
        query = urlsplit(make_mark_address("https://a.org/x", secret, mark)).query
        assert read_mark(query, secret) == mark
        assert read_mark(query, bytes(32)) is None
