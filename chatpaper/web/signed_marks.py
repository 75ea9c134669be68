"""The signed addresses of messages: what they let a reader do needs no password.

Mail programs and scanners open links to look at them: a GET changes nothing, and shows a button
that sends a POST.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.operations.delivery.mark_links import MARK_PATH, read_mark, read_secret
from chatpaper.storage.papers.marks import Mark
from chatpaper.storage.store import Store
from chatpaper.web.access.middleware import SAFE_HEADERS, App, Receive, Scope, Send
from chatpaper.web.translations import Translations, choose_language, load_translations
from chatpaper.web.viewer.addresses import find_arxiv_id
from chatpaper.web.viewer.error_view import render_error
from chatpaper.web.viewer.mark_view import render_mark

_METHODS = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    page: str


class SignedMarks:
    """An ASGI application that answers signed addresses, and passes on all others.

    `nightly` has the marks, `state_dir` the secret that signs, and `profiles` are the readers
    besides the one without a name.
    """

    def __init__(
        self,
        app: App,
        nightly: Store,
        state_dir: Path,
        profiles: Collection[str] = (),
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._app = app
        self._nightly = nightly
        self._state_dir = state_dir
        self._profiles = profiles
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a signed address, or pass the request on."""
        if scope["type"] != "http" or scope["path"] != MARK_PATH:
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
        language = choose_language(
            headers.get("accept-language", b"").decode("latin-1"),
            headers.get("cookie", b"").decode("latin-1"),
        )
        method, query = str(scope["method"]), bytes(scope["query_string"]).decode("latin-1")
        answer = await asyncio.to_thread(self._answer, method, query, load_translations(language))
        sent = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-language", language.encode()),
            (b"cache-control", b"no-store"),
            *SAFE_HEADERS,
        ]
        if answer.status == 405:
            sent.append((b"allow", ", ".join(_METHODS).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": sent})
        body = b"" if method == "HEAD" else answer.page.encode()
        await send({"type": "http.response.body", "body": body})

    def _answer(self, method: str, query: str, words: Translations) -> _Answer:
        mark = read_mark(query, read_secret(self._state_dir))
        if method not in _METHODS:
            return _refuse(405, words["bad_request"], words)
        name = self._find_name(mark) if mark is not None else None
        if mark is None or name is None:
            return _refuse(403, words["mark_refused"], words)
        if method == "POST":
            self._nightly.marks.set([mark], self._clock.now())
        return _Answer(200, render_mark(mark.kind, name, words, is_done=method == "POST"))

    def _find_name(self, mark: Mark) -> str | None:
        """Return what the paper is called; None where paper or reader is no longer there."""
        if mark.profile and mark.profile not in self._profiles:
            return None
        entries = self._nightly.entries.of_paper(mark.arxiv_id)
        return entries[0].entry.paper.title if entries else find_arxiv_id(mark.arxiv_id)


def _refuse(status: int, text: str, words: Translations) -> _Answer:
    return _Answer(status, render_error(text, words))
